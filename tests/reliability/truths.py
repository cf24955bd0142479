"""What must be true of a practice after every step of its life, by a plain model of it."""

from collections import Counter
from itertools import cycle
from typing import Any
from uuid import UUID

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from diary.actions import flags
from diary.clinical.assess import assess
from diary.models import (
    Diary,
    Entry,
    Escalation,
    Event,
    Flag,
    Notification,
    TreatmentSession,
    User,
    diary_of,
    instant,
)
from diary.permissions import visible_diaries, visible_entries, visible_flags, visible_sessions
from tests.people import NOW
from tests.reliability.model import Model, Said

PATIENTS, READERS = ("ana", "ben"), ("paula", "remy")
RED_FLAG = "red-flag"


class Truths(RuleBasedStateMachine):
    """One practice. `people` are by name: two patients, two readers, an admin; the first reader has the first diary."""

    people: dict[str, User]
    counts: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.model = Model(NOW, READERS, shares={("ana", "paula"): None})
        self.names = {person.pk: name for name, person in self.people.items()}
        self.known: set[UUID] = set()
        self.kinds = cycle([visible_diaries, visible_entries, visible_flags, visible_sessions])

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def person(self, name: str) -> User:
        """Return somebody as a request finds them."""
        return User.objects.get(pk=self.people[name].pk)

    @invariant()
    def all_is_well(self) -> None:
        self.see()
        self.what_was_acknowledged_is_there_once()
        self.each_sees_what_is_shared()
        self.what_is_urgent_is_told_and_passed_on()
        self.flags_are_those_of_the_whole_diary()

    def see(self) -> None:
        """No flag ever disappears, each begins open, and none is in another state than people left it in."""
        rows = {row.pk: row for row in Flag.objects.select_related("handled_by")}
        assert set(rows) >= set(self.model.flags)
        for row in rows.values():
            self.model.see(row.pk, self.names[row.patient_id], row.level)
            by = self.names[row.handled_by_id] if row.handled_by_id else ""
            assert (row.status, row.outcome, by) == self.model.flags[row.pk].state
        states = Counter(told.status for told in self.model.flags.values())
        raised = Event.objects.filter(verb="flag-raised").count()
        assert raised == states["open"] + states["acknowledged"] + states["closed"]

    def what_was_acknowledged_is_there_once(self) -> None:
        rows = {row.pk: row for row in Entry.objects.all()}
        assert set(rows) == set(self.model.entries)
        for id, said in self.model.entries.items():
            answers = {name: getattr(rows[id], name) for name in said.answers}
            kept = Said(self.names[rows[id].patient_id], answers, bool(rows[id].withdrawn_at), rows[id].version)
            assert kept == said
        held = {row.pk: bool(row.withdrawn_at) for row in TreatmentSession.objects.all()}
        assert held == {id: held.withdrawn for id, held in self.model.sessions.items()}

    def each_sees_what_is_shared(self) -> None:
        """One kind of rows after each step, in turn: to ask for all of them takes longer than all else here."""
        visible = next(self.kinds)
        for name in self.people:
            own = {patient for patient in PATIENTS if patient == name or self.model.reads(name, patient)}
            rows = visible(self.person(name), self.model.now).values_list("pk", "patient")
            assert {(id, self.names[patient]) for id, patient in rows} == self.rows_of(own)[visible]

    def rows_of(self, names: set[str]) -> dict[Any, set[tuple[Any, str]]]:
        model = self.model
        kinds = {visible_entries: model.entries, visible_flags: model.flags, visible_sessions: model.sessions}
        rows = {
            kind: {(id, one.patient) for id, one in things.items() if one.patient in names}
            for kind, things in kinds.items()
        }
        return rows | {visible_diaries: {(self.people[name].pk, name) for name in names}}

    def what_is_urgent_is_told_and_passed_on(self) -> None:
        made = Notification.objects.exclude(flag=None).values_list("pk", "kind", "flag", "recipient", "created_at")
        rows = [(id, kind, flag, self.names[recipient], at) for id, kind, flag, recipient, at in made]
        for id, _, flag, recipient, _ in rows:
            if id not in self.known:
                assert self.model.reads(recipient, self.model.flags[flag].patient)
        self.known |= {id for id, *_ in rows}
        urgent = [row for row in rows if row[1] == "urgent"]
        told = {(flag, name) for *_, flag, name, at in urgent if at >= self.model.flags[flag].opened_again}
        assert told >= {(id, name) for id, told in self.model.flags.items() for name in told.owed}
        passed = {row.pk for row in Escalation.objects.all() if row.steps or row.unattended_at}
        assert passed >= {id for id, told in self.model.flags.items() if told.is_overdue(self.model.worked_at)}

    def flags_are_those_of_the_whole_diary(self) -> None:
        """Compared with every finding of the whole diary, wherever nothing is due to be looked at again."""
        for name in PATIENTS:
            self.red_flags_stand(name)
            due_at = Diary.objects.get(patient=self.people[name]).due_at
            if due_at is None or due_at > self.model.now:
                self.counts["assessments compared"] += 1
                self.compare(name)

    def red_flags_stand(self, name: str) -> None:
        """What was reported once is told, though the entry was amended or withdrawn since."""
        mine = {id: said for id, said in self.model.entries.items() if said.patient == name}
        rows = Flag.objects.filter(patient=self.people[name], rule=RED_FLAG, withdrawn_at=None)
        reported = {(id, code) for id, said in mine.items() for code in said.answers["red_flags"]}
        assert set(rows.values_list("entry", "code")) == reported

    def compare(self, name: str) -> None:
        findings = assess(diary_of(self.people[name]), instant(self.model.now)).findings
        standing = Flag.objects.filter(patient=self.people[name], withdrawn_at=None)
        told: dict[tuple[Any, ...], list[Flag]] = {}
        for flag in standing:
            about = flag.rule, str(flag.session_id or flag.entry_id), flag.symptom, flag.code, instant(flag.fired_at)
            told.setdefault(about, []).append(flag)
        found = {
            (one.rule, one.session or one.evidence[0], one.symptom or "", one.code or "", one.fired_at): one
            for one in findings
        }
        assert {about for about in told if about[0] != RED_FLAG} == {about for about in found if about[0] != RED_FLAG}
        assert set(told) >= set(found)
        for about, finding in found.items():
            ends = {flag.resolved_at and instant(flag.resolved_at) for flag in told[about]}
            levels = {flag.level for flag in told[about]}
            assert (ends, max(levels) >= flags.LEVELS[finding.level]) == ({finding.resolved_at}, True)
            assert {flag.level for flag in told[about] if flag.status == "open"} <= {flags.LEVELS[finding.level]}
