"""Counting, on truths and findings made by hand."""

import pytest

from diary.clinical.diary import DAY, HOUR, Diary, Entry, Session
from diary.clinical.finding import Finding
from diary.simulation.bars import BARS, verdicts
from diary.simulation.cases import (
    AGGRAVATION,
    CONFIRMED,
    LASTING_AGGRAVATION,
    LINGERING_OTHER,
    MARKED_BRUISE,
    PROGRESSIVE,
    SEVERE_AGGRAVATION,
    SORE_A_LITTLE_LONGER,
    SORE_FOR_LONG,
    SORENESS,
    expected,
    harms,
)
from diary.simulation.cohort import Patient
from diary.simulation.tally import Sensitivity, Share, Tally
from diary.simulation.truth import Episode, Harm, Reaction, Truth

SESSIONS = (0, 7 * DAY, 14 * DAY)


def truth(*parts, level=5.0, harm=None, bleeds_easily=False) -> Truth:
    reactions = tuple(part for part in parts if isinstance(part, Reaction))
    episodes = tuple(part for part in parts if isinstance(part, Episode))
    return Truth(level, 0.0, SESSIONS, reactions, episodes, harm, bleeds_easily)


def sore(hours: int, peak: int = 3, session: int = 0) -> Reaction:
    return Reaction("soreness", session, session + hours * HOUR, peak)


def patient(truth: Truth, *hours: int) -> Patient:
    entries = tuple(Entry(f"{hour}h", hour * HOUR, hour * HOUR, 5, 1) for hour in hours)
    sessions = tuple(Session(f"s{at}", at) for at in truth.sessions)
    return Patient(truth, Diary(sessions=sessions, entries=entries), truth.ends)


def finding(rule: str, hour: int, level: str = "review", symptom=None, *evidence: str, resolved=None) -> Finding:
    return Finding(rule, "s0", symptom, None, level, hour * HOUR, evidence, resolved)


def counted(patient: Patient, *findings: Finding) -> Tally:
    tally = Tally()
    tally.add(patient, findings)
    return tally


@pytest.mark.parametrize(
    ("part", "kinds"),
    [
        (sore(48), []),
        (sore(49), [SORE_A_LITTLE_LONGER]),
        (sore(80), [SORE_FOR_LONG]),
        (sore(10, peak=7), [LINGERING_OTHER]),
        (Reaction("fatigue", 0, 49 * HOUR, 1), [LINGERING_OTHER]),
        (Reaction("fatigue", 0, 48 * HOUR, 3), []),
        (Reaction("dizziness", 0, 10 * HOUR, 3), [LINGERING_OTHER]),
        (Reaction("bruising", 0, 200 * HOUR, 2), []),
        (Reaction("bruising", 0, 200 * HOUR, 3), [MARKED_BRUISE]),
        (Episode(0, HOUR, 48 * HOUR, 2.0), []),
        (Episode(0, HOUR, 48 * HOUR, 3.0), [SEVERE_AGGRAVATION]),
        (Episode(0, HOUR, 49 * HOUR, 3.0), [LASTING_AGGRAVATION]),
        (Episode(None, HOUR, 300 * HOUR, 3.0), []),
    ],
)
def test_what_is_harm_and_what_is_expected(part, kinds):
    assert [case.kind for case in harms(truth(part))] == kinds
    is_natural = isinstance(part, Episode) and part.session is None
    assert bool(list(expected(truth(part)))) is (not kinds and not is_natural)


def test_a_moderate_bruise_is_harm_where_blood_is_thinned():
    bruise = Reaction("bruising", 0, 200 * HOUR, 2)
    assert [case.kind for case in harms(truth(bruise, bleeds_easily=True))] == [MARKED_BRUISE]


def test_lingering_soreness_is_told_at_review_and_found_at_notice():
    lingering = patient(truth(sore(100)), 24, 50)
    told = counted(lingering, finding("lingering-reaction", 50, "review", "soreness")).harms[SORE_FOR_LONG]
    assert (told.told, told.told_given_entry, told.found_given_entry, told.hours) == (
        Share(1, 1),
        Share(1, 1),
        Share(1, 1),
        [2.0],
    )
    found = counted(lingering, finding("lingering-reaction", 50, "notice", "soreness")).harms[SORE_FOR_LONG]
    assert (found.told, found.told_given_entry, found.found_given_entry) == (Share(1, 0), Share(1, 0), Share(1, 1))


def test_without_an_entry_after_48_hours_nobody_could_tell():
    counts = counted(patient(truth(sore(100)), 24, 48, 101)).harms[SORE_FOR_LONG]
    assert (counts.told, counts.told_given_entry) == (Share(1, 0), Share(0, 0))


@pytest.mark.parametrize(
    "beside",
    [
        finding("lingering-reaction", 50, "review", "fatigue"),
        finding("lingering-reaction", 101, "review", "soreness"),
        finding("severe-pain", 50, "priority"),
        finding("naive", 50),
    ],
)
def test_a_finding_about_something_else_is_no_credit(beside):
    tally = counted(patient(truth(sore(100)), 50), beside)
    assert tally.harms[SORE_FOR_LONG].told == Share(1, 0)
    assert tally.false_alarms == 1


