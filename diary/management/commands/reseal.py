"""`manage.py reseal`: after SECRET_KEY has changed, so that the former one can be forgotten."""

import sys

from django.core.management.base import BaseCommand

from diary.actions import second_steps


class Command(BaseCommand):
    """Seals the seeds of second steps with the present SECRET_KEY; what no key in force opens stays as it is."""

    help = "Seal every second step with the present SECRET_KEY. Ends with 1 where no key in force opens one."

    def handle(self, **options):
        resealed, unread = second_steps.reseal()
        self.stdout.write(f"{resealed} second steps sealed with the present key, {unread} that no key in force opens.")
        if unread:
            sys.exit(1)
