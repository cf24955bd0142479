"""The people and diaries that are measured: bulk rows, since what is timed is reading them, not making them."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from allauth.mfa.totp.internal.auth import TOTP

from diary.actions import accounts, hours
from diary.clinical.reported import REPORTS
from diary.hours import Opening
from diary.models import Diary, Entry, Flag, Intake, Level, Practice, Share, Tally, TreatmentSession, User
from diary.models.tallies import side_by_side

PATIENTS, FLAGGED = 1000, 50
SESSIONS, A_MONTH = 100, 4
"""Sessions of each patient whose reactions are counted, and how many of them fall into a month."""
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 (of a made-up person)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MONTH = timedelta(days=31)
YEAR, TEN_YEARS = 365, 3650


def practice(now: datetime) -> list[User]:
    """Make verified practitioners of one practice: one whose diaries are written in, one with a long past, one more."""
    admin = User.objects.create_superuser("admin@bench.example", name="Admin")
    bench = Practice.objects.create(name="Bench")
    return [practitioner(f"{name}@bench.example", admin, bench, now) for name in ("reader", "past", "colleague")]


def practitioner(email: str, admin: User, practice: Practice, now: datetime) -> User:
    """Make a verified practitioner, by an admin's invitation as anybody."""
    invited = accounts.invite(by=admin, now=now, email=email, role="practitioner", practice=practice)
    user = accounts.accept(now=now, invitation=invited.invitation, name="Practitioner", password=uuid4().hex)
    accounts.verify(
        by=admin, now=now, practitioner=user.practitioner, board="bench", number="1", expires_on=date(2999, 1, 1)
    )
    TOTP.activate(user, SECRET)  # or every page would lead to setting up a second step
    openings = [Opening(day, 9 * 60, 17 * 60) for day in range(5)]
    hours.save(by=user, now=now, practitioner=user, zone="UTC", openings=openings)
    return user


def patients(reader: User, count: int, now: datetime) -> list[User]:
    """Make patients who share with this practitioner."""
    users = [User(email=f"{uuid4().hex}@bench.example", name=f"Patient {n}", role="patient") for n in range(count)]
    User.objects.bulk_create(users)
    Diary.objects.bulk_create(Diary(patient=user) for user in users)
    Intake.objects.bulk_create(Intake(patient=user, usual_pain=4) for user in users)
    Share.objects.bulk_create(
        Share(patient=user, practitioner=reader, address=reader.email, granted_at=now - DAY) for user in users
    )
    return users


def keep_diary(patient: User, days: int, now: datetime) -> None:
    """Write a calm entry a day and a session a week, up to yesterday."""
    TreatmentSession.objects.bulk_create(
        TreatmentSession(patient=patient, ended_at=now - day * DAY, recorded_at=now - day * DAY, pain_before=4)
        for day in range(3, days, 7)
    )
    Entry.objects.bulk_create(
        Entry(
            patient=patient,
            observed_at=now - day * DAY + timedelta(hours=5),
            recorded_at=now - day * DAY + timedelta(hours=5),
            pain=3 + day % 3,
            soreness=day % 7 == 2,
            compared="same",
        )
        for day in range(1, days + 1)
    )


def flag(patient: User, level: Level, now: datetime) -> None:
    session = TreatmentSession.objects.filter(patient=patient).latest("ended_at")
    Flag.objects.create(
        patient=patient,
        rule="lingering-reaction",
        symptom="soreness",
        session=session,
        level=level,
        rules_version="1",
        fired_at=now,
        raised_at=now,
    )


def practice_of(reader: User, now: datetime) -> None:
    """Fill the practice: many patients, of whom a few are flagged."""
    for number, patient in enumerate(patients(reader, PATIENTS, now)[:FLAGGED]):
        keep_diary(patient, 30, now - number * MINUTE)  # no two alike
        flag(patient, Level.PRIORITY if number % 5 == 0 else Level.REVIEW, now)


def tally(reader: User, now: datetime) -> None:
    """Count a hundred thousand sessions of the patients of this practitioner, who write nothing more."""
    counts = {f"{symptom}_answered": 3 for symptom in REPORTS} | {"soreness_reported": 1, "sessions": A_MONTH}
    months = [(now - number * MONTH).date().replace(day=1) for number in range(SESSIONS // A_MONTH)]
    first, whole, ever = side_by_side(dict.fromkeys(months, counts))
    people = patients(reader, PATIENTS, now)
    Tally.objects.bulk_create(
        Tally(practitioner=reader, patient=patient, first=first, months=whole, ever=ever) for patient in people
    )
