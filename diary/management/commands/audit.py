"""`manage.py audit --verify`: does the record of who did what still say what it said?"""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from diary.actions import chain
from diary.actions.backups import container
from diary.models import Event


class Command(BaseCommand):
    """Checks every line of the audit against the chain and against the heads kept outside the database."""

    help = "Check that no line of the audit was changed, taken out, moved or cut off. Ends with 1 where one was."

    def add_arguments(self, parser):
        parser.add_argument("--verify", action="store_true", help="what it does; there is nothing else yet")
        parser.add_argument("--backup", type=Path, action="append", default=[], help="check against its head as well")

    def handle(self, *, verify, backup, **options):
        heads = [*chain.kept(), *map(head_of, backup)]
        if not heads:
            self.stderr.write(f"No head is kept in {settings.AUDIT_HEADS}: a tail cut off cannot be found.")
        troubles = list(chain.troubles(heads))
        for trouble in troubles:
            self.stdout.write(trouble)
        unsealed = Event.objects.unsealed().count()
        sealed = Event.objects.sealed().count()
        self.stdout.write(f"{sealed} lines, {len(heads)} heads, {unsealed} not sealed yet, {len(troubles)} troubles.")
        if troubles:
            sys.exit(1)


def head_of(path):
    """Return the head that a backup says the audit had when it was taken."""
    try:
        position, _, link = container.read(path).audit_head.partition(" ")
    except (container.Refused, OSError) as trouble:
        raise CommandError(str(trouble)) from None
    return chain.Head(int(position or 0), link)
