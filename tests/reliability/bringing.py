"""A file taken in by a process of its own, for a test that kills it: `python -m tests.reliability.bringing 3 2000`.

Takes a table of so many rows into the diary of the patient with that place in the line, a file that waits there before
a new one. Prints "locked" once nobody else writes to that diary, and "done" at the end. FAULT=torn: no transaction.
"""

import os
import sys
from datetime import timedelta

import django


def main(place: int, rows: int) -> None:
    from django.db.transaction import Atomic
    from django.utils import timezone

    from diary.actions import imports
    from diary.importing import heads
    from diary.models import Import, User
    from diary.views.imports import parts_of

    now = timezone.now()
    patient = User.objects.patients().order_by("pk")[place]
    if os.environ.get("FAULT") == "torn":
        Atomic.__enter__ = lambda self: None
        Atomic.__exit__ = lambda self, *trouble: None
    if not (taken := Import.objects.waiting().filter(patient=patient).first()):
        text = "\n".join(["date,time,pain", *(line(now - timedelta(hours=number + 1)) for number in range(rows))])
        how = {"columns": ["date", "time", "pain"], "dates": "iso", "zone": "UTC"}
        taken = imports.look_at(by=patient, now=now, kind="csv", text=text, choices=how)
    assert heads.is_enough(heads.Reading(**taken.choices))
    imports.hold = saying(imports.hold)
    imports.take(by=patient, now=now, taken=taken, parts=parts_of(taken, patient, now))
    say("done")


def line(moment):
    return f"{moment:%Y-%m-%d,%H:%M},{moment.hour % 11}"


def saying(hold):
    def held(patient):
        diary = hold(patient)
        say("locked")
        return diary

    return held


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    main(*map(int, sys.argv[1:]))
