"""What docs/operating-characteristics.md says of changes to the rules that nobody has adopted."""

from collections.abc import Callable

import pytest

from diary.simulation.bars import verdicts
from diary.simulation.cases import LASTING_AGGRAVATION, LINGERING_SORENESS, SEVERE_AGGRAVATION
from diary.simulation.parameters import Parameters
from diary.simulation.rulers import RULERS
from diary.simulation.run import run
from diary.simulation.tally import Tally
from tests.simulation import proposals

R5 = (proposals.room_at_the_top, proposals.usual_pain_counts, proposals.their_word_counts)
SORENESS = (proposals.fading_is_told, proposals.first_faint_is_noticed)


def under(*adopted: Callable, patients: int = 250, given: Parameters | None = None) -> Tally:
    given = given or Parameters(harm=0.5, lingering=0.3)
    with pytest.MonkeyPatch.context() as patch:
        proposals.adopt(patch.setattr, proposals.together(*adopted))
        (tally,) = run(patients, 1, given, RULERS[:1]).tallies.values()
    return tally


@pytest.fixture(scope="module")
def now() -> Tally:
    return under()


def test_nothing_adopted_is_the_rules_and_nothing_stays_adopted(now: Tally):
    assert now == next(iter(run(250, 1, Parameters(harm=0.5, lingering=0.3), RULERS[:1]).tallies.values()))


def test_each_changes_its_own_rule_alone(now: Tally):
    for rule, parts in [
        ("lingering-reaction", SORENESS),
        ("worsening-course", (*R5, proposals.four_sessions)),
    ]:
        for proposal in parts:
            changed = {key[0] for key, _ in now.flags.items() ^ under(proposal).flags.items()}
            assert changed == {rule}, proposal.__name__
    changed = {key[0] for key, _ in now.flags.items() ^ under(proposals.one_reading_asks_again).flags.items()}
    assert changed == {"severe-pain", "escalating-pain"}  # where severe pain is silent, the other is no mere notice


@pytest.mark.full
def test_fading_soreness_is_told_and_a_first_faint_one_only_noticed(now: Tally):
    told = [under(*parts).told_of(LINGERING_SORENESS).are for parts in (SORENESS[1:], (), SORENESS, SORENESS[:1])]
    assert told == sorted(told)
    assert told[0] < told[-1]
    assert under(SORENESS[1]).told.are < now.told.are


@pytest.mark.full
def test_what_the_page_says_of_soreness():
    figures = [verdict.result for verdict in verdicts(under(*SORENESS, patients=4000, given=Parameters()))]
    assert figures == ["missed", "met", "met", "missed", "missed"]


@pytest.mark.full
def test_what_the_page_says_of_single_readings():
    before, after = (
        under(*parts, patients=4000, given=Parameters()) for parts in ((), (proposals.one_reading_asks_again,))
    )
    assert 0.15 < after.told.value < 0.2 < before.told.value
    for kind in (SEVERE_AGGRAVATION, LASTING_AGGRAVATION):
        assert after.told_of([kind]).value < before.told_of([kind]).value


@pytest.mark.full
def test_what_the_page_says_of_the_course():
    harmed = Parameters(harm=0.5)
    before, after = (under(*parts, patients=2400, given=harmed) for parts in ((), R5))
    assert before.confirmed.value < 0.85 <= after.confirmed.value
    assert 0.02 < after.confirmed_of_well.value < before.confirmed_of_well.value


@pytest.mark.full
def test_what_the_page_says_of_flares():
    figures = [verdict.result for verdict in verdicts(under(patients=4000, given=Parameters(flare_every_days=1e6)))]
    assert figures == ["met", "missed", "met", "missed", "missed"]
