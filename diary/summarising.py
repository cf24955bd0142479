"""Where a patient stands, as plain text for the practice's own records: nothing but what the reader is shown."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary import wording
from diary.charts import Trend
from diary.reports import NumberedSession
from diary.templatetags.said import in_words, state_of
from diary.templatetags.settle import FORMATS, LEVELS


def text(
    patient: Any,
    *,
    reader: Any,
    trend: Trend,
    sessions: Sequence[NumberedSession],
    flags: Iterable[Any],
    intake: Any,
    now: datetime,
) -> str:
    """Return the summary in the active language, times in the patient's zone.

    `flags` are those still to do, `intake` is None where the patient does not share it.
    """
    zone = ZoneInfo(patient.time_zone)
    head = {"name": patient.name, "at": said_at(now, zone), "zone": patient.time_zone, "reader": reader.name}
    parts = [
        [_("%(name)s, %(at)s (%(zone)s), for %(reader)s") % head],
        [last_session(sessions, now, patient.time_zone), *pain(trend, zone)],
        list(open_flags(flags, trend, zone)),
        list(background(intake)),
        [_("From the patient's diary in Settle: what was written so far, and what fixed rules found. No diagnosis.")],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def said_at(instant: datetime, zone: ZoneInfo) -> str:
    return date_format(instant.astimezone(zone), str(FORMATS["full"]))


def last_session(sessions: Sequence[NumberedSession], now: datetime, zone: str) -> str:
    if not sessions:
        return _("No session is recorded.")
    last = sessions[-1]
    facts = {"number": last.number, "at": said_at(last.ended_at, ZoneInfo(zone)), "name": last.given_by}
    by = _("Session %(number)d with %(name)s, %(at)s.") if last.given_by else _("Session %(number)d, %(at)s.")
    return f"{by % facts} {wording.since_session(last.number, wording.day_of(last.ended_at, now, zone))}"


def pain(trend: Trend, zone: ZoneInfo) -> Iterator[str]:
    """Yield what is usual, what is now, and since when."""
    usual = trend.courses[-1].usual if trend.courses else None
    facts: dict[str, Any] = {"usual": _("not known") if usual is None else f"{usual:g}"}
    if trend.latest is None:
        yield _("Pain: usual %(usual)s; no entry yet.") % facts
        return
    facts |= {"now": trend.latest.pain, "at": said_at(trend.latest.observed_at, zone)}
    yield _("Pain: usual %(usual)s, now %(now)d of 10 (%(at)s).") % facts
    if trend.latest.soreness is not None:
        yield _("Soreness: %(score)d of 10.") % {"score": trend.latest.soreness}


def open_flags(flags: Iterable[Any], trend: Trend, zone: ZoneInfo) -> Iterator[str]:
    rows = list(flags)
    if not rows:
        yield _("Open flags: none.")
        return
    yield ngettext("%(count)d open flag:", "%(count)d open flags:", len(rows)) % {"count": len(rows)}
    for flag in rows:
        said = wording.of(flag, trend.numbers.get(flag.session_id))
        facts = {"level": LEVELS[wording.level_code(flag.level)], "seen": said.seen, "state": state_of(flag)}
        facts["at"] = said_at(flag.fired_at, zone)
        yield _("- %(level)s: %(seen)s Since %(at)s; %(state)s.") % facts


def background(intake: Any) -> Iterator[str]:
    """Yield the health background, as far as the patient shares it."""
    if intake is None:
        yield _("Health background: not shared.")
        return
    none = _("none ticked") if intake.saved_at else _("not filled in yet")
    conditions = wording.in_a_row(known for known, _meaning in intake.known) or none
    yield _("Conditions: %(said)s") % {"said": conditions}
    if intake.blood_thinners:
        yield _("Blood thinners: %(said)s") % {"said": in_words(intake.blood_thinners, "blood_thinners")}
    for label, said in ((_("Medicines: %(said)s"), intake.medicines), (_("Allergies: %(said)s"), intake.allergies)):
        if said:
            yield label % {"said": said}
    if intake.usual_pain is not None:
        yield _("Usual pain before any treatment: %(score)d of 10") % {"score": intake.usual_pain}
