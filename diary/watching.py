"""Is somebody told what cannot wait? The dead-man's switch: counts and times, never a diary."""

from datetime import datetime, timedelta

from django.core.cache import caches

from diary.models import Flag, Heartbeat, Level, Notification

SILENT_AFTER = timedelta(seconds=90)
SKEW = timedelta(seconds=60)
KEPT = 5  # seconds; less than the time between two beats makes a worker look at worst that much older
BEAT = "beat"


def is_silent(now: datetime) -> bool:
    """Tell whether no worker has been at work for 90 seconds: then nobody is told anything automatically."""
    beat = last_beat(now)
    return beat is None or now - beat > SILENT_AFTER


def last_beat(now: datetime) -> datetime | None:
    """Return when a worker was last at work, read from the database at most every few seconds in a process."""
    kept = caches["fragments"]
    beat: datetime | None = kept.get(BEAT)
    if beat is None or now < beat - SKEW:
        beat = Heartbeat.objects.latest_before(now + SKEW)
        kept.set(BEAT, beat, KEPT)
    return beat


def oldest_unsent(now: datetime) -> timedelta | None:
    """Return for how long the longest due message has been waiting; None where none waits."""
    due_at = Notification.objects.unsent().filter(due_at__lte=now).order_by("due_at").values_list("due_at", flat=True)
    oldest = due_at.first()
    return None if oldest is None else now - oldest


def urgent_waits(since: datetime) -> list[timedelta]:
    """Return how long each urgent message that has left since then was due, the shortest first."""
    times = Notification.objects.filter(kind="urgent", sent_at__gte=since).values_list("due_at", "sent_at")
    return sorted(sent_at - due_at for due_at, sent_at in times if sent_at is not None)


def reach(flag: Flag, mailed: list[Notification]) -> str:
    """Tell of a pressing flag that nobody has answered yet: "unreached" where no message about it has arrived and
    none is on its way, "unanswered" where it was passed on to everybody in vain; otherwise nothing.

    `mailed` are its messages, those before it was opened again among them; ask for the flag with its `escalation`.
    """
    if flag.status != Flag.Status.OPEN or flag.level < Level.PRIORITY:
        return ""
    last = max(mailed, key=lambda row: row.created_at, default=None)
    mailed = [row for row in mailed if row.key == last.key] if last else []
    unattended = hasattr(flag, "escalation") and flag.escalation.unattended_at is not None
    arrived, failed = any(row.sent_at for row in mailed), bool(mailed) and all(row.failed_at for row in mailed)
    if not arrived and (unattended or failed):
        return "unreached"
    return "unanswered" if unattended else ""
