"""The benchmark's own soundness: what it measures is answered, counted and compared with a floor that stays."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from diary.bench import floor, measure
from diary.bench.rows import fill
from diary.management.commands.bench import MAY_GROW, is_void, missed, sizes
from diary.models import Entry, Share

FLOOR = "c7e6919f29333dc8"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A short run among few and among more entries, in a process and a database of its own."""
    database = f"sqlite:///{tmp_path_factory.mktemp('bench') / 'bench.sqlite3'}"
    command = [sys.executable, "manage.py", "bench", "--rounds", "2", "--rows", "6k,9k", "--json"]
    environment = os.environ | {"DATABASE_URL": database, "HASHED_STATIC": "off"}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def rows(told):
    return told["runs"][-1]["rows"]


def test_the_floor_stays_as_it_is():
    """A floor that moves makes the ratios of two years two different things."""
    assert hashlib.sha256(Path(floor.__file__).read_bytes()).hexdigest()[:16] == FLOOR


def test_every_work_is_answered(rows):
    assert [row["status"] for row in rows] == [302] * 4 + [200] * 7


def test_no_work_makes_more_statements_than_it_may(rows):
    assert [row["work"] for row in rows if row["most_sql"] and row["sql"] > row["most_sql"]] == []
    assert rows[0]["sql"] == 3


def test_logging_costs_the_same_number_of_statements_in_an_old_diary(rows):
    by_name = {row["work"]: row["sql"] for row in rows}
    assert by_name["log an entry"] == by_name["log an entry, ten years"]


def test_the_page_says_how_many_statements_an_entry_is(rows):
    by_name = {row["work"]: row["sql"] for row in rows}
    assert (by_name["log an entry"], by_name["log an urgent entry"]) == (6, 21)
    page = (ROOT / "docs/scaling.md").read_text()
    assert "An entry logged on PostgreSQL** is six statements" in page
    assert "an urgent one with its advice, 21 statements" in page


def test_growth_is_told_of_what_must_not_grow(told):
    assert [run["entries"] for run in told["runs"]] == [6000, 9000]
    assert [row["work"] for row in told["growth"]] == list(MAY_GROW)
    assert all(row["grows"] > 0 for row in told["growth"])


def test_what_grows_too_much_is_missed():
    def run(ratio):
        return [{"work": "Today", "to_floor": ratio, "verdict": "pass", "sql": 1, "most_sql": 1}]

    assert missed({10: run(1.0), 1000: run(1.04)}) == []
    assert missed({10: run(1.0), 1000: run(1.06)}) == ["Today, growth"]


@pytest.mark.parametrize(("text", "found"), [("10k,1M", [10_000, 1_000_000]), ("500", [500])])
def test_sizes_are_written_short(text, found):
    assert sizes(text) == found


@pytest.mark.parametrize("wrong", [("--rows", ""), ("--rows", "10z"), ("--rows", "-5"), ("--rounds", "0")])
def test_no_entries_and_no_rounds_are_refused(wrong):
    with pytest.raises(CommandError, match=wrong[0]):
        call_command("bench", *wrong)


@pytest.mark.django_db
def test_a_million_entries_are_of_diaries_that_nobody_here_reads(now):
    assert list(fill(5000, now))[-1] >= 5000
    assert Entry.objects.filter(pain__lte=4, observed_at__lt=now).count() == Entry.objects.count()
    assert Share.objects.count() == 0
    assert list(fill(5000, now)) == []


def test_a_run_whose_floors_differ_is_void():
    def of(ratio):
        return [{"work": measure.FLOOR_AGAIN, "wall": ratio}]

    assert not is_void(of(1.02))
    assert is_void(of(1.04))
    assert is_void(of(0.96))


def test_a_ratio_is_of_medians_with_its_bounds():
    floor_times = [(1.0, 1.0)] * 30
    ratio = measure.ratio([(2.0, 3.0)] * 30, floor_times)
    assert (ratio.p50, ratio.wall, ratio.cpu, ratio.lower, ratio.upper) == (2.0, 2.0, 3.0, 2.0, 2.0)


@pytest.mark.parametrize(
    ("bounds", "gate", "verdict"),
    [((1.0, 1.5), 1.8, "pass"), ((1.9, 2.5), 1.8, "fail"), ((1.5, 2.0), 1.8, "inconclusive"), ((9, 9), None, "")],
)
def test_a_gate_is_passed_when_the_upper_bound_lies_below_it(bounds, gate, verdict):
    assert measure.Ratio(1.0, 1.0, 1.0, *bounds).verdict(gate) == verdict
