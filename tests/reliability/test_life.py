"""Nothing is lost and nobody is missed in whatever order things happen: a practice against a plain model of it.

Row 11 of docs/reliability.md; the steps are in `life`, what must be true after each in `truths`.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from diary.actions import diaries, entries, escalations, flags, notifications, shares
from diary.models import Flag
from tests.reliability.life import Life

FEW = settings(
    max_examples=10, stateful_step_count=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
MANY = settings(FEW, max_examples=500, stateful_step_count=50)
UNTIL_SEEN = settings(FEW, max_examples=300, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False)


@pytest.fixture
def people(admin, paula, remy, ana, ben):
    return {"admin": admin, "paula": paula, "remy": remy, "ana": ana, "ben": ben}


def lived(people, how):
    """Let practices live as often and as long as this says; return what was counted."""
    machine = type("Life", (Life,), {"people": people, "counts": Counter()})
    try:
        run_state_machine_as_test(machine, settings=how)
    except AssertionError as wrong:
        return machine.counts, wrong
    return machine.counts, None


@pytest.mark.parametrize("how", [FEW, pytest.param(MANY, marks=pytest.mark.full)], ids=["few", "many"])
def test_nothing_is_lost_in_whatever_order_things_happen(people, figure, how):
    counts, wrong = lived(people, how)
    said = f"{how.max_examples} practices of up to {how.stateful_step_count} steps: " + ", ".join(
        f"{count:,} {what}" for what, count in sorted(counts.items())
    )
    figure("flags, entries or notices lost after any step", int(wrong is not None), said)
    if wrong:
        raise wrong
    assert counts["steps"] > how.max_examples


def gone(flag, now, **values):
    if values.get("withdrawn_at"):
        Flag.objects.filter(pk=flag.pk).delete()


def nothing(*args, **said):
    return []


def by_flag(flags):
    return {flag: str(flag.pk) for flag in flags}


CONTROLS = {
    "nobody is left on the unattended list": (escalations, "leave", nothing),
    "flags without a notice": (notifications, "queue_flags", nothing),
    "opened again, nobody is told again": (notifications, "keys_of", by_flag),
    "a flag no longer supported is deleted": (flags, "change", gone),
    "messages to whoever was told once": (notifications, "is_wanted", lambda row, now: True),
    "a share that does not end": (shares, "revoke", nothing),
    "an amended entry is not judged again": (entries, "reassess", nothing),
    "what is due is not looked at again": (diaries, "reassess_if_due", nothing),
}
"""The last step of something left out, or its check: each must be found out."""
ALWAYS = ["flags without a notice"]


@pytest.mark.engineless
@pytest.mark.parametrize(
    "name", [name if name in ALWAYS else pytest.param(name, marks=pytest.mark.full) for name in CONTROLS]
)
def test_a_last_step_left_out_is_found_out(people, figure, monkeypatch, name):
    monkeypatch.setattr(*CONTROLS[name])
    counts, wrong = lived(people, UNTIL_SEEN)
    figure(f"control: {name}: found out", wrong is not None, f"after {counts['steps']} steps")
    assert wrong is not None
