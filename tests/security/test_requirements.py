"""Requirements of ASVS that are shown by asking once, where no other test shows them."""

import logging
import re
import time
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.mfa import app_settings as mfa
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import global_settings, settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.signing import Signer
from django.test import Client, RequestFactory
from django.urls import reverse

from config import passwords, serving, staff
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
from tests.people import PASSWORD
from tests.security import standard
from tests.security.test_sessions import open_for, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(now):
    with time_machine.travel(now, tick=False) as moved:
        yield moved


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


# Passwords


@pytest.mark.asvs("V6.2.6")
@pytest.mark.parametrize("page", ["account_login", "account_change_password", "account_reauthenticate"])
def test_a_password_is_typed_unseen_and_may_be_filled_in(page, client, ana):
    if page != "account_login":
        client.force_login(ana)
    read = client.get(reverse(page)).content.decode()
    fields = re.findall(r"<input[^>]*name=\"\w*password\w*\"[^>]*>", read)
    assert fields
    assert all('type="password"' in field for field in fields)
    assert all(re.search(r"autocomplete=\"(?:current|new)-password\"", field) for field in fields)


@pytest.mark.asvs("V6.2.8", "V6.2.9")
def test_a_password_is_taken_as_it_was_typed_and_may_be_long(client, ana):
    exact = " Ein Satz, mit Größe " + "x" * 200 + " "
    validate_password(exact, ana)
    ana.set_password(exact)
    ana.save()
    for wrong in (exact.strip(), exact.lower(), exact[:-1], exact[:72]):
        client.post(reverse("account_login"), {"login": ana.email, "password": wrong})
        assert not open_for(client, "/today/")
    client.post(reverse("account_login"), {"login": ana.email, "password": exact})
    assert open_for(client, "/today/")


@pytest.mark.asvs("V6.2.10")
def test_a_password_does_not_run_out(client, ana, clock, now):
    clock.move_to(now + timedelta(days=5 * 365))
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    assert open_for(client, "/today/")


@pytest.mark.asvs("V11.4.2")
def test_a_password_is_kept_as_a_slow_hash():
    """The tests' own hasher is quick; what the site uses is Django's first one."""
    assert global_settings.PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
    assert PBKDF2PasswordHasher.iterations >= 600_000
    assert "PASSWORD_HASHERS" not in (settings.BASE_DIR / "config/settings.py").read_text()


@pytest.mark.asvs("V6.3.2")
def test_nobody_is_there_before_somebody_is_made():
    assert not User.objects.exists()


# The second step and codes


@pytest.mark.asvs("V6.5.1")
def test_a_code_of_the_second_step_opens_once(paula, client, clock, now):
    again = Client()
    sign_in(client, paula, now)
    assert open_for(client, "/worklist/")
    sign_in(again, paula, now)
    assert not open_for(again, "/worklist/")
    clock.move_to(now + timedelta(seconds=30))
    sign_in(again, paula, now + timedelta(seconds=30))
    assert open_for(again, "/worklist/")


@pytest.mark.asvs("V6.5.5")
def test_a_code_of_the_second_step_lasts_thirty_seconds(paula, client, clock, now):
    clock.move_to(now + timedelta(seconds=30))
    sign_in(client, paula, now)
    assert not open_for(client, "/worklist/")
    assert (mfa.TOTP_PERIOD, mfa.TOTP_TOLERANCE) == (30, 0)


@pytest.mark.asvs("V6.5.3", "V6.5.4")
def test_codes_and_seeds_are_random_and_long_enough():
    seeds = {generate_totp_secret() for _ in range(200)}
    assert len(seeds) == 200
    assert {len(seed) for seed in seeds} == {32}
    assert len({RecoveryCodes.generate_seed() for _ in range(200)}) == 200
    assert 10**mfa.RECOVERY_CODE_DIGITS > 2**20
    codes = {get_adapter().generate_email_verification_code() for _ in range(200)}
    assert len(codes) == 200
    assert min(len(code.replace("-", "")) for code in codes) >= 6


@pytest.mark.asvs("V6.1.2", "V6.2.11")
@pytest.mark.parametrize("password", ["Acupuncture1!", "back-pain-2026", "SettleDiary99", "Rückenschmerzen1"])
def test_a_password_is_not_made_of_words_that_are_tried_first(password):
    with pytest.raises(ValidationError, match="tried first"):
        validate_password(password)
    validate_password(f"{password} violet")


@pytest.mark.asvs("V6.1.2")
def test_the_words_that_are_tried_first_are_those_of_the_page():
    page = re.split(r"\W+", standard.PAGE.read_text(encoding="utf-8"))
    assert set(passwords.WORDS) <= set(page)


@pytest.mark.asvs("V6.4.3")
def test_a_new_password_by_mail_leaves_the_second_step(paula, client, clock, now, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": paula.email})
    path = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mailoutbox[-1].body)[1]
    form = client.get(path, follow=True).request["PATH_INFO"]
    new = "another long enough sentence"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert not open_for(client, "/worklist/")
    client.post(reverse("account_login"), {"login": paula.email, "password": new})
    assert not open_for(client, "/worklist/")
    assert client.get(reverse("mfa_authenticate")).status_code == 200


def test_a_link_for_a_new_password_ends_within_the_hour(ana, client, clock, now, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": ana.email})
    path = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mailoutbox[-1].body)[1]
    clock.move_to(now + timedelta(minutes=59))
    assert client.get(path).status_code == 302
    clock.move_to(now + timedelta(minutes=61))
    assert Client().get(path).status_code == 200  # the page that says that it does not work


@pytest.fixture
def code_by_mail(client, ana, mailoutbox):
    """Ana asks for another address; return the code that its mailbox gets."""
    client.force_login(ana)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"action_add": "", "email": "new@settle.example"})
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mailoutbox[-1].body, re.MULTILINE)[1]


def confirm(client, code):
    client.post(reverse("account_email_verification_sent"), {"code": code})
    return User.objects.filter(email="new@settle.example").exists()


@pytest.mark.asvs("V6.6.2")
def test_a_code_by_mail_is_good_where_it_was_asked_for_alone(client, ana, code_by_mail):
    other = Client()
    other.force_login(ana)
    assert not confirm(other, code_by_mail)
    assert confirm(client, code_by_mail)


@pytest.mark.asvs("V6.6.3")
def test_a_code_by_mail_may_be_tried_three_times(client, code_by_mail):
    for wrong in ("AAAAAA", "BBBBBB", "CCCCCC"):
        assert not confirm(client, wrong)
    assert not confirm(client, code_by_mail)


@pytest.mark.asvs("V6.5.5")
def test_a_code_by_mail_ends_after_ten_minutes(client, ana, clock, now, mailoutbox, request):
    code = request.getfixturevalue("code_by_mail")
    clock.move_to(now + timedelta(minutes=10, seconds=1))
    assert not confirm(client, code)


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
