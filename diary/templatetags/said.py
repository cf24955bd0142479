"""What was said in a diary, and what is said back."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from diary import timetable, wording
from diary.clinical.diary import RED_FLAGS
from diary.forms import choices
from diary.models import Entry, Flag, Grade, Level

register = template.Library()

WORDS = {
    "regions": dict(choices.REGIONS),
    "good": dict(choices.GOOD),
    "aftercare": dict(choices.AFTERCARE),
    "blood_thinners": dict(choices.BLOOD_THINNERS),
    "red_flags": dict(choices.RED_FLAGS),
    "compared": dict(Entry.Compared.choices),
}
ACTIONS = dict(wording.OUTCOME) | {"reopened": _("opened again"), "undone": _("took the last step back")}
STATES = {
    "waiting": _("waiting"),
    "seen": _("seen by %(name)s"),
    "closed": _("closed by %(name)s"),
    "settled": _("settled"),
    "withdrawn": _("no longer supported"),
}


@register.filter
def in_words(codes: Any, of: str) -> str:
    """Codes as words: `{{ entry.regions|in_words:"regions" }}`."""
    words = WORDS[of]
    return wording.in_a_row(words.get(code, code) for code in ([codes] if isinstance(codes, str) else codes))


@register.filter
def grade(value: int) -> str:
    return str(Grade(value).label)


@register.filter
def grades(entry: Any) -> list[tuple[str, str]]:
    """The reactions an entry answers, each with its grade in words; an entry is a row, or a dict of its values."""
    values = entry if isinstance(entry, dict) else vars(entry)
    reactions = [(name, values[name]) for name in wording.SYMPTOM if name != "soreness"]
    return [(str(wording.SYMPTOM[name]), grade(value)) for name, value in reactions if value is not None]


register.filter("in_a_row", wording.in_a_row)


@register.filter
def in_short(entry: Entry) -> str:
    """An entry besides its pain, on one line of a list."""
    said = [
        say("needs care") if entry.red_flags else "",
        say("soreness %(score)d") % {"score": entry.soreness} if entry.soreness is not None else "",
        in_words(entry.compared, "compared") if entry.compared else "",
        say("edited") if entry.version > 1 else "",
        Truncator(entry.note).chars(60),
    ]
    return " · ".join(filter(None, said))


@register.filter
def level_name(flag: Any) -> str:
    """Return the level of a flag, or of flags that wait, as the stylesheet names it."""
    return wording.level_code(flag.level)


@register.filter
def words(flag: Flag, number: int | None = None) -> wording.Words:
    return wording.of(flag, number)


@register.filter
def action_words(action: str) -> str:
    return str(ACTIONS.get(action, action))


@register.filter
def answer_of(flag: Flag) -> str:
    """What a person made of a flag beyond having seen it."""
    return "" if flag.outcome == Flag.Outcome.ACKNOWLEDGED else str(ACTIONS[flag.outcome])


@register.filter
def state_of(flag: Flag) -> str:
    """Where a flag stands: what a person did comes before what the diary says."""
    handled = {"acknowledged": "seen", "closed": "closed"}.get(flag.status)
    moved = "withdrawn" if flag.withdrawn_at else "settled" if flag.resolved_at else "waiting"
    return str(STATES[handled or moved]) % {"name": flag.handled_by if handled else ""}


@register.inclusion_tag("components/flag.html")
def flag_card(
    flag: Flag, number: int | None = None, *, url: str = "", time: str = "", todo: bool = True, closes: bool = True
) -> dict[str, Any]:
    """A flag as its card, with what to do and what would close it unless told otherwise."""
    said = wording.of(flag, number)
    return {
        "level": level_name(flag),
        "title": said.title,
        "said": said.seen,
        "todo": said.asks if todo else "",
        "closes": said.closes if todo and closes else "",
        "url": url,
        "state": state_of(flag),
        "time": time,
    }


register.filter(wording.browser)


@register.filter
def asks_urgency(flag: Flag) -> bool:
    """Tell whether a patient is asked if this can wait: while it stands, and neither of a notice nor of what cannot."""
    stands = flag.status != Flag.Status.CLOSED and not flag.resolved_at and not flag.withdrawn_at
    return stands and flag.level in (Level.REVIEW, Level.PRIORITY)


@register.simple_tag
def reading_hours(practitioner: Any, zone: str) -> str:
    """When a practitioner reads: "Mon–Fri 9:00–17:00", with the place of the clock where it is not the reader's."""
    return timetable.said(practitioner, zone)


@register.simple_tag
def next_reading(practitioner: Any, now: datetime, zone: str) -> str:
    """When a practitioner reads next: now, a time today, a day and a time; empty where none is in sight."""
    return timetable.next_reading(practitioner.hours, now, zone)