def test_a_course_is_confirmed_at_priority_only_and_after_the_harm_began():
    harmed = patient(truth(harm=Harm(7 * DAY, 1, 4)))
    for told, confirmed, level, day in [(1, 1, "priority", 20), (1, 0, "review", 20), (0, 0, "priority", 6)]:
        tally = counted(harmed, finding("worsening-course", day * 24, level))
        assert tally.harms[PROGRESSIVE].told == Share(1, told)
        assert tally.harms[CONFIRMED].told == Share(1, confirmed)
        assert tally.confirmed_of_well == Share(0, 0)


def test_a_well_patient_confirmed_as_worse_is_counted():
    assert counted(patient(truth()), finding("worsening-course", 99, "priority")).confirmed_of_well == Share(1, 1)
    assert counted(patient(truth()), finding("worsening-course", 99, "review")).confirmed_of_well == Share(1, 0)


def test_expected_reactions_are_silent_unless_the_practitioner_is_told():
    mild = patient(truth(sore(20), Episode(0, HOUR, 20 * HOUR, 1.0)))
    assert counted(mild).silent == {SORENESS: Share(1, 1), AGGRAVATION: Share(1, 1)}
    noticed = counted(mild, finding("lingering-reaction", 50, "notice", "soreness"))
    assert noticed.silent[SORENESS] == Share(1, 1)
    told = counted(mild, finding("lingering-reaction", 50, "review", "soreness"), finding("severe-pain", 10))
    assert told.silent == {SORENESS: Share(1, 0), AGGRAVATION: Share(1, 0)}
    assert told.behind == {("lingering-reaction", "expected reaction"): 1, ("severe-pain", "expected reaction"): 1}


def test_what_lay_behind_a_flag():
    flaring = patient(truth(Episode(None, 60 * HOUR, 90 * HOUR, 3.0)), 55, 70)
    tally = counted(
        flaring,
        finding("severe-pain", 70, "priority"),
        finding("escalating-pain", 95, "review", None, "70h"),
        finding("escalating-pain", 100),
        finding("red-flag", 70, "urgent"),
        finding("lingering-reaction", 70, "review", "soreness"),
        finding("silence", 96, "notice"),
    )
    assert tally.behind == {
        ("severe-pain", "natural flare"): 1,
        ("escalating-pain", "natural flare"): 1,
        ("escalating-pain", "no more than noise"): 1,
        ("red-flag", "red flag ticked by mistake"): 1,
        ("lingering-reaction", "soreness answered by mistake"): 1,
    }
    assert (tally.told, tally.sessions_told, tally.false_alarms) == (Share(3, 5), Share(3, 1), 5)


def test_one_spell_told_before_counts_for_the_soreness_it_goes_on_into():
    twice = patient(truth(sore(100), sore(100, session=7 * DAY)), 60, 220)
    open_still = finding("lingering-reaction", 60, "review", "soreness")
    assert counted(twice, open_still).harms[SORE_FOR_LONG].told == Share(2, 2)
    closed = finding("lingering-reaction", 60, "review", "soreness", resolved=110 * HOUR)
    assert counted(twice, closed).harms[SORE_FOR_LONG].told == Share(2, 1)


def outcomes(flags: int, sore: int, silent: int, confirmed: int, well: int) -> Tally:
    """Of 100 each, so many."""
    tally = Tally(patients=100, sessions=100, confirmed_of_well=Share(100, well))
    tally.flags["severe-pain", "priority"] = flags
    tally.flags["silence", "notice"] = 500
    tally.harms[SORE_FOR_LONG] = Sensitivity(told_given_entry=Share(60, sore - 40))
    tally.harms[SORE_A_LITTLE_LONGER] = Sensitivity(told_given_entry=Share(40, 40))
    tally.harms[CONFIRMED] = Sensitivity(told=Share(100, confirmed))
    tally.silent[SORENESS] = Share(100, silent)
    return tally


def test_bars_on_outcomes_made_by_hand():
    met = verdicts(outcomes(15, 95, 95, 85, 2))
    assert [(verdict.share.are, verdict.result) for verdict in met] == [
        (15, "met"),
        (95, "met"),
        (95, "met"),
        (85, "met"),
        (2, "met"),
    ]
    assert not any(verdict.clear for verdict in met)
    missed = verdicts(outcomes(16, 94, 94, 84, 3))
    assert [verdict.result for verdict in missed] == ["missed"] * 5
    assert not any(verdict.clear for verdict in missed)


def test_a_bar_is_clear_where_the_whole_interval_agrees():
    assert all(verdict.clear for verdict in verdicts(outcomes(2, 100, 100, 100, 60))[:4])
    assert verdicts(outcomes(2, 100, 100, 100, 60))[4].result == "missed"
    assert all(verdict.clear for verdict in verdicts(outcomes(90, 45, 10, 10, 60)))


def test_nothing_counted_is_no_verdict():
    assert {verdict.result for verdict in verdicts(Tally())} == {"cannot tell"}


def test_the_bars_are_those_that_were_set():
    assert [bar.wanted for bar in BARS] == ["<= 15", ">= 95 %", ">= 95 %", ">= 85 %", "<= 2 %"]
