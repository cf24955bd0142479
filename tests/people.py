"""The people of the tests, made as the product makes them: invited, accepted, verified, shared with.

`ana` keeps a diary and shares it with `paula`, her practitioner; `ben` is another patient, `remy` a verified
practitioner with whom nobody shares; `other` reads Ana's diary beside Paula, `former` once did, `newcomer` is not
verified yet; `admin` runs the accounts.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from config import staff
from diary.actions import accounts, entries, hours, sessions, shares
from diary.hours import Opening
from diary.models import Practice, User

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PASSWORD = "a long enough sentence"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ADDRESSES = count(1)
OFFICE = tuple(Opening(day, 9 * 60, 17 * 60) for day in range(5))  # all practitioners read on working days


@pytest.fixture
def now():
    """The moment at which the tests stand."""
    return NOW


def with_second_step(person):
    """Give a person of the staff the second step that is asked of them, as the page that sets it up does."""
    TOTP.activate(person, SECRET)
    return person


def first_admin():
    return with_second_step(User.objects.create_superuser("admin@settle.example", PASSWORD, name="Adele Admin"))


def first_practice():
    return Practice.objects.create(name="Harbour Acupuncture", same_day_number="+351 210 000 000")


def joining(admin, practice):
    """Return a function that brings a person in by invitation."""

    def joined(name, role, *, by=None, time_zone="UTC", at=NOW - timedelta(days=90)):
        email = f"{name.split()[0].lower()}{next(ADDRESSES)}@settle.example"
        invited = accounts.invite(by=by or admin, now=at, email=email, role=role, name=name, practice=practice)
        person = accounts.accept(
            now=at, invitation=invited.invitation, name=name, password=PASSWORD, time_zone=time_zone
        )
        if role == "practitioner":
            hours.save(by=person, now=at, practitioner=person, zone=time_zone, openings=OFFICE)
        return person if person.is_patient else with_second_step(person)

    return joined


def verifying(admin):
    """Return a function that verifies a practitioner as an admin does."""

    def verified(practitioner, *, expires_on=date(2030, 1, 1), at=NOW - timedelta(days=89)):
        accounts.verify(
            by=admin,
            now=at,
            practitioner=practitioner.practitioner,
            board="NCCAOM",
            number="12345",
            expires_on=expires_on,
            evidence="register",
        )
        return practitioner

    return verified


def first_practitioner(join, verify):
    return verify(join("Paula Pinho", "practitioner"))


def first_patient(join, paula):
    return join("Ana Alves", "patient", by=paula, time_zone="Europe/Lisbon", at=NOW - timedelta(days=80))


def ana_and_before():
    """Make Ana and who has to be there before her; return them by the names of their fixtures."""
    admin, practice = first_admin(), first_practice()
    join = joining(admin, practice)
    paula = first_practitioner(join, verifying(admin))
    return {"admin": admin, "practice": practice, "paula": paula, "ana": first_patient(join, paula)}


def everybody():
    """Make all the people; return them by the names of their fixtures."""
    made = ana_and_before()
    join, verify = joining(made["admin"], made["practice"]), verifying(made["admin"])
    made |= {"ben": join("Ben Braun", "patient"), "remy": verify(join("Remy Roche", "practitioner"))}
    former = no_longer_reading(verify(join("Fay Former", "practitioner")), made["ana"])
    return made | {"former": former, "newcomer": join("Nia Newcomer", "practitioner")}


@pytest.fixture
def admin(beginning):
    return beginning.get("admin") or first_admin()


@pytest.fixture
def practice(beginning):
    return beginning.get("practice") or first_practice()


@pytest.fixture
def join(admin, practice):
    """Return a function that brings a person in by invitation."""
    return joining(admin, practice)


@pytest.fixture
def verify(admin):
    """Return a function that verifies a practitioner as an admin does."""
    return verifying(admin)


@pytest.fixture
def paula(beginning, join, verify):
    return beginning.get("paula") or first_practitioner(join, verify)


@pytest.fixture
def ana(first_ana, beginning, join, paula):
    return beginning.get("ana") or first_patient(join, paula)


@pytest.fixture
def remy(beginning, join, verify):
    return beginning.get("remy") or verify(join("Remy Roche", "practitioner"))


@pytest.fixture
def newcomer(beginning, join):
    return beginning.get("newcomer") or join("Nia Newcomer", "practitioner")


@pytest.fixture
def ben(beginning, join):
    return beginning.get("ben") or join("Ben Braun", "patient")


@pytest.fixture
def former(beginning, join, verify, ana):
    return beginning.get("former") or no_longer_reading(verify(join("Fay Former", "practitioner")), ana)


def no_longer_reading(person, ana):
    """Let a practitioner have read Ana's diary for a month."""
    share = shares.grant(by=ana, now=NOW - timedelta(days=60), code=person.practitioner.spoken_code)
    shares.revoke(by=ana, now=NOW - timedelta(days=30), share=share)
    return person


@pytest.fixture
def other(join, verify, ana):
    """A colleague of Paula's who reads Ana's diary."""
    person = verify(join("Olga Other", "practitioner"))
    shares.grant(by=ana, now=NOW, code=person.practitioner.spoken_code)
    return person


@pytest.fixture
def log():
    """Return a function that logs an entry, `ago` before now unless another moment is said."""
    return logged


def logged(patient, pain, *, ago=timedelta(0), now=NOW, id=None, **answers):
    answers = {"observed_at": now - ago, "zone": patient.time_zone} | answers
    return entries.log(by=patient, now=now, id=id or uuid4(), pain=pain, **answers)


@pytest.fixture
def treat():
    """Return a function that records a session which ended `ago` before now."""
    return treated


def treated(patient, *, by=None, ago=timedelta(0), now=NOW, **answers):
    said = {"id": uuid4(), "ended_at": now - ago, "zone": patient.time_zone} | answers
    return sessions.record(by=by or patient, now=now, patient=patient, **said)


@pytest.fixture
def signed_in(client):
    """Return a function that gives a test client signed in as a person."""

    def signed(person):
        client.force_login(person)
        if not person.is_patient:  # as the sign-in page leaves it
            session = client.session
            staff.begin(session, timezone.now())
            session[staff.SECOND_STEP] = True
            session.save()
        return client

    return signed
