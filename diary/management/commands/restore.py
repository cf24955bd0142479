"""A backup put in the place of the database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from diary.actions import backups


class Command(BaseCommand):
    """Restores a backup: what is damaged, foreign or of a newer version is refused before anything is written."""

    help = "Put a backup in the place of the database. Stop the site first; everybody signs in again afterwards."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--over", default="", metavar="NAME", help="replace this database though it holds accounts")
        parser.add_argument("--identity", type=Path, help="the file with the key to an encrypted backup")
        parser.add_argument("--yes", action="store_true", help="do it; without this only what would be done is said")

    def handle(self, *, file, over, identity, yes, **options):
        try:
            if not yes:
                facts = backups.look(file, over=over, identity=identity)
                said = f"{file}, made {facts.made_at}, {sum(facts.rows.values()):,} rows, can be restored"
                raise CommandError(f"{said}. Nothing was written. Repeat with --yes to do it.")
            again = backups.restore(file, now=timezone.now(), over=over, identity=identity)
        except backups.TROUBLE as trouble:
            raise CommandError(f"{trouble} Nothing was written.") from None
        self.stdout.write(f"{file} is restored. Erased again: {again}. Everybody signs in anew.")
