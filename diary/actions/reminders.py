"""How a patient is reminded, and queueing what is due."""

import hashlib
import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction

from diary.actions import notifications
from diary.actions.audit import record_event
from diary.actions.diaries import hold
from diary.models import ReminderPlan, Subscription, User, course_of
from diary.notices.patients import OFF_SALT
from diary.permissions import can_log, can_unsubscribe, require
from diary.reminding import check_ins, look_again_at

MOST = 100  # a round: what cannot wait comes between rounds
LATER = timedelta(hours=1)
BROWSERS = 5  # of one patient, that show reminders


# A patient's wishes


@transaction.atomic
def save(*, by: User, now: datetime, **wishes: object) -> None:
    """Save ways of being reminded and quiet hours; the next reminder is worked out anew."""
    require(can_log(by))
    hold(by)
    ReminderPlan.objects.update_or_create(patient=by, defaults={**wishes, "look_at": now})
    record_event(by=by, now=now, stream=by.pk, verb="reminders-saved", new=sorted(wishes))


@transaction.atomic
def snooze(*, by: User, now: datetime, days: int) -> None:
    """Remind of nothing for so many days; 0 ends the pause."""
    require(can_log(by))
    hold(by)
    until = now + timedelta(days=days) if days else None
    ReminderPlan.objects.update_or_create(patient=by, defaults={"snoozed_until": until, "look_at": now})
    record_event(by=by, now=now, stream=by.pk, verb="reminders-snoozed", new=days)


@transaction.atomic
def renew_calendar(*, by: User, now: datetime) -> str:
    """Return the secret of a new calendar address, kept only as its digest; an earlier address opens nothing more."""
    require(can_log(by))
    hold(by)
    token = secrets.token_urlsafe(32)
    kept = {"calendar_digest": digest(token), "calendar_since": now}
    ReminderPlan.objects.update_or_create(patient=by, defaults=kept)
    record_event(by=by, now=now, stream=by.pk, verb="calendar-renewed")
    return token


@transaction.atomic
def revoke_calendar(*, by: User, now: datetime) -> None:
    """Close the calendar's address."""
    require(can_log(by))
    ReminderPlan.objects.filter(patient=by).update(calendar_digest=None, calendar_since=None)
    record_event(by=by, now=now, stream=by.pk, verb="calendar-revoked")


def plan_of_calendar(token: str) -> ReminderPlan | None:
    """Return whose calendar an address opens; None once it was renewed or revoked, or the account is closed."""
    plans = ReminderPlan.objects.filter(calendar_digest=digest(token), patient__is_active=True)
    return plans.select_related("patient").first()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# In a browser


@transaction.atomic
def subscribe(
    *, by: User, now: datetime, session_key: str, endpoint: str, point: str, secret: str, renews: bool = False
) -> None:
    """Show reminders in the browser of a session, for as long as it is signed in; of many the oldest makes room.

    One that `renews` takes the place of what its session had: a browser never begins to show reminders unasked.
    """
    require(can_log(by))
    hold(by)  # first, as whoever deletes the diary does; and of two browsers at once each sees how many there are
    # Before its browsers, as the worker, who lets go of those that are signed in no more.
    ReminderPlan.objects.update_or_create(patient=by, defaults={"look_at": now})
    session = UserSession.objects.filter(user=by, session_key=session_key).first()
    require(session is not None)
    if renews:
        move(by, session, endpoint)
    kept = {"session": session, "point": point, "secret": secret, "made_at": now}
    Subscription.objects.update_or_create(patient=by, endpoint=endpoint, defaults=kept)
    latest = Subscription.objects.of(by).order_by("-made_at").values("pk")[:BROWSERS]
    Subscription.objects.of(by).exclude(pk__in=[*latest.values_list("pk", flat=True)]).delete()
    record_event(by=by, now=now, stream=by.pk, verb="subscription-made")


