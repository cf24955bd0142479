"""A session as who gave it records it: quick, with the moment it ended already there."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from diary.clinical.thresholds import SHARP_RISE
from diary.forms.moments import wall_of
from diary.forms.sessions import SessionForm, advised
from diary.models import TreatmentSession, User


class RecordingForm(SessionForm):
    """The session that has just ended, in the practitioner's zone; only its end must be said.

    A rise of `sharp` or more asks what was changed then.
    """

    sharp = SHARP_RISE

    def __init__(
        self, data: Any = None, *, now: datetime, by: User, again: TreatmentSession | None = None, **options: Any
    ) -> None:
        """`again` is an earlier session whose sites and aftercare were the same."""
        given = {"ended": rounded(wall_of(now, by.time_zone)), "zone": by.time_zone} | same_as(again)
        options["initial"] = given | options.get("initial", {})
        super().__init__(data, now=now, home=by.time_zone, **options)
        self.fields["aftercare"].label = _("Aftercare given")
        self.fields["response"].help_text = _("For example: needles taken out, position changed, session ended early.")

    @property
    def has_risen(self) -> bool:
        """Tell whether what was changed is asked already: it was typed, or the scores say so."""
        before, after = (str(self[name].value() or "") for name in ("pain_before", "pain_after"))
        typed = bool(self["response"].value() or self["response"].errors)
        return typed or (before.isdigit() and after.isdigit() and int(after) - int(before) >= self.sharp)

    def refuse_instant(self) -> None:
        """Say that another session ended then: probably the same one, recorded twice."""
        self.add_error("ended", _("A session that ended at that very minute is recorded already."))


def same_as(again: TreatmentSession | None) -> dict[str, Any]:
    """Return the sites and the aftercare of an earlier session, without what the patient wrote in their own words."""
    if again is None:
        return {}
    said = advised(again)
    return {"sites": again.sites} | said | ({"advice": ""} if again.recorded_by_id == again.patient_id else {})


def rounded(wall: datetime) -> datetime:
    """Return the last full five minutes before a time."""
    return wall - timedelta(minutes=wall.minute % 5)
