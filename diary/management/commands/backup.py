"""A backup of the running site, proved by restoring it."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from diary.actions import backups


class Command(BaseCommand):
    """Takes a backup while people write, restores it into a scratch database and compares every row."""

    help = "Back the database up and prove the backup by restoring it, or prove one that is there."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, default=settings.BACKUPS, help="the folder (%(default)s)")
        parser.add_argument("--keep", type=int, help="delete all but this many of the latest backups afterwards")
        parser.add_argument("--recipient", default=settings.BACKUP_KEY, help="an age key for which to encrypt")
        parser.add_argument("--verify", type=Path, metavar="FILE", help="take none; prove this one")
        parser.add_argument("--identity", type=Path, help="the file with the key to an encrypted backup")

    def handle(self, *, to, keep, recipient, verify, identity, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep must be at least 1.")
        try:
            if verify:
                self.say(verify, backups.verify(verify, now=timezone.now(), identity=identity))
                return
            taken = backups.take(to, now=timezone.now(), recipient=recipient)
        except backups.TROUBLE as trouble:
            raise CommandError(str(trouble)) from None
        self.say(taken.path, taken.facts)
        for path in backups.prune(to, keep) if keep else ():
            self.stdout.write(f"deleted {path}")

    def say(self, path, facts):
        self.stdout.write(f"{path}: proved, {sum(facts.rows.values()):,} rows, content {facts.content}")
