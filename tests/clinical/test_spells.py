"""Runs, and the calm day that ends what went on."""

from diary.clinical.observations import Observation
from diary.clinical.spells import Calm, span
from tests.clinical.builders import case, entry


def of(*pains: int) -> list[Observation]:
    """Observations 12 hours apart."""
    return case(*(entry(f"{place * 12}h", pain) for place, pain in enumerate(pains))).observations


class TestCalm:
    def test_no_observation_is_judged_twice_while_it_goes_on(self):
        judged: list[int] = []
        pains = of(7, 7, 7, 1, 7, 1, 1, 1)

        def calm(observation: Observation) -> bool:
            judged.append(observation.place)
            return observation.pain < 7

        spells = Calm(pains, calm)
        assert spells.after(pains[0]) is pains[7]
        assert judged == [1, 2, 3, 4, 5, 6, 7]
        assert spells.after(pains[1]) is pains[7]
        assert judged[7:] == [2]

    def test_that_it_was_never_calm_is_known_too(self):
        pains = of(7, 7, 7)
        spells = Calm(pains, lambda observation: observation.pain < 7)
        assert spells.after(pains[0]) is None
        assert spells.known == {1: None, 2: None}


def test_nothing_spans_nothing():
    assert span([]) == 0
