"""What can happen in a story; each step is done through an action, at its own moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from diary.actions import diaries, entries, flags, intakes, messages, notes, sessions, shares
from diary.models import Entry, Flag, Share, User

Staff = Mapping[str, User]
"""The practitioners, by name."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something done at a moment; `at` is the moment at which the product learns of it."""

    at: datetime

    def do(self, patient: User, staff: Staff) -> None:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class ToldIntake(Step):
    answers: Mapping[str, Any]

    def do(self, patient: User, staff: Staff) -> None:
        intakes.save(by=patient, now=self.at, **self.answers)


@dataclass(frozen=True, kw_only=True)
class Logged(Step):
    id: UUID
    observed_at: datetime
    pain: int
    soreness: int | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)

    def do(self, patient: User, staff: Staff) -> None:
        entries.log(by=patient, now=self.at, id=self.id, **self.all_answers(patient.time_zone))

    def all_answers(self, zone: str) -> dict[str, Any]:
        scores = {"pain": self.pain, "soreness": self.soreness}
        return scores | placed(self.observed_at, zone) | dict(self.answers)


@dataclass(frozen=True, kw_only=True)
class Amended(Step):
    """The entry said something else at first: it is put right."""

    id: UUID
    answers: Mapping[str, Any]

    def do(self, patient: User, staff: Staff) -> None:
        entry = Entry.objects.of(patient).get(pk=self.id)
        entries.amend(by=patient, now=self.at, entry=entry, version=entry.version, **self.answers)


@dataclass(frozen=True, kw_only=True)
class Treated(Step):
    """A session, recorded by a practitioner of the practice or, treated elsewhere, by the patient."""

    id: UUID
    ended_at: datetime
    by: str | None
    answers: Mapping[str, Any]

    def do(self, patient: User, staff: Staff) -> None:
        by = staff[self.by] if self.by else patient
        given = {"ended_at": self.ended_at, "zone": patient.time_zone} | dict(self.answers)
        sessions.record(by=by, now=self.at, patient=patient, id=self.id, **given)


@dataclass(frozen=True, kw_only=True)
class Read(Step):
    """A practitioner opens the diary, as before some sessions."""

    by: str

    def do(self, patient: User, staff: Staff) -> None:
        shares.look(by=staff[self.by], now=self.at, patient=patient)


@dataclass(frozen=True, kw_only=True)
class LookedAgain(Step):
    """The worker comes by: some findings change though nothing was entered."""

    def do(self, patient: User, staff: Staff) -> None:
        diaries.reassess_due(now=self.at)


@dataclass(frozen=True, kw_only=True)
class Handled(Step):
    by: str
    rule: str
    outcome: str
    note: str = ""

    def do(self, patient: User, staff: Staff) -> None:
        by = staff[self.by]
        flag = Flag.objects.of(patient).filter(rule=self.rule).latest("fired_at")
        shares.look(by=by, now=self.at, patient=patient)
        if self.outcome == "reopened":
            flags.reopen(by=by, now=self.at, flag=flag, note=self.note)
        else:
            flags.handle(by=by, now=self.at, flag=flag, outcome=self.outcome, note=self.note)


@dataclass(frozen=True, kw_only=True)
class Granted(Step):
    to: str
    until: datetime | None = None

    def do(self, patient: User, staff: Staff) -> None:
        shares.grant(by=patient, now=self.at, address=staff[self.to].email, expires_at=self.until)


@dataclass(frozen=True, kw_only=True)
class Revoked(Step):
    to: str

    def do(self, patient: User, staff: Staff) -> None:
        share = Share.objects.get(patient=patient, practitioner=staff[self.to], revoked_at=None)
        shares.revoke(by=patient, now=self.at, share=share)


@dataclass(frozen=True, kw_only=True)
class Wrote(Step):
    """A message between the patient and a practitioner."""

    id: UUID
    other: str
    by_patient: bool
    body: str

    def do(self, patient: User, staff: Staff) -> None:
        by, to = (patient, staff[self.other]) if self.by_patient else (staff[self.other], patient)
        messages.send(by=by, now=self.at, to=to, id=self.id, body=self.body)


@dataclass(frozen=True, kw_only=True)
class OpenedMessages(Step):
    """One of the two opens what the other wrote."""

    other: str
    by_patient: bool

    def do(self, patient: User, staff: Staff) -> None:
        by, other = (patient, staff[self.other]) if self.by_patient else (staff[self.other], patient)
        messages.read(by=by, now=self.at, other=other)


@dataclass(frozen=True, kw_only=True)
class Noted(Step):
    """A practitioner writes a private note."""

    id: UUID
    by: str
    body: str

    def do(self, patient: User, staff: Staff) -> None:
        notes.write(by=staff[self.by], now=self.at, patient=patient, id=self.id, body=self.body)


@dataclass(frozen=True, kw_only=True)
class SaidUrgency(Step):
    """The patient says whether the latest flag can wait."""

    urgency: str

    def do(self, patient: User, staff: Staff) -> None:
        flag = Flag.objects.of(patient).current().asked_of_patients().latest("raised_at")
        flags.say_urgency(by=patient, now=self.at, flag=flag, urgency=self.urgency)


def placed(moment: datetime, zone: str) -> dict[str, Any]:
    """Return an instant as an entry keeps it: with the zone and the offset in which it was said."""
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    return {"observed_at": moment, "zone": zone, "offset_minutes": minutes}
