"""`manage.py rules_difference`: which flags the present rules would raise or not, beside those that stand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from diary.clinical.assess import RULES_VERSION
from diary.clinical.instants import text_of
from diary.comparing import Pair, Told, changed_by_the_rules, lines


class Command(BaseCommand):
    help = "Assess every diary by the present rules and compare with the flags that stand. Writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", action="store_true", help="also print each difference, by the key of its diary")

    def handle(self, *, list: bool, **options: Any) -> None:
        compared = [(patient, pair) for patient, pairs in changed_by_the_rules(timezone.now()) for pair in pairs]
        self.stdout.write(f"{'rule':<20}{'level':<10}{'stand':>7}{f'rules {RULES_VERSION}':>10}")
        for line in lines(pair for _, pair in compared):
            self.stdout.write(f"{line.rule:<20}{line.level:<10}{line.before:>7}{line.after:>10}")
        differing = [(patient, pair) for patient, pair in compared if pair.differs]
        self.stdout.write(f"{len(differing)} of {len(compared)} differ. Nothing was written.")
        for patient, pair in differing if list else ():
            self.stdout.write(f"diary {patient}: {said(pair)}")


def said(pair: Pair) -> str:
    """Say in a line what stands and what would."""
    return f"{pair.either.about[0]}: {standing(pair.before)} -> {standing(pair.after)}"


def standing(told: Told | None) -> str:
    return f"{told.level} at {text_of(told.fired_at)}" if told else "nothing"
