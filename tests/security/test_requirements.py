"""Requirements of ASVS that are shown by asking once, where no other test shows them."""

import logging
import re
import time
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.signing import Signer
from django.test import RequestFactory
from django.urls import reverse

from config import serving, staff
from config.accounts import DEVICE, devices
from config.logs import Impersonal
from diary import typed
from diary.actions import signins
from diary.forms.imports import FileForm
from diary.importing import document, table
from diary.importing.wrongs import Unreadable
from diary.models import Entry, User
from diary.notices.patients import OFF_SALT
from diary.programs import answers
from tests.security import standard
from tests.security.test_sessions import open_for

pytestmark = pytest.mark.django_db


# What the page of security says


@pytest.mark.asvs("V6.1.1", "V7.1.1")
def test_the_limits_are_those_that_the_page_names():
    page, rate = standard.PAGE.read_text(encoding="utf-8"), settings.ACCOUNT_RATE_LIMITS
    pause, hour = signins.PAUSE // timedelta(minutes=1), timedelta(hours=1)
    said = [
        f"{signins.A_DAY} a day, {signins.A_PAUSE} in {pause} minutes | account, in the database",
        f"{signins.A_DAY_FROM_A_KNOWN_DEVICE} a day | account and device",
        f"{settings.PASSWORD_RESET_TIMEOUT // 3600} hour, once",
        f"{settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT // 60} minutes | the session",
        f"staff {staff.IDLE // timedelta(minutes=1)} minutes without use and {staff.LONGEST // hour} hours in all",
        f"patients {settings.SESSION_COOKIE_AGE // (24 * 3600)} days",
    ]
    assert [sentence for sentence in said if sentence not in page] == []
    assert {name: rate[name] for name in NAMED} == NAMED
    limits = [number for limit in NAMED.values() for number in re.findall(r"^\d+|(?<=,)\d+", limit)]
    assert [number for number in limits if f" {number} " not in page] == []


NAMED = {
    "sign_in": "10/m/ip",
    "login_failed": "5/5m/key,20/d/key",
    "spoken_code": "20/h/ip",
    "shared_link": "60/h/ip",
    "export": "30/h/user",
    "import": "30/h/user",
    "program": "120/m/key",
    "program_refused": "60/m/ip",
}


# What is typed


def typed_entry(now, **said):
    return {"id": str(uuid4()), "when": "now", "zone": "UTC", "pain": "3"} | said


@pytest.mark.asvs("V1.1.1")
@pytest.mark.parametrize("note", ["%3Cb%3E", "%253Cb%253E", "&lt;b&gt;", "\\u003cb\\u003e", "a+b%20c"])
def test_what_was_typed_is_decoded_once(signed_in, ana, now, note):
    signed_in(ana).post(reverse("entries-add"), typed_entry(now, note=note))
    assert Entry.objects.get().note == note


@pytest.mark.asvs("V15.3.7")
def test_what_an_address_says_does_not_answer_a_form(signed_in, ana, now):
    client = signed_in(ana)
    client.post(f"{reverse('entries-add')}?pain=9&note=x", typed_entry(now))
    assert (Entry.objects.get().pain, Entry.objects.get().note) == (3, "")
    client.post(reverse("entries-add"), typed_entry(now, pain=["1", "7"]))
    assert Entry.objects.latest("recorded_at").pain == 7


@pytest.mark.asvs("V1.3.10")
def test_a_name_is_no_format(signed_in, ana, paula, log):
    name = "%(who)s %s {0.__class__} {name} %%"
    User.objects.filter(pk=paula.pk).update(name=name)
    log(ana, 3)
    signed_in(paula).get(reverse("patients-show", args=[ana.pk]))
    page = signed_in(ana).get(reverse("shares-list")).content.decode()
    assert page.count(name) >= 2


# Sessions


