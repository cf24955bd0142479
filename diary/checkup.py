"""What is asked of a running system: each question with one line of answer and one remedy.

Nothing of a diary is read. A question that cannot be asked raises what stood in its way.
"""

import shutil
import smtplib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from diary import watching
from diary.actions import backups, second_steps
from diary.models import Notification, User

LATE = timedelta(minutes=10)
DAY, MONTH = timedelta(days=1), timedelta(days=30)
CLOCKS_AGREE = timedelta(seconds=5)
FREE_BYTES = 1_000_000_000
FREE_SHARE = 0.05
NOT_FOR_REAL_PEOPLE = "@demo.settle.example"
SYNCED_ON_POSTGRESQL = {"on", "remote_apply"}  # not remote_write: what a replica holds in memory only
SYNCED_ON_SQLITE = {"delete": 3, "wal": 2}  # EXTRA beside the rollback journal, FULL beside the write-ahead log
LOOSE = 9
BACKUP_LASTS = timedelta(hours=26)  # one a day, and two hours for it to be late


class Check(NamedTuple):
    """One question, whether its answer is as it should be, the answer, and what to do where it is not."""

    code: str
    title: str | Promise
    is_well: bool
    said: str | Promise
    remedy: str | Promise


# Is everything kept?


def backup(now: datetime) -> Check:
    """Ask for the latest backup that was restored once to prove it; the made-up practice needs none."""
    made = backups.last_verified()
    is_well = settings.DEMO or (made is not None and now - made <= BACKUP_LASTS)
    said = (
        say("none was ever proved")
        if made is None
        else say("the last proved one is %(age)s old") % {"age": age(now - made)}
    )
    remedy = _("Have manage.py backup run every night, and see what it said last time: it proves what it takes.")
    return Check("backup", _("Backup"), is_well, said, remedy)


# Is everybody told?


def worker(now: datetime) -> Check:
    beat = watching.last_beat(now)
    said = say("never seen") if beat is None else say("last seen %(age)s ago") % {"age": age(now - beat)}
    remedy = _("Start manage.py worker, and have it started again whenever it ends; until then no mail leaves.")
    return Check("worker", _("Worker"), not watching.is_silent(now), said, remedy)


def outbox(now: datetime) -> Check:
    waited = watching.oldest_unsent(now)
    said = say("nothing waits") if waited is None else say("the oldest has waited %(age)s") % {"age": age(waited)}
    remedy = _("See whether the worker runs and the mail server answers; nothing is lost, it is sent when they do.")
    return Check("outbox", _("Outbox"), waited is None or waited <= LATE, said, remedy)


def undelivered(now: datetime) -> Check:
    count = Notification.objects.failed().count()
    said = ngettext("%(count)d message could not be delivered", "%(count)d messages could not be delivered", count)
    remedy = _("Check the addresses of those people and what the mail server says; each is still tried.")
    return Check("undelivered", _("Not delivered"), not count, said % {"count": count}, remedy)


