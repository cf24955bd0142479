"""Is everything at work that a diary needs, and what to do where it is not."""

import json
import sys

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone

from diary import checkup


class Command(BaseCommand):
    """Asks everything in `diary/checkup.py`; whoever watches the machine runs it and is woken by its exit code."""

    help = "Check worker, outbox, backup, machine and mode: a line and a remedy each; exit 1 where one is red."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="for machines: a list of checks")

    def handle(self, *, json, **options):
        checks = [answered(question) for question in (database, *checkup.TOLD, *checkup.KEPT, *checkup.MACHINE)]
        self.stdout.write(as_json(checks) if json else "\n".join(self.line(check) for check in checks))
        if not all(check.is_well for check in checks):
            sys.exit(1)

    def line(self, check):
        mark = self.style.SUCCESS("ok ") if check.is_well else self.style.ERROR("RED")
        said = f"{mark} {check.title}: {check.said}"
        return said if check.is_well else f"{said}\n    {check.remedy}"


def database(now):
    connection.ensure_connection()
    return checkup.Check("database", "Database", True, "answers", "")


def answered(question):
    """Ask one question; one that cannot be asked is red too, and stands in the way of no other."""
    try:
        return question(timezone.now())
    except (DatabaseError, OSError) as trouble:
        name = question.__name__
        said = f"cannot be asked ({type(trouble).__name__})"
        return checkup.Check(name, name.capitalize(), False, said, "Check DATABASE_URL and that the database runs.")


def as_json(checks):
    return json.dumps(
        [
            {name: str(value) if name != "is_well" else value for name, value in check._asdict().items()}
            for check in checks
        ],
        indent=1,
    )
