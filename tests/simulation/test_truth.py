"""The cohort is what its parameters say."""

from random import Random
from statistics import mean, median, stdev

import pytest

from diary.clinical.diary import HOUR
from diary.simulation.cohort import cohort
from diary.simulation.diarist import Noise
from diary.simulation.parameters import Parameters
from diary.simulation.truth import Episode, Harm, Reaction, Truth

PATIENTS = 1500


@pytest.fixture(scope="module")
def truths() -> list[Truth]:
    return [patient.truth for patient in cohort(PATIENTS, 7, Parameters())]


def test_the_courses_are_as_long_and_as_bad_as_set(truths: list[Truth]):
    assert {len(truth.sessions) for truth in truths} == set(range(6, 13))
    assert mean(truth.level for truth in truths) == pytest.approx(5.5, abs=0.15)
    assert stdev(truth.level for truth in truths) == pytest.approx(1.6, abs=0.15)
    assert mean(truth.harm is not None for truth in truths) == pytest.approx(0.03, abs=0.015)


def test_flares_last_as_set(truths: list[Truth]):
    flares = [episode for truth in truths for episode in truth.episodes if episode.session is None]
    hours = [(flare.end - flare.start) / HOUR for flare in flares]
    assert mean(hour < 4 for hour in hours) == pytest.approx(0.5, abs=0.02)
    assert mean(hour < 24 for hour in hours) == pytest.approx(0.75, abs=0.02)
    assert mean(flare.size for flare in flares) == pytest.approx(2.75, abs=0.05)


def test_soreness_follows_as_often_and_lasts_as_long_as_set(truths: list[Truth]):
    sessions = sum(len(truth.sessions) for truth in truths)
    sore = [each for truth in truths for each in truth.reactions if each.symptom == "soreness"]
    hours = [(reaction.end - reaction.start) / HOUR for reaction in sore]
    assert len(sore) / sessions == pytest.approx(0.2, abs=0.02)
    assert median(hours) == pytest.approx(18, abs=1.5)
    assert mean(hour >= 80 for hour in hours) == pytest.approx(0.03, abs=0.015)
    assert max(hours) <= 160


def test_aggravations_follow_as_often_as_set(truths: list[Truth]):
    sessions = sum(len(truth.sessions) for truth in truths)
    aggravations = [each for truth in truths for each in truth.episodes if each.session is not None]
    assert len(aggravations) / sessions == pytest.approx(0.03, abs=0.006)


def test_readings_vary_around_the_level_as_set():
    noise = Noise(Random(1), Parameters())
    readings = [noise.next(hour * 12 * HOUR) for hour in range(20_000)]
    assert mean(readings) == pytest.approx(0, abs=0.1)
    assert stdev(readings) == pytest.approx(1.2, abs=0.05)


def test_a_reaction_falls_evenly_and_is_there_until_it_ends():
    sore = Reaction("soreness", 0, 40, 4)
    assert [sore.value(at) for at in (-1, 0, 9, 10, 11, 39, 40)] == [0, 4, 4, 3, 3, 1, 0]


def test_pain_is_level_and_change_and_what_is_added():
    flare = Episode(None, 150, 250, 2.0)
    truth = Truth(5.0, -2.0, (100, 200, 300), (), (flare,), Harm(200, 1.5, 2.0), bleeds_easily=False)
    assert [truth.pain(at) for at in (0, 100, 150, 200, 250, 300, 999)] == [5, 5, 6.5, 7.5, 5, 5, 5]


def test_prompts_are_answered_as_often_as_set_and_entries_are_a_few_a_session():
    patients = list(cohort(300, 3, Parameters()))
    sessions = sum(len(patient.truth.sessions) for patient in patients)
    entries = sum(len(patient.diary.entries) for patient in patients)
    assert 2.5 < entries / sessions < 5


def test_diaries_are_possible_ones():
    for patient in cohort(50, 3, Parameters()):
        assert all(0 <= entry.pain <= 10 and isinstance(entry.pain, int) for entry in patient.diary.entries)
        assert all(entry.observed_at <= patient.now for entry in patient.diary.entries)
        assert len({entry.id for entry in patient.diary.entries}) == len(patient.diary.entries)


def test_a_larger_cohort_holds_the_smaller_and_another_seed_is_another():
    small, large = list(cohort(3, 1, Parameters())), list(cohort(5, 1, Parameters()))
    assert large[:3] == small
    assert list(cohort(3, 2, Parameters())) != small
