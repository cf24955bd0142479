"""For programs: one's own diary, with a token and never a cookie."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from diary import urls
from diary.actions import entries, tokens
from diary.clinical.assess import assess
from diary.clinical.document import read
from diary.models import Token
from diary.programs.answers import MOST
from diary.programs.description import OPENAPI
from tests.programs import ROOT, held_against
from tests.world import CANARY

DAY = timedelta(days=1)


@pytest.fixture
def own(token, ana):
    return token(ana, "own")


def test_show_is_for_people_who_write_programs(client, db):
    page = client.get("/api/").content.decode()
    assert "Authorization: Bearer" in page
    assert "/api/v1/patients/{id}/entries" in page


def test_openapi_is_a_description_of_every_address(client, db):
    said = client.get("/api/v1/openapi.json").json()
    assert said == json.loads(json.dumps(OPENAPI))
    for schema in said["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    asked = {one["operationId"] for path in said["paths"].values() for one in path.values()}
    served = {pattern.name for pattern in urls.urlpatterns if str(pattern.pattern).startswith("api/v1/")}
    assert asked == served - {"api-openapi"}


def test_me_says_what_a_token_is_for(ask, own):
    said = ask(own, "/me").json()
    assert (said["role"], said["scope"], said["token"]) == ("patient", "own", "laptop")
    assert Token.objects.get().last_used_at


def test_diary_is_what_assess_reads(ask, own, world):
    said = ask(own, "/diary").json()
    diary, now = read(said, None, clock=int(timezone.now().timestamp()))
    assert "red-flag" in {finding.rule for finding in assess(diary, now).findings}


def test_entries_say_what_was_said_with_its_clock(ask, own, ana, log, now):
    entry = log(ana, 4, soreness=0, stiffness=2, note="as said", ago=DAY, offset_minutes=60).entry
    gone = log(ana, 9).entry
    entries.withdraw(by=ana, now=now, entry=gone)
    (said,) = ask(own, "/entries").json()["data"]
    assert (said["id"], said["pain"], said["soreness"], said["note"]) == (str(entry.pk), 4, 0, "as said")
    assert (said["reactions"]["stiffness"], said["reactions"]["fatigue"]) == ("moderate", None)
    assert said["observed_at"] == "2026-03-09T13:00:00+01:00"


def test_entries_come_page_by_page_each_once(ask, own, ana, log):
    made = [
        str(log(ana, pain, ago=timedelta(hours=hours)).entry.pk) for hours, pain in ((3, 1), (2, 2), (2, 3), (1, 4))
    ]
    found, path = [], "/entries?limit=1"
    for _ in made:
        page = ask(own, path).json()
        found += [entry["id"] for entry in page["data"]]
        path = page["next"] and page["next"].partition(ROOT)[2]
    assert path is None
    assert (len(found), set(found)) == (4, set(made))


def test_entries_of_a_span_come_page_by_page_and_no_others(ask, own, ana, log):
    """From is within, to is not; they go along to the next page, and clocks are compared, not their texts."""
    hours = {hour: str(log(ana, 3, ago=timedelta(hours=hour)).entry.pk) for hour in (4, 3, 2, 1)}
    found, path = [], "/entries?limit=1&from=2026-03-10T10:00:00%2B01:00&to=2026-03-10T11:00:00Z"
    while path:
        page = ask(own, path).json()
        found += [entry["id"] for entry in page["data"]]
        path = page["next"] and page["next"].partition(ROOT)[2]
    assert found == [hours[3], hours[2]]


def test_flags_of_a_span_are_asked_for_by_when_they_were_raised(ask, token, world, ana):
    flags = token(ana, "flags")
    raised = [flag["raised_at"] for flag in ask(flags, "/flags").json()["data"]]
    assert len(ask(flags, f"/flags?from={raised[0]}").json()["data"]) == len(raised)
    assert ask(flags, f"/flags?to={raised[0]}").json()["data"] == []


UNREADABLE = ["limit=0", f"limit={MOST + 1}", "limit=x", "limit=²", "cursor=x", "limit=-1"]
UNREADABLE += ["from=x", "from=2026-03-10", "to=2026-03-10T09:00:00", "from=2026-02-30T09:00:00Z"]
UNREADABLE += ["to=0001-01-01T00:00:00%2B14:00"]  # before time begins


@pytest.mark.parametrize("asked", UNREADABLE)
def test_entries_refuse_what_cannot_be_read(ask, own, asked):
    assert ask(own, f"/entries?{asked}").status_code == 400


def test_entries_take_no_cursor_of_another_list(ask, own, ana, log):
    log(ana, 1)
    log(ana, 2)
    cursor = ask(own, "/entries?limit=1").json()["next"].partition("cursor=")[2]
    assert ask(own, f"/entries?limit=1&cursor={cursor}").status_code == 200
    assert ask(own, f"/sessions?cursor={cursor}").status_code == 400


def test_entries_that_have_not_changed_are_not_sent_again(ask, own, ana, log):
    log(ana, 3)
    tag = ask(own, "/entries")["ETag"]
    assert ask(own, "/entries", HTTP_IF_NONE_MATCH=tag).status_code == 304
    log(ana, 4)
    assert ask(own, "/entries", HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_sessions_name_who_gave_them(ask, own, ana, paula, treat):
    treat(ana, ago=DAY, pain_before=5, pain_after=2, note="n", sites=["lower-left"])
    (said,) = ask(own, "/sessions").json()["data"]
    assert (said["pain_before"], said["pain_after"], said["sites"]) == (5, 2, ["lower-left"])
    assert said["ended_at"] == "2026-03-09T12:00:00+00:00"


def test_flags_are_given_to_a_token_for_flags_only(ask, token, world, ana):
    flags = token(ana, "flags", name="watch face")
    assert {flag["rule"] for flag in ask(flags, "/flags").json()["data"]} == {"red-flag", "lingering-reaction"}
    for path in ("/entries", "/sessions", "/diary"):
        assert ask(flags, path).status_code == 403


def test_flags_of_a_practitioner_are_those_that_wait_and_each_is_a_look(ask, token, world, ana, paula):
    answer = ask(token(paula, "flags"), "/flags")
    assert {flag["patient"] for flag in answer.json()["data"]} == {ana.pk}
    assert CANARY not in answer.content.decode()
    assert looked(ana, paula)


def looked(patient, reader):
    from diary.models import Event

    return Event.objects.about(patient.pk).reads().filter(actor=str(reader.pk)).exists()


# The way in


@pytest.mark.parametrize("said", ["", "Bearer ", "Bearer settle_x", "Basic YTpi", "Bearer a b c", "Bearer \xff"])
def test_me_needs_a_token(client, db, said):
    answer = held_against("get", f"{ROOT}/me", client.get(f"{ROOT}/me", HTTP_AUTHORIZATION=said))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_me_takes_no_cookie_for_a_token(signed_in, ana):
    assert signed_in(ana).get(f"{ROOT}/me").status_code == 401


def test_me_is_over_when_the_token_is(ask, own, token, ana):
    tokens.revoke(by=ana, now=timezone.now(), token=Token.objects.get())
    assert ask(own, "/me").status_code == 401
    short = token(ana, "own", at=timezone.now() - 2 * DAY, lasts=DAY)
    assert ask(short, "/me").status_code == 401


@pytest.mark.asvs("V4.1.2")
def test_me_is_refused_over_plain_http_and_not_sent_on(ask, own, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = ask(own, "/me")
    assert (answer.status_code, "https" in answer.json()["detail"]) == (403, True)
    assert ask(own, "/me", **{"wsgi.url_scheme": "https"}).status_code == 200


@pytest.mark.parametrize("how", ["password", "session_round", "is_active", "role"])
def test_me_is_over_when_its_owners_way_in_changes(ask, own, ana, how):
    new = {"password": "other", "session_round": 7, "is_active": False, "role": "practitioner"}
    type(ana).objects.filter(pk=ana.pk).update(**{how: new[how]})
    assert ask(own, "/me").status_code == 401


def test_me_is_refused_to_staff_without_a_second_step(ask, token, paula, settings):
    secret = token(paula, "shared")
    assert ask(secret, "/me").status_code == 200
    paula.authenticator_set.all().delete()
    assert ask(secret, "/me").status_code == 403


def test_me_is_refused_to_too_many_requests(ask, own, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"program": "2/m/key"}
    assert [ask(own, "/me").status_code for _ in range(3)] == [200, 200, 429]
    assert ask(own, "/me")["Retry-After"] == "60"


def test_me_is_refused_to_who_tries_tokens(ask, db, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"program_refused": "2/m/ip"}
    assert [ask("settle_no", "/me").status_code for _ in range(3)] == [401, 401, 429]


def test_me_takes_another_method_for_none_of_its_own(client, own):
    answer = client.post(f"{ROOT}/me", HTTP_AUTHORIZATION=f"Bearer {own}")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/me", "/entries", "/nowhere"])
def test_missing_and_what_is_only_read_say_so_to_a_program_that_would_write(path, own):
    """As it is served: the check of forms comes first, and answered with a page about a form."""
    answer = Client(enforce_csrf_checks=True).post(f"{ROOT}{path}", HTTP_AUTHORIZATION=f"Bearer {own}")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["detail"] == "Nothing can be changed here: use GET."


def test_missing_is_said_as_a_problem(client, db):
    answer = client.get("/api/v2/me")
    assert (answer.status_code, answer.json()["title"]) == (404, "Not found")
