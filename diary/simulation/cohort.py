"""A cohort: made-up patients, each from the seed and a number of its own, so that a larger cohort holds the smaller."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from diary.clinical.diary import Diary, Instant
from diary.simulation.diarist import written
from diary.simulation.parameters import Parameters
from diary.simulation.truth import Truth, truth


class Patient(NamedTuple):
    """What happened, what was written down of it, and the instant at which the diary is read."""

    truth: Truth
    diary: Diary
    now: Instant


def cohort(patients: int, seed: int, given: Parameters) -> Iterator[Patient]:
    for number in range(patients):
        dice = Random(f"{seed}/{number}")
        course = truth(dice, given)
        yield Patient(course, written(dice, given, course), course.ends)