@register.simple_tag
def percent(share: float | None) -> str:
    """A share of 1 as per cent, with a digit where it is small; a dash where there is none."""
    return percent_in(get_language() or "", share)


def percent_in(language: str, share: float | None) -> str:
    """Return the same for pages that say it a hundred times: which language is active is asked once."""
    if share is None:
        return "–"
    digits = 0 if share >= 0.1 or share == 0 else 1
    return per_cent(language, round(share * 100, digits), digits)


@lru_cache(maxsize=4096)
def per_cent(language: str, number: float, digits: int) -> str:
    return say("%(number)s %%") % {"number": number_format(number, digits)}


@register.inclusion_tag("components/urgent.html")
def urgent_advice(
    codes: list[str], practice: Any, next_url: str = "", next_label: str = "", *, readers: Any = (), zone: str = ""
) -> dict[str, Any]:
    """What to do at once about the red flags ticked, with the numbers of the practice or, without one, 112."""
    emergency = any(RED_FLAGS[code] == "emergency" for code in codes)
    return {
        "heading": urgent_heading(emergency),
        "lines": [what_to_do(emergency), say("You ticked:"), *in_lines(codes)],
        "emergency": practice.emergency_number if practice else "112",
        "anywhere": not practice,
        "same_day": practice.same_day_number if practice else "",
        "same_day_first": not emergency,
        "readers": readers,
        "zone": zone,
        "next_url": next_url,
        "next_label": next_label,
    }


@register.inclusion_tag("components/urgent_offline.html")
def urgent_offline(emergency: bool) -> dict[str, Any]:
    """The same advice for a page without a network: a script fills in the numbers this device knows, and the ticks."""
    return {"emergency": emergency, "heading": urgent_heading(emergency), "todo": what_to_do(emergency)}


def urgent_heading(emergency: bool) -> str:
    return say("Get medical help now") if emergency else say("Be seen by a doctor today")


def in_lines(codes: list[str]) -> list[str]:
    return [str(wording.RED_FLAG_QUESTIONS[code]) for code in codes]


def what_to_do(emergency: bool) -> str:
    if emergency:
        return say("This can be an emergency. Call the emergency number now, or let somebody take you. Do not wait.")
    return say("Call your practice now. If you cannot reach them, see a doctor or an emergency department today.")


@register.simple_tag
def when(instant: datetime, now: datetime, zone: str) -> SafeString:
    """ "today 16:30", "yesterday 16:30", otherwise the date."""
    here = ZoneInfo(zone)
    local, today = instant.astimezone(here), now.astimezone(here).date()
    if local.date() == today:
        text = say("today %(time)s") % {"time": date_format(local, "H:i")}
    elif local.date() == today - timedelta(days=1):
        text = say("yesterday %(time)s") % {"time": date_format(local, "H:i")}
    else:
        text = date_format(local, say("D j M, H:i") if local.year == today.year else say("D j M Y, H:i"))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text)


@register.simple_tag
def check_in(moment: datetime, now: datetime, zone: str) -> str:
    """When to log again, in whole days of the patient's calendar."""
    here = ZoneInfo(zone)
    days = (moment.astimezone(here).date() - now.astimezone(here).date()).days
    if moment <= now:
        return say("It is time for a check-in.")
    if days <= 0:
        return say("Next check-in later today.")
    if days == 1:
        return say("Next check-in tomorrow.")
    return ngettext("Next check-in in %(days)d day.", "Next check-in in %(days)d days.", days) % {"days": days}


@register.simple_tag
def usual_now(ended_at: datetime, now: datetime) -> str:
    return wording.usual_now(now - ended_at)


@register.simple_tag
def since_session(number: int, ended_at: datetime, now: datetime, zone: str) -> str:
    return wording.since_session(number, wording.day_of(ended_at, now, zone))


@register.simple_tag
def this_day(ended_at: datetime, now: datetime, zone: str) -> str:
    """Which day after a session that was just named this is; nothing on its own day."""
    days = wording.day_of(ended_at, now, zone)
    return ngettext("This is day %(days)d.", "This is day %(days)d.", days) % {"days": days} if days else ""


@register.simple_tag
def rule_title(rule: str) -> str:
    return str(wording.RULES[rule].name)


@register.simple_tag
def answered(answer: Any, zone: str) -> str:
    """What a rule says of a session, with the time until which it waits."""
    local = datetime.fromtimestamp(answer.until or 0, ZoneInfo(zone))
    return wording.said_of(answer, date_format(local, say("D j M, H:i")))


@register.filter
def number_of(flag: Flag, numbers: dict[Any, int]) -> int | None:
    return numbers.get(flag.session_id)


@register.filter
def last_day(expires_at: datetime, zone: str) -> date:
    """The last day of a share that ends at an instant."""
    return (expires_at - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