@pytest.mark.asvs("V7.2.1", "V7.2.2")
def test_a_session_is_a_row_and_an_id_that_was_made_up_opens_nothing(client, ana):
    client.force_login(ana)
    assert open_for(client, "/today/")
    Session.objects.all().delete()
    assert not open_for(client, "/today/")
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert not open_for(client, "/today/")


@pytest.mark.asvs("V7.2.3")
def test_the_id_of_a_session_is_random():
    keys = {SessionStore()._get_new_session_key() for _ in range(200)}
    assert len(keys) == 200
    assert all(re.fullmatch(r"[0-9a-z]{32}", key) for key in keys)  # 36 ** 32 is more than 2 ** 160


@pytest.mark.asvs("V7.6.2")
def test_looking_signs_nobody_in(client, hall):
    before = set(Session.objects.values_list("pk", flat=True))
    pages = ["/", "/rules/", "/join/", "/offline/", "/api/", "/gone/", "/accounts/login/"]
    pages += [reverse(name, args=[hall.things[thing].pk]) for name, thing in SECRETS.items()]
    for page in pages:
        client.get(page)
        assert "_auth_user_id" not in client.session
    later = Session.objects.exclude(pk__in=before)
    assert not [row for row in later if "_auth_user_id" in row.get_decoded()]


SECRETS = {"calendar-show": "calendar", "reminders-stop": "reminders"}


# What a browser keeps


def kept(answer):
    return answer.get("Cache-Control", ""), answer.get("Clear-Site-Data", "")


def test_what_is_seen_while_signed_in_is_not_kept_but_for_the_log_form(client, ana):
    assert kept(client.get("/rules/")) == ("", "")
    client.force_login(ana)
    for page in ("/entries/", "/trends/", "/flags/", "/sessions/", "/rules/", "/accounts/sessions/", "/no-such-page/"):
        assert "no-store" in kept(client.get(page))[0], page
    for page in ("/today/", "/entries/add/"):
        assert set(kept(client.get(page))[0].split(", ")) == {"private", "no-cache"}


def test_whoever_leaves_empties_the_cache(client, ana, paula, signed_in, clock, now):
    client.force_login(ana)
    assert kept(client.post(reverse("account_logout")))[1] == '"cache"'
    assert kept(client.post(reverse("account_logout")))[1] == ""
    client.force_login(ana)
    assert kept(client.post(reverse("leaving-erase"), {"address": ana.email}))[1] == '"cache"'
    rested = signed_in(paula)
    clock.move_to(now + timedelta(minutes=31))
    assert kept(rested.get("/settings/"))[1] == '"cache"'


def test_control_without_the_middleware_copies_stay(client, ana, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != "config.keeping.keeping"]
    client.force_login(ana)
    assert "no-store" not in kept(client.get("/entries/"))[0]
    assert kept(client.post(reverse("account_logout")))[1] == ""


# Seals


def sealed(salt):
    return signing.dumps({"1": "x"}, salt=salt)


@pytest.mark.asvs("V9.1.2", "V9.1.3")
@pytest.mark.parametrize("how", [{"key": "another key"}, {"salt": "another salt"}, {"algorithm": "sha1"}])
def test_a_seal_by_another_key_salt_or_algorithm_opens_nothing(how):
    said = {"salt": OFF_SALT} | how
    Signer(salt=OFF_SALT).unsign(Signer(salt=OFF_SALT).sign("1"))
    with pytest.raises(signing.BadSignature):
        Signer(salt=OFF_SALT).unsign(Signer(**said).sign("1"))


@pytest.mark.asvs("V9.2.2", "V9.2.3", "V9.2.4")
def test_a_seal_of_one_kind_opens_nothing_of_another(rf):
    salts = {DEVICE, typed.SALT, OFF_SALT, f"{answers.CURSOR}/api/v1/entries"}
    assert len(salts) == 4
    for salt in salts:
        request = rf.get("/")
        request.COOKIES[DEVICE] = sealed(salt)
        assert devices(request) == ({"1": "x"} if salt == DEVICE else {})


