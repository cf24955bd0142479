"""A session as who gave it records it: quick, with the moment it ended already there."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from diary.forms.moments import wall_of
from diary.forms.sessions import SessionForm
from diary.models import User


class RecordingForm(SessionForm):
    """The session that has just ended, in the practitioner's zone; only its end must be said."""

    def __init__(self, data: Any = None, *, now: datetime, by: User, **options: Any) -> None:
        ended = rounded(wall_of(now, by.time_zone))
        options["initial"] = {"ended": ended, "zone": by.time_zone} | options.get("initial", {})
        super().__init__(data, now=now, home=by.time_zone, **options)
        self.fields["response"].help_text = _("For example: needles taken out, position changed, session ended early.")

    def refuse_instant(self) -> None:
        """Say that another session ended then: probably the same one, recorded twice."""
        self.add_error("ended", _("A session that ended at that very minute is recorded already."))


def rounded(wall: datetime) -> datetime:
    """Return the last full five minutes before a time."""
    return wall - timedelta(minutes=wall.minute % 5)
