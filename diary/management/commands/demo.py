"""The demo practice, made and removed."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from diary.demo import making, removing
from diary.demo.people import signins

YEARS = range(2000, 2100)
"""In which the practice can be made: courses reach years back, credentials years ahead."""
EVERY = 10
"""Patients between two lines of progress where no terminal shows a moving one."""


class Command(BaseCommand):
    """Makes a practice with made-up people, or removes it and nothing else."""

    help = "Make a made-up practice to look around in, or remove it again."

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="remove the demo's people and all that is theirs")
        parser.add_argument("--now", metavar="INSTANT", help="make it as of this instant, such as 2026-03-10T12:00Z")

    def handle(self, *, remove, now, **options):
        if remove:
            self.remove()
        elif removing.is_there():
            self.stdout.write("The demo practice is there already; nothing was done.")
            self.say_who_signs_in()
        elif not removing.is_alone():
            raise CommandError("This database holds accounts of other people. Give the demo a database of its own.")
        else:
            making.make(timezone.now() if now is None else instant(now), self.progress)
            self.say_who_signs_in()

    def remove(self):
        try:
            count = removing.remove()
        except removing.StillNeeded:
            raise CommandError("Something of other people rests on the demo. Nothing was removed.") from None
        self.stdout.write(f"The demo practice is removed: {count} people and all that was theirs.")

    def progress(self, count):
        whole = len(making.PATIENTS)
        if self.stderr.isatty():
            bar = "█" * (30 * count // whole)
            self.stderr.write(f"\rMaking the demo practice {bar:░<30} {count}/{whole}", ending="")
        if count == whole or (count % EVERY == 0 and not self.stderr.isatty()):
            self.stderr.write("" if self.stderr.isatty() else f"Making the demo practice: {count} of {whole} patients")

    def say_who_signs_in(self):
        for who in signins():
            self.stdout.write(f"{who['role']:13}{who['name']:14}{who['email']:36}{who['password']}")


def instant(text):
    """Return the moment that is written. Raises CommandError where it is none, has no offset or lies too far away."""
    try:
        moment = parse_datetime(text)
    except ValueError:  # written as a moment is, and no day of the calendar
        moment = None
    if moment is None or moment.tzinfo is None or moment.year not in YEARS:
        raise CommandError("--now needs an instant of 2000 to 2099 with its offset, such as 2026-03-10T12:00:00Z.")
    return moment
