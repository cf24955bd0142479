"""A sheet for a second reader: what is ticked and no more, to whom has the secret, for as long as it stands."""

import logging
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from diary import reporting
from diary.actions import flags, intakes, links, messages, notes
from diary.models import Entry, Event, Flag, Intake, Link, TreatmentSession
from diary.models.links import PARTS
from diary.periods import Period
from diary.permissions import shown_to
from diary.wording import RED_FLAG
from tests.views.test_today import text

DAY = timedelta(days=1)
WORD = re.compile(r"zq\w+qz")
SIGN = str(RED_FLAG["infection"])


@pytest.fixture(autouse=True)
def _today_is_now(monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def diary(ana, paula, treat, log, now):
    """A diary with a word of its own in each text, inside and before the ten days that are shared."""
    intakes.save(by=ana, now=now - 60 * DAY, medicines="zqintakeqz", allergies="zqintakeqz", usual_pain=3)
    for ago, where in ((40, "before"), (4, "within")):
        treat(ana, by=paula, ago=ago * DAY, pain_before=5, pain_after=4, note="zqsessionqz", response="zqsessionqz")
        for day in (1, 3):
            signs = ["infection"] if day == 3 else []
            at = {"ago": (ago - day) * DAY}
            log(
                ana,
                8 if where == "before" else 6,
                soreness=0 if where == "before" else 6,
                note=f"zqnote{where}qz",
                red_flags=signs,
                **at,
            )
    messages.send(by=ana, now=now, to=paula, id=uuid4(), body="zqmessageqz")
    notes.write(by=paula, now=now, patient=ana, id=uuid4(), body="zqpracticeqz")
    for flag in Flag.objects.filter(patient=ana):
        flags.handle(by=paula, now=now, flag=flag, outcome="not_a_concern", note="zqstepqz")
    return ana


@pytest.fixture
def link_to(diary, now):
    """Return a function that makes a link to parts of the diary, of its last ten days, and returns its secret."""

    def made(*parts):
        first_day = (now - 9 * DAY).date()
        return links.make(by=diary, now=now, reader="Dr Weber", parts={*parts}, first_day=first_day).token

    return made


def opened(token, client=None):
    return (client or Client()).post("/shared/", {"key": token})


def answers(now, *parts, **other):
    days = {"first_day": (now - 9 * DAY).date(), "last_day": "", "until": (now + 5 * DAY).date()}
    return {"reader": "Dr Weber"} | days | dict.fromkeys(parts, "on") | other


# The patient


def test_show_is_found_from_the_list_for_as_long_as_the_link_opens_something(signed_in, ana, now):
    about = {"by": ana, "parts": {"scores"}, "first_day": now.date()}
    links.make(**about, now=now - 30 * DAY, expires_at=now + 30 * DAY, reader="The GP")
    for number in range(25):
        links.make(**about, now=now - 20 * DAY, reader=f"Reader {number}")  # they worked for two weeks
    said = text(signed_in(ana).get("/shares/"))
    assert "The GP" in said
    assert said.count("Reader ") == 20


def test_add_shows_the_address_once_and_what_it_shows(signed_in, diary, now):
    client = signed_in(diary)
    to = client.post("/links/add/", answers(now, "scores", "notes"))["Location"]
    first = client.get(to).content.decode()
    (token,) = re.findall(r"/shared/([\w-]{43})/", first)
    assert "data:image/svg+xml;base64," in first
    assert "zqnotewithinqz" in first
    again = client.get(to)
    assert token not in again.content.decode()
    assert "no-store" in again["Cache-Control"]
    assert opened(token).status_code == 200
    assert "Opened once" in text(client.get(to))
    assert "Dr Weber opened your diary by their link" in text(client.get("/shares/"))


def test_add_offers_neither_notes_nor_signs_nor_background_unless_ticked(signed_in, diary):
    form = signed_in(diary).get("/links/add/").context["form"]
    assert {part for part in PARTS if form[part].value()} == {"scores", "sessions", "flags"}
    assert form["until"].value() - form.today == 14 * DAY


WRONG = [
    ({"reader": " "}, "Say for whom the link is."),
    ({"scores": ""}, "Tick at least one part"),
    ({"until": "2026-06-08"}, "within 90 days"),
    ({"until": "2026-03-09"}, "within 90 days"),
    ({"until": ""}, "Choose a last day."),
    ({"first_day": "2026-03-11"}, "from the year 2000 up to today"),
    ({"first_day": "1999-12-31"}, "from the year 2000 up to today"),
    ({"first_day": "31 June"}, "There is no such date."),
    ({"last_day": "2026-02-01"}, "not before the first"),
    ({"last_day": "9999-12-31"}, "from the year 2000 up to today"),
]


def test_add_keeps_what_was_typed_and_says_what_is_wrong(signed_in, ana, now):
    client = signed_in(ana)
    for wrong, said in WRONG:
        typed = answers(now, "scores") | {"reader": "Dr <Weber>"} | wrong
        answer = client.post("/links/add/", {name: value for name, value in typed.items() if value != ""})
        assert said in text(answer)
        assert wrong.get("reader") or "Dr &lt;Weber&gt;" in answer.content.decode()
    assert not Link.objects.exists()


def test_add_for_the_longest_time_works_until_the_end_of_that_day_as_it_says(signed_in, diary, now):
    address = signed_in(diary).post("/links/add/", answers(now, "scores", until=(now + 89 * DAY).date()))["Location"]
    assert "It works until the end of 7 June 2026." in text(signed_in(diary).get(address))
    assert Link.objects.get().expires_at == datetime(2026, 6, 7, 23, tzinfo=UTC)  # midnight in Lisbon


def test_show_of_an_ended_link_shows_nothing_of_the_diary(signed_in, diary, link_to, now):
    link_to("notes")
    client, link = signed_in(diary), Link.objects.get()
    assert client.post(f"/links/{link.pk}/revoke/")["Location"] == "/shares/"
    said = client.get(f"/links/{link.pk}/")
    assert "This link has ended" in text(said)
    assert not WORD.search(said.content.decode())


def test_revoke_closes_it_for_who_has_read_it(signed_in, diary, link_to):
    token, reader = link_to("scores"), Client()
    assert opened(token, reader).status_code == 200
    signed_in(diary).post(f"/links/{Link.objects.get().pk}/revoke/")
    assert opened(token, reader).status_code == 404


# Whoever has the address


def test_offer_opens_nothing_and_says_nothing_of_anybody(link_to):
    token = link_to(*PARTS)
    good, other = (Client().get(f"/shared/{key}/").content.decode() for key in (token, "x" * 43))
    masked = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    assert masked.sub("", good).replace(token, "") == masked.sub("", other).replace("x" * 43, "")
    assert "Ana" not in good
    assert not Event.objects.filter(verb="link-opened").exists()


def test_offer_lets_no_other_page_know_the_address(link_to):
    token = link_to("scores")
    for answer in (Client().get(f"/shared/{token}/"), opened(token), opened("x")):
        assert answer["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
    assert token not in str(opened(token).content)


def test_read_asks_for_the_token_of_the_form_before_it(link_to):
    client, token = Client(enforce_csrf_checks=True), link_to("scores")
    page = client.get(f"/shared/{token}/").content.decode()
    assert opened(token, client).status_code == 403
    sent = {"key": token, "csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="(\w+)"', page).group(1)}
    assert client.post("/shared/", sent).status_code == 200
    secure = {"secure": True, "HTTP_ORIGIN": "https://testserver"}  # what a browser says of a page of this policy
    assert client.post("/shared/", sent, **secure).status_code == 200


def test_read_answers_whatever_opens_nothing_with_the_same_bytes(link_to, diary, signed_in, now, caplog):
    caplog.set_level(logging.INFO)
    ended, old, live = link_to("notes"), link_to("notes"), link_to("notes")
    links.revoke(by=diary, now=now, link=Link.objects.get(token_digest=links.digest(ended)))
    Link.objects.filter(token_digest=links.digest(old)).update(made_at=now - 20 * DAY, expires_at=now - DAY)
    said = [opened(key) for key in (ended, old, "x" * 43, "", "\0", "é" * 10_000)] + [Client().get("/shared/")]
    assert {(answer.status_code, answer.content) for answer in said} == {(404, said[0].content)}
    assert opened(live).status_code == 200
    assert not any(token in caplog.text for token in (ended, old, live))


@pytest.mark.asvs("V2.4.1")
def test_read_is_limited(link_to):
    token = link_to("scores")
    said = [opened("x").status_code for _ in range(60)]
    assert set(said) == {404}
    assert opened(token).status_code == 429


# What stands on it

HEARD = {
    "scores": set(),
    "sessions": set(),
    "flags": set(),
    "signs": {SIGN},
    "notes": {"zqnotewithinqz"},
    "intake": {"zqintakeqz"},
}
"""The words that ticking a part lets through; all others never."""


def heard(answer):
    assert answer.status_code == 200
    body = answer.content.decode()
    return {*WORD.findall(body)} | ({SIGN} if SIGN in body else set())


def never(diary, answer):
    return [word for word in (diary.email, "settle.example", "zqpracticeqz", "zqmessageqz", "zqsessionqz", "zqstepqz")
            if word in answer.content.decode()]  # fmt: skip


def test_read_holds_what_is_ticked_and_nothing_else(link_to, diary):
    for part in PARTS:
        answer = opened(link_to(part))
        assert heard(answer) == HEARD[part]
        assert never(diary, answer) == []
        assert "The patient left out" in text(answer)


def test_read_without_scores_says_nothing_of_what_followed_a_session(link_to):
    told = text(opened(link_to("sessions")))
    assert "Pain before" in told
    for said in ("Highest after", "Usual", "soreness was not answered", "settled after"):
        assert said not in told
    assert "Highest after" in text(opened(link_to("sessions", "scores")))


def test_read_of_everything_holds_every_part_and_still_nobodys_address(link_to, diary, figure):
    answer = opened(link_to(*PARTS))
    told = heard(answer)
    assert told == set().union(*HEARD.values())
    assert never(diary, answer) == []
    figure("words that reached a second reader unticked", 0, f"{len(PARTS)} parts, {len(told)} words when ticked")
    counted, began = "counted from the first of these days", "Flags that began before these days are not on this sheet."
    for said in ("Paula Pinho", "has not settled", "Pain was 6", "Dr Weber", counted, began):
        assert said in text(answer)
    assert "left out" not in text(answer)


def test_read_is_the_same_bytes_whatever_stands_in_the_rest_of_the_diary(link_to, now):
    """Neither what lies before the first day nor what is not ticked can be told from the answer."""
    assert [part for part in PARTS if tells_of_the_rest(part, link_to, now)] == []


def tells_of_the_rest(part, link_to, now):
    """Tell whether a sheet with one part changes with what is not on it; the diary is left as it was."""
    token = link_to(part)
    before = opened(token).content
    with transaction.atomic():
        change_all_but(part, now - 9 * DAY)
        after = opened(token).content
        transaction.set_rollback(True)
    return before != after


def change_all_but(part, first):
    """Change the diary behind the back of the rules: before the first day all of it, since then what is not ticked."""
    Flag.objects.filter(fired_at__lt=first).delete()
    Entry.objects.filter(observed_at__lt=first).delete()
    entries, flags_ = Entry.objects.all(), Flag.objects.all()
    if part != "scores":
        entries.update(pain=1, soreness=0)
    if part != "notes":
        entries.update(note="")
        if part != "scores":
            entries.update(observed_at=first)
    if part != "sessions":
        TreatmentSession.objects.update(pain_before=1, pain_after=1)
    if part not in ("flags", "signs"):
        flags_.update(level=1, evidence=[])
    if part != "signs":
        Flag.objects.filter(rule="red-flag").update(code="numb_groin", withdrawn_at=first)
    if part != "intake":
        Intake.objects.update(usual_pain=9, medicines="", conditions=["pregnancy"])


def test_control_an_open_gate_is_heard(link_to, monkeypatch, now):
    monkeypatch.setattr(reporting, "shown_by", lambda link, now: shown_to(link.patient, link.patient, now))
    monkeypatch.setattr(reporting, "own_period", lambda *days: Period("all", None))
    monkeypatch.setattr(Link, "parts", {*PARTS})
    for part in PARTS:
        assert "zqnotebeforeqz" in heard(opened(link_to(part)))
        assert tells_of_the_rest(part, link_to, now)
