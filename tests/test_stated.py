"""Numbers that the README and the docs repeat from the code are those of the code."""

import inspect
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from config import databases, shedding
from diary import calling, checkup, watching
from diary.actions import notifications
from diary.clinical.rules import RULES
from diary.importing import document, rows, table
from diary.management.commands import worker
from diary.models import imports
from tests.load.test_load import HELD, OFFERED
from tests.oracle.test_oracle import MANY, MODEST
from tests.performance.paths import PATHS
from tests.reliability.test_disk_first import journey
from tests.security.test_matrix import EVERYBODY
from tests.world import ROWS

ROOT = Path(__file__).parents[1]
WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 7: "seven", 8: "eight", 9: "nine", 14: "fourteen", 16: "sixteen"}
MEGABYTE, MINUTE, DAY = 1_000_000, timedelta(minutes=1), timedelta(days=1)
FIRST = notifications.FIRST_WAIT * 2  # a row's first try is counted when it is claimed
SAVING = {row[0] for row in ROWS if row[1] == "POST"}
A_MINUTE, AN_HOUR = (settings.ACCOUNT_RATE_LIMITS[name].partition("/")[0] for name in ("program", "export"))
WATCHED = re.findall(r'yield "([a-z-]+)"', inspect.getsource(journey))
STATED = [
    ("README.md", f"The {WORDS[len(RULES)]} rules are in"),
    ("docs/scaling.md", f"of {len(PATHS)} pages and programs' addresses"),
    ("docs/scaling.md", f"A web process works on {WORDS[shedding.WORKING]} requests at a time"),
    ("docs/scaling.md", f"lets {WORDS[shedding.WAITING]} wait for {WORDS[shedding.PATIENCE]} seconds"),
    ("docs/scaling.md", f"{WORDS[shedding.RESERVED].capitalize()} places are kept for entries"),
    ("docs/scaling.md", f"asks for due rows every {WORDS[worker.POLL_SECONDS]} seconds"),
    ("docs/scaling.md", f"offers {HELD} and {OFFERED} requests a second"),
    ("docs/security.md", f"searched for every word, as {WORDS[len(EVERYBODY)]} people"),
    ("docs/conformance.md", f"# {MODEST} diaries, and one misreading"),
    ("docs/conformance.md", f"# {MANY:,}, and every number"),
    (
        "docs/reliability.md",
        f"{len(WATCHED)} requests to {len({*WATCHED})} of the {len(SAVING)} addresses of the access",
    ),
    ("docs/reliability.md", f"A worker silent for {watching.SILENT_AFTER.seconds} s"),
    ("docs/reliability.md", f"older than {checkup.BACKUP_LASTS // timedelta(hours=1)} hours"),
    ("docs/deploy.md", f"keeps up to {WORDS[databases.POOL_HOLDS]} connections"),
    ("docs/deploy.md", f"out after {timedelta(seconds=settings.SESSION_COOKIE_AGE) // DAY} days: a patient stays"),
    ("docs/formats.md", f"up to {document.BYTES // MEGABYTE} MB and {rows.ROWS:,} rows of a kind"),
    ("docs/formats.md", f"up to {table.BYTES // MEGABYTE} MB and {table.ROWS:,} rows: UTF-8"),
    ("docs/formats.md", f"At most {AN_HOUR} an hour"),
    ("docs/formats.md", f"is let go after {WORDS[imports.KEPT // DAY]} days"),
    ("docs/api.md", f"{A_MINUTE} requests a minute a token"),
    ("docs/webhooks.md", f"within {WORDS[calling.TIMEOUT]} seconds"),
    ("docs/webhooks.md", f"{FIRST.seconds} seconds later at first"),
    ("docs/webhooks.md", f"{WORDS[notifications.LONGEST_WAIT // MINUTE]} minutes in the end"),
]
pytestmark = pytest.mark.engineless


@pytest.mark.parametrize(("page", "said"), STATED, ids=[said for _, said in STATED])
def test_what_is_stated_is_so(page, said):
    assert flat(said) in flat((ROOT / page).read_text(encoding="utf-8"))


def flat(text):
    return " ".join(text.split())