def swiftness(now: datetime) -> Check:
    """Ask how long urgent messages took, as it was lived: of a month for a judgement, of a day for an alarm."""
    waits, lately = watching.urgent_waits(now - MONTH), watching.urgent_waits(now - DAY)
    said = say("none in the last 30 days")
    if waits:
        half, longest = age(waits[(len(waits) - 1) // 2]), age(waits[-1])
        said = ngettext(
            "%(count)d in the last 30 days, after %(longest)s",
            "%(count)d in the last 30 days: half of them within %(half)s, the longest after %(longest)s",
            len(waits),
        ) % {"count": len(waits), "half": half, "longest": longest}
    remedy = _("See when the worker stood still or the mail server did not answer: somebody was told late.")
    return Check("swiftness", _("Urgent messages"), all(wait <= LATE for wait in lately), said, remedy)


def age(length: timedelta) -> str:
    """Return a length of time in its largest units: "5 hours, 3 minutes", or in seconds below a minute."""
    if length < timedelta(minutes=1):
        seconds = max(0, int(length.total_seconds()))
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    start = datetime(2001, 1, 1, tzinfo=UTC)
    return timesince(start, start + length, depth=2).replace("\xa0", " ")


# Is the machine sound?


def clock(now: datetime) -> Check:
    """Compare the clocks of this machine, of its database and of its files: rules and reminders rest on them."""
    others = [database_clock(), file_clock()]
    apart = max(abs(other - now) for other in others)
    said = say("the clocks here, of the database and of the files are %(age)s apart") % {"age": age(apart)}
    remedy = _("Turn on time synchronisation (NTP) on this machine and on that of the database.")
    return Check("clock", _("Clock"), apart <= CLOCKS_AGREE, said, remedy)


def database_clock() -> datetime:
    on_sqlite = connection.vendor == "sqlite"
    seconds = asked("SELECT strftime('%s', 'now')" if on_sqlite else "SELECT extract(epoch FROM clock_timestamp())")
    return datetime.fromtimestamp(float(seconds), UTC)


def file_clock() -> datetime:
    with NamedTemporaryFile(dir=folder(), prefix="clock-") as file:
        return datetime.fromtimestamp(Path(file.name).stat().st_mtime, UTC)


def folder() -> Path:
    """Return where the diary lies: beside the SQLite file, or else where the site writes beside its database."""
    on_sqlite = connection.vendor == "sqlite"
    return Path(connection.settings_dict["NAME"] if on_sqlite else settings.AUDIT_HEADS).resolve().parent


def disk(now: datetime) -> Check:
    total, _used, free = shutil.disk_usage(folder())
    said = say("%(free).1f GB free, %(share)d %%") % {"free": free / 1e9, "share": 100 * free / total}
    remedy = _("Free some space or enlarge the disk; on a full one no entry can be saved.")
    return Check("disk", _("Disk"), free >= FREE_BYTES and free >= FREE_SHARE * total, said, remedy)


def storage(now: datetime) -> Check:
    """Ask the database, not the settings, whether what is answered with "saved" is on the disk."""
    is_well, said = (sqlite_storage if connection.vendor == "sqlite" else postgresql_storage)()
    remedy = _("Take what loosens it out of DATABASE_URL or the server's configuration: a saved entry may be lost.")
    return Check("storage", _("What is saved is on the disk"), is_well, said, remedy)


def sqlite_storage() -> tuple[bool, str]:
    journal, synchronous = asked("PRAGMA journal_mode"), asked("PRAGMA synchronous")
    said = f"SQLite journal_mode={journal}, synchronous={synchronous}"
    return synchronous >= SYNCED_ON_SQLITE.get(journal, LOOSE), said


def postgresql_storage() -> tuple[bool, str]:
    commit, fsync = asked("SHOW synchronous_commit"), asked("SHOW fsync")
    return commit in SYNCED_ON_POSTGRESQL and fsync == "on", f"PostgreSQL synchronous_commit={commit}, fsync={fsync}"


def asked(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def mail(now: datetime) -> Check:
    """Greet the mail server, and hang up: nothing is sent."""
    remedy = _("Check EMAIL_URL and that the mail server can be reached from here.")
    title = _("Mail server")
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        is_demo = settings.DEMO or settings.DEBUG
        return Check("mail", title, is_demo, say("no mail server is set: nobody is told by mail"), remedy)
    try:
        with get_connection(timeout=settings.EMAIL_TIMEOUT):
            pass
    except (OSError, smtplib.SMTPException) as trouble:
        return Check("mail", title, False, say("no answer (%(error)s)") % {"error": type(trouble).__name__}, remedy)
    return Check("mail", title, True, say("answers"), remedy)


def migrations(now: datetime) -> Check:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    said = ngettext("%(count)d step waits", "%(count)d steps wait", waiting) % {"count": waiting}
    remedy = _("Make a backup, then run manage.py migrate.")
    return Check("migrations", _("Database schema"), not waiting, said if waiting else say("up to date"), remedy)


def keys(now: datetime) -> Check:
    """Count second steps that no key in force opens: who has one of them is kept out."""
    count = second_steps.unreadable()
    said = ngettext("%(count)d second step cannot be read", "%(count)d second steps cannot be read", count)
    remedy = _("Put the former SECRET_KEY into SECRET_KEY_FALLBACKS, then run manage.py reseal.")
    return Check("keys", _("Second steps"), not count, said % {"count": count}, remedy)


def mode(now: datetime) -> Check:
    """Refuse what is for trying out beside people who are real: its pages show errors, and passwords that all know."""
    loose = [name for name in ("DEBUG", "DEMO") if getattr(settings, name)]
    real = User.objects.exclude(email__endswith=NOT_FOR_REAL_PEOPLE).exists()
    said = say("%(names)s on") % {"names": ", ".join(loose)} if loose else say("as in production")
    remedy = _("Turn DEBUG and DEMO off: this database holds accounts of people who are not made up.")
    return Check("mode", _("Mode"), not (loose and real), said, remedy)


TOLD: tuple[Callable[[datetime], Check], ...] = (worker, outbox, undelivered, swiftness)
KEPT: tuple[Callable[[datetime], Check], ...] = (backup,)
MACHINE: tuple[Callable[[datetime], Check], ...] = (clock, disk, storage, mail, migrations, keys, mode)
