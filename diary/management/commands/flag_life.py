"""Draw the life of a flag, from the table that the actions follow: the text of docs/flag-life.md."""

from typing import Any

from django.core.management.base import BaseCommand

from diary.actions.life import drawn


class Command(BaseCommand):
    help = "Print docs/flag-life.md, drawn from the table that the actions follow."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        self.stdout.write(drawn(), ending="")
