"""A practice lives: people write, share, read and answer, weeks pass, the worker and the mail do what they can.

The steps of a Hypothesis state machine; `model` says what must be true, and after every step `truths` asks the site.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from diary import notices
from diary.actions import accounts, diaries, entries, escalations, flags, handovers, notifications, sessions, shares
from diary.models import (
    Entry,
    Escalation,
    Flag,
    Notification,
    Share,
    TreatmentSession,
)
from tests.reliability.model import DAY, Held, Said, Told
from tests.reliability.truths import PATIENTS, READERS, Truths

MINUTE = timedelta(minutes=1)
JUMPS = [MINUTE, 20 * MINUTE, 31 * MINUTE, 180 * MINUTE, DAY, 4 * DAY, 21 * DAY]
AGO = [0 * DAY, 0 * DAY, 60 * MINUTE, DAY, 3 * DAY, 40 * DAY]
ROUNDS = 10  # in which a worker must have done all that is due at one moment
ACTS = ["acknowledged", "contacted", "referred", "not_a_concern", "reopened"]

patients, readers, places = st.sampled_from(PATIENTS), st.sampled_from(READERS), st.integers(0, 99)
feelings = st.fixed_dictionaries(
    {
        "pain": st.sampled_from([2, 3, 3, 5, 8, 9]),
        "soreness": st.sampled_from([None, 0, 3, 8]),
        "red_flags": st.sampled_from([[], [], ["fever"], ["saddle"], ["fever", "saddle"]]),
    }
)


class Life(Truths):
    """One practice, and all that may happen there."""

    def at(self, name: str) -> dict[str, Any]:
        return {"by": self.person(name), "now": self.model.now}

    def attempt(self, refusal: type[Exception] | None, act: Callable[[], Any]) -> None:
        """Do something that must be refused with this, or that must not be refused."""
        self.counts["steps"] += 1
        if refusal is None:
            act()
            return
        with pytest.raises(refusal), transaction.atomic():
            act()

    # What people write

    @rule(patient=patients, said=feelings, ago=st.sampled_from(AGO))
    def log(self, patient: str, said: dict[str, Any], ago: timedelta) -> None:
        id, answers = uuid4(), said | {"observed_at": self.model.now - ago}
        self.attempt(None, lambda: entries.log(**self.at(patient), id=id, zone="UTC", **answers))
        self.model.entries[id] = Said(patient, answers)

    @precondition(lambda self: self.model.entries)
    @rule(which=places, other=feelings, same=st.booleans())
    def send_again(self, which: int, other: dict[str, Any], same: bool) -> None:
        id, said = self.an(self.model.entries, which)
        answers = said.answers if same else said.answers | other
        logged = entries.log(**self.at(said.patient), id=id, zone="UTC", **answers)
        self.counts["steps"] += 1
        assert (logged.created, logged.entry.pk) == (False, id)

    @precondition(lambda self: self.model.entries)
    @rule(which=places, other=feelings, ago=st.sampled_from([None, *AGO]), stale=st.booleans())
    def amend(self, which: int, other: dict[str, Any], ago: timedelta | None, stale: bool) -> None:
        id, said = self.an(self.model.entries, which)
        answers = said.answers | other | ({} if ago is None else {"observed_at": self.model.now - ago})
        refusal = diaries.StaleEdit if stale or said.withdrawn else None
        seen = {"entry": Entry.objects.get(pk=id), "version": said.version - stale}
        self.attempt(refusal, lambda: entries.amend(**self.at(said.patient), **seen, **answers))
        if refusal is None:
            kept = answers | {"red_flags": sorted({*said.answers["red_flags"], *other["red_flags"]})}
            said.version += kept != said.answers
            said.answers = kept

    @precondition(lambda self: self.model.entries)
    @rule(which=places, back=st.booleans())
    def withdraw_or_restore(self, which: int, back: bool) -> None:
        id, said = self.an(self.model.entries, which)
        act = entries.restore if back else entries.withdraw
        self.attempt(None, lambda: act(**self.at(said.patient), entry=Entry.objects.get(pk=id)))
        said.withdrawn = not back

    @rule(patient=patients, reader=st.sampled_from([None, *READERS]), ago=st.sampled_from(AGO))
    def treat(self, patient: str, reader: str | None, ago: timedelta) -> None:
        id, ended_at, by = uuid4(), self.model.now - ago, reader or patient
        refusal = sessions.SessionAtThatInstant if self.is_taken(patient, ended_at) else None
        if reader and not self.model.reads(reader, patient):
            refusal = PermissionDenied
        answers = {"ended_at": ended_at, "zone": "UTC", "pain_before": 3}
        about = {"patient": self.people[patient], "id": id}
        self.attempt(refusal, lambda: sessions.record(**self.at(by), **about, **answers))
        if refusal is None:
            self.model.sessions[id] = Held(patient, by, ended_at)

    def is_taken(self, patient: str, ended_at: Any) -> bool:
        held = self.model.sessions.values()
        return any((one.patient, one.ended_at, one.withdrawn) == (patient, ended_at, False) for one in held)

    @precondition(lambda self: self.model.sessions)
    @rule(which=places)
    def withdraw_session(self, which: int) -> None:
        id, held = self.an(self.model.sessions, which)
        refusal = None if held.by == held.patient or self.model.reads(held.by, held.patient) else PermissionDenied
        session = TreatmentSession.objects.get(pk=id)
        self.attempt(refusal, lambda: sessions.withdraw(**self.at(held.by), session=session))
        held.withdrawn = held.withdrawn or refusal is None

    # Who reads

    @rule(patient=patients, reader=readers, days=st.sampled_from([None, None, 2, 20]))
    def share(self, patient: str, reader: str, days: int | None) -> None:
        refusal: type[Exception] | None = shares.AlreadyShared if self.model.is_shared(patient, reader) else None
        refusal = shares.UnknownCode if reader in self.model.away else refusal
        ends = days and self.model.now + days * DAY
        code = self.people[reader].practitioner.spoken_code
        self.attempt(refusal, lambda: shares.grant(**self.at(patient), code=code, expires_at=ends))
        if refusal is None:
            self.model.shares[patient, reader] = ends

    @precondition(lambda self: self.model.shares)
    @rule(which=places)
    def revoke(self, which: int) -> None:
        (patient, reader), _ = self.an(self.model.shares, which)
        held = Share.objects.get(patient=self.people[patient], practitioner=self.people[reader], revoked_at=None)
        self.attempt(None, lambda: shares.revoke(**self.at(patient), share=held))
        del self.model.shares[patient, reader]

    @rule(reader=readers, said=st.booleans())
    def close_or_open_account(self, reader: str, said: bool) -> None:
        """Close an account, having said or not who takes over (the patients choose), or open it again."""
        if reader in self.model.away:
            self.attempt(None, lambda: accounts.activate(**self.at("admin"), user=self.person(reader)))
            self.model.away.remove(reader)
            return
        needed = not said and any(self.model.is_shared(patient, reader) for patient in PATIENTS)
        refusal = handovers.HandoverNeeded if needed else None
        handover = handovers.PATIENTS_CHOOSE if said else None
        about = {"user": self.person(reader), "handover": handover}
        self.attempt(refusal, lambda: accounts.deactivate(**self.at("admin"), **about))
        if refusal is None:
            self.model.away.add(reader)

    # Who answers

    @precondition(lambda self: self.model.flags)
    @rule(which=places, reader=readers, act=st.sampled_from(ACTS))
    def answer(self, which: int, reader: str, act: str) -> None:
        id, told = self.an(self.model.flags, which)
        refusal = None if told.may(act) else flags.AlreadyHandled
        if not self.model.reads(reader, told.patient):
            refusal = PermissionDenied
        done = {"flag": Flag.objects.get(pk=id), "note": "seen"}
        handle = flags.reopen if act == "reopened" else lambda **said: flags.handle(**said, outcome=act)
        self.attempt(refusal, lambda: handle(**self.at(reader), **done))
        if refusal is None:
            told.act(act, reader, self.model.now)
            self.opened_again(told)

    @precondition(lambda self: any(told.last for told in self.model.flags.values()))
    @rule(which=places, reader=readers)
    def undo(self, which: int, reader: str) -> None:
        id, told = self.an({id: told for id, told in self.model.flags.items() if told.last}, which)
        allowed = self.model.reads(reader, told.patient) and told.may_undo(reader, self.model.now)
        refusal = None if allowed else PermissionDenied
        self.attempt(refusal, lambda: flags.undo(**self.at(reader), flag=Flag.objects.get(pk=id)))
        if allowed:
            told.undo()
            self.opened_again(told)

    def opened_again(self, told: Told) -> None:
        if told.status == "open":
            told.open_again(self.model.readers_of(told.patient), self.model.now)

    # What happens by itself

    @rule(length=st.sampled_from(JUMPS))
    def wait(self, length: timedelta) -> None:
        self.counts["steps"] += 1
        self.model.now += length

    @rule(length=st.sampled_from([0 * DAY, *JUMPS]), mail=st.sampled_from(["works", "works", "down", "in and out"]))
    def work(self, length: timedelta, mail: str) -> None:
        """Let the worker do all that is due after some time."""
        self.counts["steps"] += 1
        self.model.now += length
        now, post = self.model.now, Post(mail)
        rounds = 1
        while self.round(post):
            rounds += 1
            assert rounds < ROUNDS, "the worker does one thing for ever"
        self.model.worked_at = now
        self.everybody_who_may_know_was_told()

    def everybody_who_may_know_was_told(self) -> None:
        """Of what nobody attends to, whoever reads the diary by now was told since a person last opened it."""
        for left in Escalation.objects.unattended():
            told = self.model.flags[left.pk]
            rows = Notification.objects.filter(flag=left.pk, created_at__gte=told.opened_again)
            recipients = {self.names[pk] for pk in rows.values_list("recipient", flat=True)}
            assert self.model.readers_of(told.patient) <= recipients

    def round(self, post: "Post") -> int:
        """Return how many things were due."""
        now = self.model.now
        rows, unanswered, old = notifications.claim(now=now), escalations.due(now=now), diaries.due(now=now)
        for row in rows:
            self.hand_over(row, post)
        for flag in unanswered:
            escalations.pass_on(flag, now=now)
        for flag in escalations.left(now=now):
            escalations.take_up(flag, now=now)
        for diary in old:
            diaries.reassess_if_due(diary, now=now)
        self.see()
        return len(rows) + len(unanswered) + len(old)

    def hand_over(self, row: Notification, post: "Post") -> None:
        """Deliver one message: it is sent, waits or goes, as the model says; `unattended` goes to admins."""
        self.see()
        recipient = self.names[row.recipient_id]
        with patch.object(notifications, "compose", post.compose):
            sent = notifications.deliver(row, now=self.model.now)
        left = Notification.objects.filter(pk=row.pk).first()
        if row.kind == "unattended":
            assert recipient == "admin"
        elif not self.model.wants(row.kind, recipient, row.flag_id):
            assert (sent, left) == (False, None), f"{row.kind} to {recipient}, who may no longer know"
            if row.flag_id:
                self.model.flags[row.flag_id].owed.discard(recipient)
        else:
            assert left is not None
            assert sent == (left.sent_at is not None) == (not post.failed)
        self.counts["messages sent"] += sent

    def an(self, things: dict[Any, Any], which: int) -> tuple[Any, Any]:
        return list(things.items())[which % len(things)]


class Post:
    """A mail server that takes messages, none of them, or every other one."""

    def __init__(self, mood: str) -> None:
        self.mood, self.failed, self.asked = mood, False, 0

    def compose(self, row: Notification, now: datetime) -> Any:
        notices.compose(row, now)
        return SimpleNamespace(send=self.take)

    def take(self) -> None:
        self.asked += 1
        self.failed = self.mood == "down" or (self.mood == "in and out" and self.asked % 2 == 1)
        if self.failed:
            raise SMTPServerDisconnected
