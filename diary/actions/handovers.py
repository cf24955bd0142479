"""Who takes over when a practitioner goes. Said before they go, in the same transaction."""

from dataclasses import asdict, dataclass
from datetime import datetime

from diary.actions import hours, leaving
from diary.actions.audit import record_event
from diary.models import User
from diary.permissions import visible_colleagues
from diary.reliance import reliance_on


class HandoverNeeded(Exception):
    """Patients share with this practitioner: who takes over has not been said."""


@dataclass(frozen=True, slots=True)
class Handover:
    """Who takes over, for the patients who allow a colleague; without one, all are told to choose somebody."""

    covered_by: User | None = None


PATIENTS_CHOOSE = Handover()


def hand_over(*, by: User, now: datetime, practitioner: User, handover: Handover | None) -> None:
    """Let the colleague named take over what rests on a practitioner. Call it in the transaction in which they go.

    Raises HandoverNeeded where patients share with them and nothing was said.
    """
    if not (practitioner.is_practitioner and practitioner.is_active):
        return
    left = reliance_on(by, practitioner, now)
    if left.patients and handover is None:
        raise HandoverNeeded
    if handover and handover.covered_by:
        hours.cover(by=by, now=now, practitioner=practitioner, covered_by=handover.covered_by, starts_at=now)
    leaving.pass_on(practitioner, heirs_of(practitioner, handover, now), now=now)
    numbers = {name: number for name, number in asdict(left).items() if name != "waiting"}
    numbers["flags"] = sum(waiting.number for waiting in left.waiting)
    record_event(by=by, now=now, stream=practitioner.pk, verb="handed-over", new=numbers)


def heirs_of(practitioner: User, handover: Handover | None, now: datetime) -> list[User]:
    """Return who sees to patients who have left, and so choose nobody: who takes over, else the whole practice."""
    if handover and handover.covered_by:
        return [handover.covered_by]
    return [colleague.user for colleague in visible_colleagues(practitioner, now).select_related("user")]
