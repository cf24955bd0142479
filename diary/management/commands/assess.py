"""`manage.py assess FILE…`: what the rules say of diaries in files, one assessment a line."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diary.clinical.assess import assess
from diary.clinical.diary import Instant
from diary.clinical.document import InvalidDiary, read, write
from diary.clinical.instants import instant_of

LONGEST_NUMBER = 20  # digits; more is no score, and Python would spend its time on them


class Command(BaseCommand):
    help = "Assess diaries in the JSON form of an export and print one assessment a line. Needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a diary as JSON; - reads standard input")
        parser.add_argument("--now", metavar="INSTANT", help="assess as of this instant, such as 2026-03-06T00:00:00Z")

    def handle(self, *, files: list[str], now: str | None, **options: Any) -> None:
        at = self.instant(now)
        wrong = [file for file in files if not self.assessed(file, at)]
        if wrong:
            sys.exit(2)

    def instant(self, now: str | None) -> Instant | None:
        try:
            return None if now is None else instant_of(now)
        except ValueError as problem:
            raise CommandError(f"--now: {problem}", returncode=2) from problem

    def assessed(self, file: str, now: Instant | None) -> bool:
        try:
            diary, at = read(document(file), now, clock=int(time.time()))
        except InvalidDiary as wrong:
            self.stderr.write(f"{file}: {wrong.field}: {wrong.problem}")
            return False
        self.stdout.write(json.dumps(write(assess(diary, at))))
        return True


def document(file: str) -> object:
    """Return the parsed JSON of a file. Raises `InvalidDiary` where it is none."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return json.loads(raw.decode("utf-8-sig"), parse_int=whole)
    except OSError as unreadable:
        raise InvalidDiary("diary", f"cannot be read: {unreadable.strerror}") from unreadable
    except UnicodeDecodeError as not_text:
        raise InvalidDiary("diary", "not UTF-8 text") from not_text
    except ValueError as not_json:
        raise InvalidDiary("diary", f"not JSON: {not_json}") from not_json
    except RecursionError as deep:
        raise InvalidDiary("diary", "not a diary: nested too deeply") from deep


def whole(digits: str) -> float:
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)
