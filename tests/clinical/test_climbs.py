"""The climb of R4, against the plainest search that there is: every four observations."""

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from diary.clinical.climbs import Climbing
from diary.clinical.diary import HOUR
from diary.clinical.observations import Observation

POINTS = st.tuples(
    st.integers(1, 10), st.integers(0, 5), st.sampled_from([None, None, None, "better", "same", "worse"])
)


def observed(points):
    at, observations = 0, []
    for place, (hours, pain, compared) in enumerate(points):
        at += hours * HOUR
        observations.append(Observation(at, pain, None, {}, compared, str(place), place, True))
    return observations


def is_climb(observations, places):
    four = [observations[place] for place in places]
    steps = list(pairwise(four))
    between = [
        observations[place].pain >= observations[start].pain
        for start, end in pairwise(places)
        for place in range(start + 1, end)
    ]
    return (
        all(later.at - earlier.at >= 4 * HOUR for earlier, later in steps)
        and four[-1].at - four[0].at >= 24 * HOUR
        and all(between)
        and all(later.pain >= earlier.pain for earlier, later in steps)
        and sum(later.pain > earlier.pain for earlier, later in steps) >= 2
        and four[-1].pain - four[0].pain >= 3
        and all(step.compared != "better" for step in four)
        and four[-1].compared != "same"
    )


@given(st.lists(POINTS, max_size=12))
@settings(max_examples=400, deadline=None)
def test_it_finds_the_first_of_all_climbs(points):
    observations, climbing = observed(points), Climbing()
    for last, observation in enumerate(observations):
        climbs = (places for places in combinations(range(last), 3) if is_climb(observations, (*places, last)))
        expected = next(climbs, None)
        found = climbing.climb_to(observation)
        assert (found and tuple(step.place for step in found)) == (expected and (*expected, last))
