"""One run: a cohort, each of its diaries put to each ruler."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from diary.simulation.cohort import cohort
from diary.simulation.parameters import Parameters
from diary.simulation.rulers import RULERS, Ruler
from diary.simulation.tally import Tally


class Run(NamedTuple):
    """What was run, and what each ruler told, the rules first."""

    patients: int
    seed: int
    given: Parameters
    tallies: dict[str, Tally]


def run(
    patients: int,
    seed: int,
    given: Parameters,
    rulers: Sequence[Ruler] = RULERS,
    tick: Callable[[int], None] = lambda done: None,
) -> Run:
    tallies = {ruler.name: Tally() for ruler in rulers}
    for done, patient in enumerate(cohort(patients, seed, given), start=1):
        for ruler in rulers:
            tallies[ruler.name].add(patient, ruler.judge(patient.diary, patient.now))
        tick(done)
    return Run(patients, seed, given, tallies)