def move(patient: User, session: UserSession, endpoint: str) -> None:
    """Let what a session has be reached elsewhere, what waits for it too. Raises PermissionDenied."""
    kept = Subscription.objects.of(patient)
    had = kept.filter(session=session)
    require(had.exists())
    if not kept.filter(endpoint=endpoint).exists():
        kept.filter(pk__in=had.order_by("-made_at").values("pk")[:1]).update(endpoint=endpoint)


@transaction.atomic
def go_on(*, by: User, now: datetime, before: str, session_key: str) -> None:
    """Let a browser go on showing reminders whose session has another id since, as after a new password."""
    require(can_log(by))
    hold(by)
    session = UserSession.objects.filter(user=by, session_key=session_key).first()
    had = Subscription.objects.of(by).filter(session__session_key=before)
    if session and had.update(session=session):
        record_event(by=by, now=now, stream=by.pk, verb="subscription-made")


@transaction.atomic
def unsubscribe(*, by: User, now: datetime, subscription: Subscription) -> None:
    """Show no more reminders in a browser."""
    require(can_unsubscribe(by, subscription))
    if Subscription.objects.filter(pk=subscription.pk).delete()[0]:
        record_event(by=by, now=now, stream=by.pk, verb="subscription-ended")


# Off, from a mail


def patient_of(token: str) -> User | None:
    """Return whom the link in a reminder turns off, without signing in; None where the link is damaged."""
    try:
        pk = Signer(salt=OFF_SALT).unsign(token)
    except BadSignature:
        return None
    return User.objects.patients().filter(pk=pk).first()


@transaction.atomic
def stop_mail(*, of: User, now: datetime) -> None:
    """Send this patient no more reminders by mail. Whoever holds a reminder may ask for it."""
    if ReminderPlan.objects.filter(patient=of, by_mail=True).update(by_mail=False, look_at=now):
        record_event(by=of, now=now, stream=of.pk, verb="reminders-stopped")


# The worker


def wake(patient: User, *, now: datetime) -> None:
    """Let the worker look at a patient's plan in its next round. Call it where a session changes."""
    ReminderPlan.objects.filter(patient=patient).update(look_at=now)


def due(*, now: datetime) -> list[int]:
    """Return the patients at whose plans to look now; a patient whose plan cannot be read does not stop the others."""
    return list(ReminderPlan.objects.due(now).values_list("pk", flat=True)[:MOST])


@transaction.atomic
def remind_if_due(pk: int, *, now: datetime) -> bool:
    """Queue a reminder where one is due, in each way, and note when to look again; tell whether one was queued.

    What is due is worked out from the diary as it stands: an entry logged meanwhile has cancelled it.
    """
    plan = ReminderPlan.objects.due(now).free().select_related("patient").filter(pk=pk).first()
    if plan is None:
        return False
    course, habits, browsers = course_of(plan.patient, now), plan.habits(), browsers_of(plan.patient)
    wanted = bool(plan.by_mail or browsers) and plan.patient.is_active
    asks = wanted and any(moment <= now for moment in check_ins(course, habits, now)) and not habits.is_quiet(now)
    if asks:
        remind(plan, browsers, habits.day(now), now=now)
        habits = replace(habits, reminded_at=now)
    look_at = look_again_at(course, habits, now) if wanted else None
    ReminderPlan.objects.filter(pk=pk).update(look_at=look_at, reminded_at=habits.reminded_at)
    return asks


def browsers_of(patient: User) -> list[Subscription]:
    """Return the browsers that show this patient's reminders: those that are signed in still."""
    known = Subscription.objects.of(patient).select_related("session") if settings.VAPID_PRIVATE_KEY else ()
    return [browser for browser in known if browser.is_live()]


def remind(plan: ReminderPlan, browsers: list[Subscription], day: date, *, now: datetime) -> None:
    if plan.by_mail:
        notifications.queue(to=plan.patient, kind="reminder", key=day, now=now)
    for browser in browsers:
        notifications.queue(to=plan.patient, kind="push", key=f"{day} {browser.pk}", now=now)


def put_off(pk: int, trouble: Exception, *, now: datetime) -> None:
    """Look later at a plan that cannot be looked at now."""
    ReminderPlan.objects.filter(pk=pk).update(look_at=now + LATER)