# Files and logs


@pytest.mark.asvs("V5.2.1", "V5.1.1")
@pytest.mark.parametrize("reader", [document, table])
def test_no_more_of_a_file_is_read_than_the_page_of_formats_says(reader, now, monkeypatch, ana):
    page = (settings.BASE_DIR / "docs" / "formats.md").read_text()
    assert f"up to {reader.BYTES // 1_000_000} MB" in page
    monkeypatch.setattr(reader, "BYTES", 10)
    form = FileForm({"kind": "csv", "pasted": "x" * 5000})
    assert form.is_valid()
    assert len(form.content(reader.BYTES)) == 11
    read = partial(document.read, now=now) if reader is document else table.opened
    with pytest.raises(Unreadable, match=r"large|big|MB"):
        read(form.content(reader.BYTES))


@pytest.mark.asvs("V5.2.2", "V5.4.1")
@pytest.mark.parametrize("name", ["../../etc/passwd", "x.exe", "x.php\r\nA: b", "…/ü.json"])
def test_the_name_of_a_file_counts_for_nothing(signed_in, ana, name):
    from django.core.files.uploadedfile import SimpleUploadedFile

    said = {"kind": "csv", "file": SimpleUploadedFile("x.csv", b"date,pain\n2026-02-01,4\n")}
    said["file"].name = name
    answer = signed_in(ana).post(reverse("imports-add"), said)
    assert answer.status_code == 302
    said = {"kind": "json", "file": SimpleUploadedFile("x.json", b"date,pain\n2026-02-01,4\n", "application/json")}
    assert signed_in(ana).post(reverse("imports-add"), said).status_code == 200


@pytest.mark.asvs("V5.4.2")
@pytest.mark.parametrize("form", ["json", "html", "csv", "fhir"])
def test_the_name_of_a_file_that_is_given_out_is_ours(signed_in, ana, form):
    User.objects.filter(pk=ana.pk).update(name='"; filename="x.exe')
    answer = signed_in(ana).post(reverse("exports-take"), {"form": form})
    assert re.fullmatch(
        r'attachment; filename="settle-\d{4}-\d\d-\d\d\.(?:fhir\.)?[a-z]{3,4}"', answer["Content-Disposition"]
    )


@pytest.mark.asvs("V13.4.3")
@pytest.mark.parametrize("folder", ["/static/", "/static/js/", "/static/built/", "/static/../config/", "/static/.git/"])
def test_no_folder_is_listed(client, folder):
    assert client.get(folder).status_code == 404


@pytest.mark.asvs("V16.2.2")
def test_a_log_line_says_the_time_in_utc_wherever_the_machine_stands(monkeypatch):
    record = logging.LogRecord("x", logging.INFO, "", 0, "said", (), None)
    record.created, record.msecs = 1_772_100_000.25, 250
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        line = Impersonal("%(asctime)s %(message)s").format(record)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert line == "2026-02-26T10:00:00.250Z said"


@pytest.mark.asvs("V16.2.3")
def test_logs_go_to_standard_error_and_nowhere_else():
    for said in (settings.LOGGING, serving.logconfig_dict):
        assert {one["class"] for one in said["handlers"].values()} == {"logging.StreamHandler"}
        assert {one["formatter"] for one in said["handlers"].values()} == {"impersonal"}
    assert serving.logconfig_dict["loggers"]["gunicorn.access"]["handlers"] == []


@pytest.mark.asvs("V16.4.1")
def test_nobody_writes_a_line_of_their_own_into_the_log():
    request = RequestFactory().get("/x%0aCRITICAL%20forged/")
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (request.path,), None)
    record.request, record.status_code = request, 404
    assert "\n" not in Impersonal("%(message)s").format(record)
    assert "forged" not in Impersonal("%(message)s").format(record)
