"""docs/reliability.md: every guarantee has its row, with a figure, a count, a command and a control that exist."""

import re
from pathlib import Path

from django.conf import settings

from tests.security.test_safety_log import written

PAGE = (Path(settings.BASE_DIR) / "docs" / "reliability.md").read_text(encoding="utf-8")
GUARANTEES = [str(number) for number in range(1, 18)]
CELLS = 5


def rows(page):
    """Return the rows of the table of promises, without its head."""
    table = page.partition("## Promises")[2].partition("\n## ")[0]
    lines = re.findall(r"^\| (.*) \|$", table, re.MULTILINE)[2:]
    return [[cell.strip() for cell in line.split(" | ")] for line in lines]


def missing(page):
    """Return the tests that a page tells to run and nobody has written."""
    named = re.findall(r"`tests/([^` :]+)::([^`]+)`", page)
    return [f"{file}::{test}" for file, test in named if test not in written(file)]


def test_every_guarantee_has_its_row():
    said = [re.match(r"\*\*(\d+)\*\*", row[0]) for row in rows(PAGE)]
    assert [found[1] for found in said if found] == GUARANTEES


def test_every_row_is_whole():
    for row in rows(PAGE):
        assert len(row) == CELLS, row
        assert all(row), row
        assert re.search(r"\d|full|every|one run|in the same runs", row[2]), row
        assert any("::test_" in cell for cell in row[3:]), row


def test_every_named_test_exists():
    assert len(rows(PAGE)) >= len(GUARANTEES)
    assert missing(PAGE) == []


def test_control_a_test_that_was_renamed_is_missed():
    here = "`tests/reliability/test_promises.py::test_every_row_is_whole`"
    assert missing(here) == []
    assert missing(here.replace("whole", "half")) == ["reliability/test_promises.py::test_every_row_is_half"]
    assert missing(here.replace("test_promises.py", "test_nothing.py")) != []


def test_what_is_not_promised_is_said():
    assert PAGE.partition("## What is not promised")[2].count("\n- ") >= 5
