"""The clinical safety log: every hazard whole, and every test that it names there and part of the run."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
LOG = (TESTS.parent / "docs" / "clinical-safety.md").read_text(encoding="utf-8")
COLUMNS = ["#", "hazard", "cause", "effect", "severity", "control", "left", "test"]
LEAST = 25


def table(log):
    """Return the rows of the hazards, each a dictionary by its column."""
    lines = re.findall(r"^\| (\d+ \|.*) \|$", log, re.MULTILINE)
    return [dict(zip(COLUMNS, line.split(" | "), strict=True)) for line in lines]


@cache
def written(file):
    """Return the tests that a file holds."""
    if not (TESTS / file).is_file():
        return set()
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def named(row):
    return [name.partition("::")[::2] for name in re.findall(r"`([^`]+)`", row["test"])]


def missing(log):
    """Return the tests that a log names and nobody has written."""
    return [
        f"{row['#']}: {file}::{test}"
        for row in table(log)
        for file, test in named(row)
        if not test.startswith("test_") or test not in written(file)
    ]


def test_every_named_test_exists():
    assert missing(LOG) == []


def test_control_a_test_that_was_renamed_is_missed():
    row = "| 1 | a | b | c | severe | d | low | `security/test_safety_log.py::test_that_nobody_wrote` |"
    assert missing(row) == ["1: security/test_safety_log.py::test_that_nobody_wrote"]
    assert missing(row.replace("test_safety_log.py", "test_no_such_file.py")) != []


def test_every_hazard_is_whole(figure):
    rows = table(LOG)
    assert [int(row["#"]) for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= LEAST
    assert all(named(row) for row in rows)
    assert {row["severity"] for row in rows} <= {"severe", "considerable", "slight"}
    assert {row["left"] for row in rows} == {"low", "medium"}
    figure("hazards whose control has a test", len(rows), f"{sum(len(named(row)) for row in rows)} tests named")


def test_what_is_left_has_its_reason():
    """Each hazard that stays above low is spoken of where it is accepted."""
    accepted = LOG.partition("## Accepted, and why")[2]
    reasons = {int(number) for bold in re.findall(r"\*\*([\d, ]+)\*\*:", accepted) for number in bold.split(",")}
    assert reasons == {int(row["#"]) for row in table(LOG) if row["left"] == "medium"}


def test_named_tests_are_not_left_out(request):
    """Of the tests collected with this one, none that the log names is skipped by its mark, whatever the condition."""
    names = {(file, test) for row in table(LOG) for file, test in named(row)}
    here = [item for item in request.session.items if (str(item.path.relative_to(TESTS)), item.originalname) in names]
    assert [item.nodeid for item in here if item.get_closest_marker("skip")] == []


@pytest.mark.parametrize("words", ["No medical device", "Not monitored", "Not an emergency service"])
def test_the_log_says_what_this_is_not(words):
    assert words in LOG
