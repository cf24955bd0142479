"""Making the demo practice: everybody comes in as people do, then lives through their half-year."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from diary.actions import accounts, diaries, hours, signins, tallies
from diary.demo.courses import steps_of
from diary.demo.past import DONE, NEW
from diary.demo.people import (
    ADMIN,
    DOMAIN,
    GRETA,
    IMOGEN,
    PRACTICE,
    PRACTITIONERS,
    READING_HOURS,
    ROSA,
    TOMAS,
    Account,
    password,
)
from diary.demo.quiet import QUIET
from diary.demo.steps import Staff
from diary.demo.waiting import NOTICED, WAITING
from diary.models import Notification, Practice, ReminderPlan, User

PATIENTS = WAITING + NOTICED + DONE + NEW + QUIET
OPENED = timedelta(weeks=30)
"""Before the demo's end, the practice began."""
LASTS = {GRETA.name: timedelta(days=-9), TOMAS.name: timedelta(days=20)}
"""Of credentials that have expired, or soon will; the others last."""
MAY_SIGN_IN = (ROSA, IMOGEN.name, ADMIN.name)
DELIVERED_IN = timedelta(seconds=4)


@transaction.atomic  # one: half a demo is never left behind, and no entry waits for the disk
def make(now: datetime, made: Callable[[int], None] = lambda count: None) -> None:
    """Make the demo practice as it stands at `now`; `made` is told how many of PATIENTS are done."""
    admin = engaged_admin(now - OPENED)
    practice = Practice.objects.create(**PRACTICE)
    staff = {account.name: joined(account, now - OPENED, admin, practice) for account in PRACTITIONERS}
    verify(staff, admin, now)
    say_hours(staff, now)
    for count, patient in enumerate(PATIENTS, 1):
        user = joined(patient, now - patient.joined, staff[patient.reader])
        for step in steps_of(patient, now):
            step.do(user, staff)
        tallies.count_again(user.pk)
        made(count)
    diaries.reassess_due(now=now)
    lock(PATIENTS[-1], now)
    settle_outbox()
    invite(staff[IMOGEN.name], admin, practice, now)
    plan_a_week_away(staff, now)


def engaged_admin(at: datetime) -> User:
    """Make the first admin as `createsuperuser` does: there is nobody yet to invite one."""
    return User.objects.create_superuser(
        ADMIN.email, password(ADMIN.email), name=ADMIN.name, time_zone=ADMIN.time_zone, date_joined=at
    )


def joined(account: Account, at: datetime, by: User, practice: Practice | None = None) -> User:
    """Bring a person in by invitation; only who is offered for signing in has a password."""
    invited = accounts.invite(
        by=by,
        now=at - timedelta(minutes=30),
        email=account.email,
        role=account.role,
        name=account.name,
        practice=practice,
    )
    return accounts.accept(
        now=at,
        invitation=invited.invitation,
        name=account.name,
        password=password(account.email) if account.name in MAY_SIGN_IN else None,
        time_zone=account.time_zone,
        language=account.language,
    )


def verify(staff: Staff, admin: User, now: datetime) -> None:
    """Verify the practitioners on the practice's first day; Greta's credential has expired since."""
    for number, (name, user) in enumerate(staff.items(), 41):
        lasts = LASTS.get(name, timedelta(days=500))
        accounts.verify(
            by=admin,
            now=now - OPENED,
            practitioner=user.practitioner,
            board="British Acupuncture Council",
            number=f"DEMO-{number}",
            expires_on=(now + lasts).date(),
            evidence="public register (made up)",
        )


def say_hours(staff: Staff, now: datetime) -> None:
    """Let everybody say when they read, on the practice's first day: a diary is shared with nobody who has not."""
    for name, user in staff.items():
        hours.save(by=user, now=now - OPENED, practitioner=user, zone=PRACTICE["time_zone"], **READING_HOURS[name])


def plan_a_week_away(staff: Staff, now: datetime) -> None:
    """Let Imogen be away in two weeks, with Tomás in her place."""
    first_day = now.date() + timedelta(days=14 - now.weekday())
    hours.go_away(
        by=staff[IMOGEN.name],
        now=now - timedelta(days=1),
        practitioner=staff[IMOGEN.name],
        first_day=first_day,
        last_day=first_day + timedelta(days=4),
        covered_by=staff[TOMAS.name],
    )


def lock(account: Account, now: datetime) -> None:
    """Let somebody have guessed at a patient's password this morning, until the account was locked."""
    for number in range(signins.A_DAY):
        signins.count_try(now=now - timedelta(minutes=90 - 2 * number), email=account.email)


def settle_outbox() -> None:
    """Note the story's own messages as sent in their time: nobody has those mailboxes."""
    told = Notification.objects.filter(recipient__email__endswith=f"@{DOMAIN}", sent_at=None)
    told.update(sent_at=F("created_at") + DELIVERED_IN, attempts=1)
    ReminderPlan.objects.filter(patient__email__endswith=f"@{DOMAIN}").update(look_at=None)


def invite(practitioner: User, admin: User, practice: Practice, now: datetime) -> None:
    """Leave invitations in each state: waiting, expired, revoked."""
    days = timedelta(days=1)
    for name, ago in (("jamie.stone", 2 * days), ("ellen.park", 40 * days)):
        accounts.invite(by=practitioner, now=now - ago, email=f"{name}@{DOMAIN}", role="patient")
    accounts.invite(by=admin, now=now - 5 * days, email=f"noor.aziz@{DOMAIN}", role="practitioner", practice=practice)
    mistaken = accounts.invite(by=practitioner, now=now - 3 * days, email=f"jamie.stome@{DOMAIN}", role="patient")
    accounts.revoke_invitation(by=practitioner, now=now - 2 * days, invitation=mistaken.invitation)
