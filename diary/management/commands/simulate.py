"""`manage.py simulate`: what the rules do with made-up patients whose truth is known."""

import json as json_module
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diary.simulation import chart, page, report
from diary.simulation.parameters import Parameters, changed
from diary.simulation.run import Run, run

BAR = 30


class Command(BaseCommand):
    help = "Put a made-up cohort to the rules and to two naive ones. Verification, not clinical validation."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--patients", type=whole, default=1000, metavar="N", help="patient courses (1000)")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same output (1)")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change a parameter")
        parser.add_argument("--json", action="store_true", help="print numbers for a machine")
        parser.add_argument("--chart", type=Path, metavar="FILE", help="also draw the figures, as SVG")
        parser.add_argument(
            "--page", type=Path, metavar="FILE", help="also write them into this page, between its marks"
        )

    def handle(self, *, patients: int, seed: int, json: bool, **options: Any) -> None:
        given = self.parameters(options["set"])
        done = self.lived(patients, seed, given)
        self.stdout.write(json_module.dumps(report.numbers(done), indent=1) if json else report.text(done), ending="")
        self.draw(done, options["chart"], options["page"])

    def parameters(self, changes: list[str]) -> Parameters:
        try:
            return changed(changes)
        except ValueError as wrong:
            raise CommandError(f"--set: {wrong}", returncode=2) from wrong

    def lived(self, patients: int, seed: int, given: Parameters) -> Run:
        try:
            return run(patients, seed, given, tick=self.ticker(patients))
        except (ValueError, OverflowError) as wrong:
            if given == Parameters():
                raise
            raise CommandError(f"--set: nobody can live by these values: {wrong}", returncode=2) from wrong

    def draw(self, done: Run, drawing: Path | None, text: Path | None) -> None:
        try:
            if drawing:
                drawing.write_text(chart.svg(done), encoding="utf-8")
            if text:
                text.write_text(page.filled(text.read_text(encoding="utf-8"), done), encoding="utf-8")
        except (OSError, page.NoPlace) as wrong:
            raise CommandError(str(wrong), returncode=2) from wrong

    def ticker(self, patients: int) -> Callable[[int], None]:
        """A bar on a terminal, a line at each quarter elsewhere; both on standard error."""
        live = self.stderr.isatty()
        every = max(1, patients // (BAR if live else 4))

        def tick(done: int) -> None:
            if done % every and done != patients:
                return
            drawn = "#" * (BAR * done // patients)
            line = f"\r[{drawn:.<{BAR}}] {done}/{patients}" if live else f"{done}/{patients} patients"
            self.stderr.write(line, self.style.NOTICE, ending="" if live and done < patients else "\n")

        return tick


def whole(text: str) -> int:
    """A number of patients; 1 and more."""
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number
