"""The demo practice: what it holds, that it is the same again, that it goes without a trace.

It is made once for the module, for good, and removed at its end; each test's own writes are rolled back.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from diary.actions import accounts, shares
from diary.demo import making, removing
from diary.demo.people import DOMAIN, GRETA, IMOGEN, ROSA, TOMAS, signins
from diary.demo.quiet import QUIET
from diary.models import (
    Amendment,
    Credential,
    Entry,
    Event,
    Flag,
    Invitation,
    Level,
    Notification,
    Practice,
    Practitioner,
    Share,
    Tally,
    TreatmentSession,
    User,
)
from diary.permissions import is_verified, visible_flags, visible_patients

MADE_AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)

FLAGS = {
    ("Rosa Marin", "lingering-reaction", "review", "closed"),
    ("Rosa Marin", "lingering-reaction", "review", "open"),
    ("Gareth Pugh", "red-flag", "urgent", "open"),
    ("Wanda Kowalska", "severe-pain", "priority", "open"),
    ("Derek Osei", "worsening-course", "priority", "open"),
    ("Nora Feld", "escalating-pain", "review", "open"),
    ("Callum Reid", "sharp-rise", "review", "open"),
    ("Ivor Blake", "marked-bruising", "review", "open"),
    ("Aisling Byrne", "lingering-reaction", "review", "open"),
    ("Yusuf Demir", "lingering-reaction", "review", "open"),
    ("Huang Wei", "severe-pain", "priority", "acknowledged"),
    ("Beatriz Sousa", "lingering-reaction", "review", "open"),
    ("Samir Haddad", "escalating-pain", "priority", "open"),
    ("Kofi Mensah", "lingering-reaction", "notice", "open"),
    ("Elsie Moore", "silence", "notice", "open"),
    ("Dev Patel", "silence", "notice", "open"),
    ("Ruth Adler", "silence", "notice", "open"),
    ("Joan Whitaker", "red-flag", "urgent", "closed"),
    ("Liam Doyle", "red-flag", "urgent", "closed"),
    ("Rowan Price", "red-flag", "urgent", "closed"),
    ("Hannah Vogel", "severe-pain", "priority", "closed"),
    ("Oscar Lindholm", "marked-bruising", "priority", "closed"),
    ("Tessa Grant", "sharp-rise", "review", "acknowledged"),
    ("Marek Novak", "worsening-course", "review", "closed"),
    ("Grace Adeyemi", "escalating-pain", "priority", "closed"),
}
RULES = {"lingering-reaction", "severe-pain", "sharp-rise", "escalating-pain", "worsening-course", "red-flag"}
RULES |= {"marked-bruising", "silence"}
DEMO_ROWS = (Entry, TreatmentSession, Flag, Share, Notification, Invitation, Amendment, Credential, Practitioner)


@pytest.fixture(scope="module")
def _made(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        making.make(MADE_AT)
        yield
        removing.remove()
        connection.close()


@pytest.fixture
def demo(_made, db):
    """The demo practice, as it stood on 10 March 2026 at noon."""


def person(account):
    return User.objects.get(email=account.email)


# Made


def test_every_flag_is_one_that_the_stories_tell(demo):
    rows = Flag.objects.select_related("patient")
    assert Counter((flag.patient.name, flag.rule, flag.get_level_display(), flag.status) for flag in rows) == Counter(
        FLAGS
    )
    assert not Flag.objects.exclude(withdrawn_at=None).exists()


def test_every_rule_and_every_level_is_there(demo):
    assert set(Flag.objects.values_list("rule", flat=True)) == RULES
    assert set(Flag.objects.values_list("level", flat=True)) == set(Level)
    assert set(Flag.objects.values_list("outcome", flat=True)) == {"", *Flag.Outcome}


def test_most_patients_are_silent(demo):
    waiting = Flag.objects.waiting().values("patient").distinct().count()
    assert waiting < 20
    assert not Flag.objects.filter(patient__name__in=[patient.name for patient in QUIET]).exists()


def test_the_worklist_of_the_demo_practitioner_is_worth_a_look(demo):
    waiting = visible_flags(person(IMOGEN), MADE_AT).current().for_practitioners()
    assert 6 <= waiting.count() <= 10
    assert set(waiting.values_list("level", flat=True)) == {Level.REVIEW, Level.PRIORITY, Level.URGENT}


def test_the_demo_patient_has_a_calm_diary_and_one_flag_to_review(demo):
    rosa = User.objects.get(name=ROSA)
    [flag] = Flag.objects.of(rosa).waiting()
    assert (flag.level, flag.resolved_at) == (Level.REVIEW, None)
    pains = list(rosa.entries.order_by("observed_at").values_list("pain", flat=True))
    assert len(pains) >= 40
    assert sum(pains[-10:]) / 10 <= sum(pains[:10]) / 10 - 2
    assert Amendment.objects.filter(patient=rosa).exists()
    assert Event.objects.about(rosa.pk).reads().exists()


def test_forty_patients_with_half_a_year_each(demo):
    patients = User.objects.patients()
    counts = {patient.name: patient.entries.count() for patient in patients}
    assert len(counts) == 40
    long = [who for who in making.PATIENTS if who.joined == timedelta(weeks=26)]
    assert len(long) == 36
    assert all(35 <= counts[who.name] <= 75 for who in long)
    assert counts["Priya Nair"] == 0
    assert counts["Tom Becker"] == 1
    first = Entry.objects.earliest("observed_at").observed_at
    assert timedelta(days=170) < MADE_AT - first < timedelta(weeks=26)
    assert len(set(patients.values_list("time_zone", flat=True))) >= 8
    assert set(patients.values_list("language", flat=True)) == {"en", "de", "es", "zh-hans"}


def test_nothing_lies_ahead_and_nothing_is_recorded_before_it_was(demo):
    for row in Entry.objects.all():
        assert row.observed_at < row.recorded_at <= MADE_AT
    for row in TreatmentSession.objects.all():
        assert row.ended_at < row.recorded_at <= MADE_AT
    for row in Flag.objects.all():
        assert row.fired_at <= row.raised_at <= MADE_AT
    assert Event.objects.latest("at").at <= MADE_AT


def test_three_practitioners_of_whom_one_is_not_verified_any_more(demo):
    staff = {account.name: person(account) for account in (IMOGEN, TOMAS, GRETA)}
    assert User.objects.filter(role="practitioner").count() == 3
    assert [is_verified(staff[account.name], MADE_AT) for account in (IMOGEN, TOMAS, GRETA)] == [True, True, False]
    assert Credential.objects.get(practitioner=staff[GRETA.name].pk).expires_on < MADE_AT.date()
    assert Share.objects.live(MADE_AT).filter(practitioner=staff[GRETA.name]).exists()
    assert not visible_patients(staff[GRETA.name], MADE_AT).exists()
    practice = Practice.objects.get(practitioners=staff[IMOGEN.name].pk)
    assert practice.emergency_number
    assert practice.same_day_number


def test_a_share_taken_back_and_one_that_ends(demo):
    assert Share.objects.exclude(revoked_at=None).count() == 2
    assert Share.objects.filter(expires_at__gt=MADE_AT).count() == 1
    celia = User.objects.get(name="Celia Duarte")
    assert not visible_patients(person(TOMAS), MADE_AT).filter(pk=celia.pk).exists()


def test_invitations_in_every_state(demo):
    states = {invitation.state(MADE_AT) for invitation in Invitation.objects.all()}
    assert states == {"waiting", "expired", "revoked", "accepted"}


def test_nothing_waits_to_be_mailed_to_a_made_up_address(demo):
    assert (
        Notification.objects.filter(sent_at__gt=MADE_AT - timedelta(days=180)).count() == Notification.objects.count()
    )
    assert Notification.objects.exists()


def test_each_role_signs_in_with_the_pair_that_is_offered(demo, client):
    offered = signins()
    assert [who["role"] for who in offered] == ["Patient", "Practitioner", "Admin"]
    for who in offered:
        assert client.login(email=who["email"], password=who["password"])
        assert EmailAddress.objects.get(email=who["email"]).verified
    others = User.objects.exclude(email__in=[who["email"] for who in offered])
    assert not any(user.has_usable_password() for user in others)


@pytest.mark.parametrize("demo_mode", [True, False])
def test_the_login_page_offers_them_in_a_demo_alone(demo, client, settings, demo_mode):
    settings.DEMO = demo_mode
    page = client.get(reverse("account_login")).content.decode()
    assert all((who["email"] in page and who["password"] in page) is demo_mode for who in signins())


def test_one_press_on_the_login_page_signs_in(demo, client, settings):
    settings.DEMO = True
    for who in signins():
        answer = client.post(reverse("account_login"), {"login": who["email"], "password": who["password"]})
        assert answer.status_code == 302
        assert client.session["_auth_user_id"] == str(User.objects.get(email=who["email"]).pk)
        client.logout()


# The command


def test_made_again_it_says_so_and_does_nothing(demo):
    before = Entry.objects.count(), Event.objects.count()
    assert "there already" in run("--now", "2026-04-01T00:00:00Z")
    assert (Entry.objects.count(), Event.objects.count()) == before


def run(*arguments, **streams):
    said = StringIO()
    call_command("demo", *arguments, stdout=said, **({"stderr": StringIO()} | streams))
    return said.getvalue()


# Removed


def test_removed_it_leaves_no_row_of_its_own_and_every_row_of_others(demo, ana, former, log, treat):
    treat(ana, ago=timedelta(days=5))
    log(ana, 8, soreness=8, red_flags=["fever"])
    others = {ana.email, former.email, "paula@", "admin@settle.example"}
    kept = {model: model.objects.count() for model in apps.get_app_config("diary").get_models()}
    theirs = {model: count_of_demo(model) for model in DEMO_ROWS}
    assert all(theirs.values())
    assert "44 people" in run("--remove")
    assert not User.objects.filter(email__endswith=DOMAIN).exists()
    assert not EmailAddress.objects.filter(email__endswith=DOMAIN).exists()
    assert len(others) == User.objects.count()
    for model, count in theirs.items():
        assert model.objects.count() == kept[model] - count, model
    streams = set(Event.objects.values_list("stream", flat=True))
    assert streams <= {str(pk) for pk in User.objects.values_list("pk", flat=True)}
    assert Flag.objects.of(ana).filter(rule="red-flag").exists()
    assert Practice.objects.count() == 1


def count_of_demo(model):
    """Count the rows that hang on a person of the demo, by any of the columns that say whose they are."""
    owner = {Invitation: "invited_by", Notification: "recipient", Credential: "practitioner__user"}
    owner = owner.get(model, "user" if model is Practitioner else "patient")
    return model.objects.filter(**{f"{owner}__email__endswith": f"@{DOMAIN}"}).count()


def test_removed_it_leaves_the_audit_to_be_counted_from_its_first_line(demo, ana, paula, treat):
    call_command("worker", once=True)
    run("--remove")
    treat(ana, by=paula)
    call_command("worker", once=True)
    assert Tally.objects.filter(patient=ana).exists()


def test_removed_twice_it_finds_nobody(demo):
    run("--remove")
    assert "0 people" in run("--remove")


def test_it_stays_where_somebody_else_shares_with_it(demo, ana):
    shares.grant(by=ana, now=MADE_AT, address=IMOGEN.email)
    with pytest.raises(CommandError, match="Nothing was removed"):
        run("--remove")
    assert User.objects.patients().count() == 41


def test_it_stays_where_somebody_else_was_verified_by_it(demo, newcomer):
    admin = User.objects.get(email=signins()[2]["email"])
    accounts.verify(
        by=admin,
        now=MADE_AT,
        practitioner=newcomer.practitioner,
        board="Board",
        number="1",
        expires_on=MADE_AT.date(),
    )
    with pytest.raises(CommandError, match="Nothing was removed"):
        run("--remove")
    assert Entry.objects.exists()
