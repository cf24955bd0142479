"""Climbs: pain that goes up over a day in four observations, with nothing lower between them."""

from bisect import bisect_left, bisect_right
from operator import attrgetter
from typing import TypeAlias

from diary.clinical.observations import Observation
from diary.clinical.thresholds import CLIMB_APART, CLIMB_BY, CLIMB_SPANS

Climb: TypeAlias = tuple[Observation, Observation, Observation, Observation]

AT, PAIN = attrgetter("at"), attrgetter("pain")


class Climbing:
    """Follows the observations of a follow-up in order and tells the climb that the newest one ends.

    It keeps the steps on which a climb may still stand: those that nothing lower has followed. From each of them to
    the next pain never falls, so the earliest is the lowest too, and any climb can start from it.
    """

    def __init__(self) -> None:
        self.steps: list[Observation] = []

    def climb_to(self, last: Observation) -> Climb | None:
        """The longest climb that ends here; of those as long, the one with the earliest steps."""
        while self.steps and self.steps[-1].pain > last.pain:
            self.steps.pop()
        climb = self._climb_to(last) if self.steps and last.compared not in ("better", "same") else None
        if last.compared != "better":
            self.steps.append(last)
        return climb

    def _climb_to(self, last: Observation) -> Climb | None:
        first = self.steps[0]
        if last.at - first.at < CLIMB_SPANS or last.pain - first.pain < CLIMB_BY:
            return None
        start = bisect_left(self.steps, first.at + CLIMB_APART, key=AT)
        end = bisect_right(self.steps, last.at - CLIMB_APART, start, key=AT)
        # Two of the three steps go up where the second or the third observation lies strictly between first and last.
        middle = bisect_right(self.steps, first.pain, start, end, key=PAIN)
        top = bisect_left(self.steps, last.pain, middle, end, key=PAIN)
        if middle == top:
            return None
        for second, third_from, third_to in ((start, middle, top), (middle, middle, end)):
            third = max(third_from, bisect_left(self.steps, self.steps[second].at + CLIMB_APART, key=AT))
            if third < third_to:
                return first, self.steps[second], self.steps[third], last
        return None
