"""A flag's life: raised and followed by the rules, handled by people."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.dateparse import parse_datetime

from diary.actions import escalations, notifications
from diary.actions.audit import record_event
from diary.actions.life import BEFORE, LIFE, is_undoable, takes_urgency
from diary.actions.reconciling import RED_FLAG, match
from diary.clinical.assess import Assessment, Finding
from diary.clinical.diary import Diary
from diary.clinical.inputs import Inputs
from diary.models import Flag, Level, Share, Step, User, diary_of
from diary.models.readings import HELD, moment
from diary.permissions import can_handle, can_say_urgency, can_undo, escalation_of, notified_of, require

LEVELS = {name: Level[name.upper()] for name in ("notice", "review", "priority", "urgent")}
ABOUT = ("patient_id", "rule", "session_id", "entry_id", "symptom", "code", "rules_version", "fired_at")
HANDLED = ("status", "outcome", "handled_at", "handled_by_id")


class AlreadyHandled(Exception):
    """Somebody else was first; `flag` says who and how."""

    def __init__(self, flag: Flag) -> None:
        super().__init__("the flag was handled meanwhile")
        self.flag = flag


class HasRisen(Exception):
    """The flag is more pressing than it was when whoever answers it looked; `flag` says how it stands."""

    def __init__(self, flag: Flag) -> None:
        super().__init__("the flag has become more pressing meanwhile")
        self.flag = flag


class OpenAlready(Exception):
    """Another flag of the same finding is open, as more pressing; `flag` is that one."""

    def __init__(self, flag: Flag) -> None:
        super().__init__("another flag of the same finding is open")
        self.flag = flag


# By the rules


def reconcile(
    *,
    patient: User,
    diary: Diary,
    assessment: Assessment,
    now: datetime,
    closed_until: datetime | None = None,
    told_since: datetime | None = None,
) -> list[Flag]:
    """Bring a held diary's flags up to its findings; return the flags raised, their notifications queued.

    New findings raise flags; flags whose finding is gone are withdrawn, visibly; flags that a person handled stay
    handled, and a finding that has become worse since raises a new one. What other rules raised, only a change of the
    diary moves (docs/adr/0006). `closed_until`: the end of a closed past; its flags are final.
    `told_since`: of flags that fired before it nobody is told.
    """
    version, said = assessment.rules_version, Inputs(diary, assessment.now)
    # Held: who answers one at this moment has answered what it said before, or is told that it has risen.
    flags = Flag.objects.of(patient).select_for_update()
    standing = flags.filter(fired_at__gte=closed_until) if closed_until else flags
    matched = match(assessment.findings, list(standing), version)
    let_go(matched.unsupported, said, version, now)
    worse, risen = follow_all(matched.told, version, now)
    new = matched.untold + worse
    if closed_until and new:  # a course over several sessions rests on more than was read
        said = Inputs(diary_of(patient), assessment.now)
    raised = raise_flags([raised_flag(patient, said, finding, version, now) for finding in new], now)
    tell([flag for flag in raised + risen if told_since is None or flag.fired_at >= told_since], now)
    return raised


def let_go(flags: list[Flag], said: Inputs, version: str, now: datetime) -> None:
    """Withdraw flags that a diary no longer supports; those of other rules only where it is the diary that changed."""
    for flag in flags:
        if flag.rules_version == version or not says_the_same(said, flag):
            change(flag, now, withdrawn_at=now)


def follow_all(told: list[tuple[Finding, list[Flag]]], version: str, now: datetime) -> tuple[list[Finding], list[Flag]]:
    """Let flags say what their findings say now; return the findings worse than these may say, and the flags risen."""
    before = {flag.pk: flag.level for _, flags in told for flag in flags}
    # What has settled is written first: of one kind no two are current, not even between two writings.
    told = sorted(told, key=lambda one: one[0].resolved_at is None)
    worse = [finding for finding, flags in told if not follow(flags, finding, version, now)]
    return worse, [flag for _, flags in told for flag in flags if flag.level > before[flag.pk]]


def raise_flags(flags: list[Flag], now: datetime) -> list[Flag]:
    Flag.objects.bulk_create(flags)
    for flag in flags:
        record_event(by=None, now=now, stream=flag.patient_id, verb="flag-raised", subject=flag.pk, new=flag.rule)
    return flags


def tell(flags: list[Flag], now: datetime) -> None:
    """Tell practitioners of flags of one diary, and watch over the urgent ones."""
    telling = [flag for flag in flags if flag.level >= Level.REVIEW]
    if telling:
        people = notified_of(telling[0].patient_id, now)
        notifications.queue_flags(telling, people, now=now)
        escalations.begin(telling, people, now=now)


def tell_reader(reader: User, patient: User, now: datetime) -> None:
    """Tell a practitioner who may read a diary from now on of what waits in it."""
    waiting = list(Flag.objects.of(patient).waiting().for_practitioners())
    if waiting and reader in escalation_of(patient.pk, now):
        # Whoever was told before an earlier share ended found nothing there any more.
        lost = Share.objects.filter(patient=patient, practitioner=reader).aggregate(at=Max("revoked_at"))["at"]
        notifications.let_go(waiting, reader, before=lost)
        notifications.queue_flags(waiting, [reader], now=now)


def says_the_same(said: Inputs, flag: Flag) -> bool:
    """Tell whether a diary still says what a flag was raised on: then it is the rules that have changed."""
    rested_on = said.rested_on(str(flag.session_id), flag.evidence)
    return all(flag.inputs.get(part) == now for part, now in rested_on.items())


def follow(flags: list[Flag], finding: Finding, version: str, now: datetime) -> bool:
    """Let flags say what their finding says now; answer False where it is worse than each of them may say."""
    for flag in flags:
        change(flag, now, **facts_of(flag, finding, version))
    return any(flag.level >= LEVELS[finding.level] for flag in flags)


def facts_of(flag: Flag, finding: Finding, version: str) -> dict[str, Any]:
    """Return what a flag is to say of its finding: raised by other rules, no more than that it has settled since."""
    if flag.rules_version != version:
        return {"resolved_at": flag.resolved_at or resolution(finding), "withdrawn_at": None}
    facts = {"fired_at": moment(finding.fired_at), "resolved_at": resolution(finding), "withdrawn_at": None}
    waiting = flag.status == Flag.Status.OPEN
    return facts | ({"level": LEVELS[finding.level], "evidence": list(finding.evidence)} if waiting else {})


def raised_flag(patient: User, said: Inputs, finding: Finding, version: str, now: datetime) -> Flag:
    return Flag(
        patient=patient,
        rule=finding.rule,
        session_id=finding.session,
        entry_id=finding.evidence[0] if finding.rule == RED_FLAG else None,
        symptom=finding.symptom or "",
        code=finding.code or "",
        level=LEVELS[finding.level],
        evidence=list(finding.evidence),
        rules_version=version,
        inputs=said.of(finding),
        fired_at=moment(finding.fired_at),
        resolved_at=resolution(finding),
        raised_at=now,
    )


def change(flag: Flag, now: datetime, **values: Any) -> None:
    """Save what differs, with an event; nothing where nothing does."""
    old = {name: getattr(flag, name) for name, value in values.items() if getattr(flag, name) != value}
    if not old:
        return
    new = {name: values[name] for name in old}
    for name, value in new.items():
        setattr(flag, name, value)
    flag.save(update_fields=list(new))
    record_event(by=None, now=now, stream=flag.patient_id, verb="flag-followed", subject=flag.pk, old=old, new=new)


def resolution(finding: Finding) -> datetime | None:
    return None if finding.resolved_at is None else moment(finding.resolved_at)


# By people; which act leads where stands in `life`


@transaction.atomic
def handle(*, by: User, now: datetime, flag: Flag, outcome: str, note: str = "", seen: int | None = None) -> Flag:
    """Acknowledge a flag, or close it as contacted, referred or not a concern (which needs its reason in the note).

    `seen` is the level at which it was looked at. Raises AlreadyHandled where another person was first, HasRisen where
    it has become more pressing since.
    """
    require(can_handle(by, flag, now))
    flag = held(flag)
    end = end_of(flag, outcome)
    if seen is not None and flag.level > seen:
        raise HasRisen(flag)
    new = {"status": end, "outcome": outcome, "handled_at": now, "handled_by_id": by.pk}
    return take_step(flag, new, by=by, now=now, action=outcome, note=note)


@transaction.atomic
def reopen(*, by: User, now: datetime, flag: Flag, note: str = "") -> Flag:
    """Put a handled flag back on the worklist.

    Raises AlreadyHandled where another person was first, OpenAlready where what has become worse since waits there.
    """
    require(can_handle(by, flag, now))
    flag = held_to_open(flag)
    new = {"status": end_of(flag, "reopened"), "outcome": "", "handled_at": None, "handled_by_id": None}
    return take_step(flag, new, by=by, now=now, action="reopened", note=note)


@transaction.atomic
def undo(*, by: User, now: datetime, flag: Flag) -> Flag:
    """Take back one's own last step on the day it was made; the step and its undoing both stay in the history.

    Raises OpenAlready as reopening does.
    """
    require(can_handle(by, flag, now))
    flag = held_to_open(flag)
    last = flag.steps.last()
    if last is None:
        raise PermissionDenied
    require(can_undo(by, last) and is_undoable(last, now, by.time_zone) and end_of(flag, "undone") == BEFORE)
    before = last.before | {"handled_at": parse_datetime(last.before["handled_at"] or "")}
    return take_step(flag, before, by=by, now=now, action="undone")


def held(flag: Flag) -> Flag:
    """Return a flag as it stands, nobody else's to change until the transaction ends: of two people the first wins.

    Whose diary was deleted a moment ago has none: that is refused.
    """
    found = Flag.objects.select_for_update().filter(pk=flag.pk).first()
    if found is None:
        raise PermissionDenied
    return found


def held_to_open(flag: Flag) -> Flag:
    """Return a flag held, once nobody else opens another of its finding: the diary is held first, as by who writes."""
    HELD.rows(patient=flag.patient)
    return held(flag)


def end_of(flag: Flag, act: str) -> str:
    """Return where an act leads. Raises AlreadyHandled where it leads nowhere: the second is told of the first."""
    if (flag.status, act) not in LIFE:
        raise AlreadyHandled(flag)
    return LIFE[flag.status, act]


def take_step(flag: Flag, new: dict[str, Any], *, by: User, now: datetime, action: str, note: str = "") -> Flag:
    """Change a held flag, with a step for its history."""
    if new["status"] == Flag.Status.OPEN:
        refuse_second(flag)
    before = {name: getattr(flag, name) for name in HANDLED}
    for name, value in new.items():
        setattr(flag, name, value)
    flag.save(update_fields=HANDLED)
    Step.objects.create(flag=flag, patient_id=flag.patient_id, at=now, by=by, action=action, note=note, before=before)
    if flag.status == Flag.Status.OPEN:
        tell([flag], now)
    record_event(by=by, now=now, stream=flag.patient_id, verb=f"flag-{action}", subject=flag.pk)
    return flag


def refuse_second(flag: Flag) -> None:
    """Let one flag of a finding be open at a time: two would follow it to the same words."""
    same = Flag.objects.waiting().filter(**{name: getattr(flag, name) for name in ABOUT})
    if other := same.exclude(pk=flag.pk).first():
        raise OpenAlready(other)


# By the patient


@transaction.atomic
def say_urgency(*, by: User, now: datetime, flag: Flag, urgency: str) -> Flag:
    """Keep whether a flag is urgent to its patient or can wait; it can be said otherwise later, and lowers nothing."""
    require(can_say_urgency(by, flag))
    flag = held(flag)
    require(takes_urgency(flag))  # as it stands now: it may have been closed since it was fetched
    old = flag.patient_urgency
    flag.patient_urgency, flag.patient_urgency_at = urgency, now
    flag.save(update_fields=["patient_urgency", "patient_urgency_at"])
    record_event(by=by, now=now, stream=by.pk, verb="flag-urgency-said", subject=flag.pk, old=old, new=urgency)
    return flag
