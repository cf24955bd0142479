"""How is said where a person stands after a session."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from diary.stating import stated


def day_of(ended_at: datetime, now: datetime, zone: str) -> int:
    """Return how many days ago, by the calendar of that zone, a session ended; its own day is 0."""
    here = ZoneInfo(zone)
    return (now.astimezone(here).date() - ended_at.astimezone(here).date()).days


USUAL_NOW = (
    (
        timedelta(hours=48),
        stated(_("Soreness, stiffness or tiredness is often reported now; it usually settles within {settles}.")),
    ),
    (timedelta(hours=96), _("What follows a session has usually settled by now. Say so if something has not.")),
)


def usual_now(since: timedelta) -> str:
    """Return what is usual so long after a session; nothing once it is over for everybody."""
    return next((str(said) for until, said in USUAL_NOW if since <= until), "")


def since_session(number: int, days: int) -> str:
    """Say where a person stands: the day of the session, or the day after it."""
    if days == 0:
        return say("This is the day of session %(number)d.") % {"number": number}
    return ngettext(
        "This is day %(days)d after session %(number)d.", "This is day %(days)d after session %(number)d.", days
    ) % {"days": days, "number": number}
