"""The benchmark's own soundness: what it measures is answered, counted and compared with a floor that stays."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from diary.bench import floor, measure
from diary.management.commands.bench import is_void

FLOOR = "c7e6919f29333dc8"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """A short run, in a process and a database of its own."""
    database = f"sqlite:///{tmp_path_factory.mktemp('bench') / 'bench.sqlite3'}"
    command = [sys.executable, "manage.py", "bench", "--rounds", "2", "--json"]
    environment = os.environ | {"DATABASE_URL": database, "HASHED_STATIC": "off"}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)["rows"]


def test_the_floor_stays_as_it_is():
    """A floor that moves makes the ratios of two years two different things."""
    assert hashlib.sha256(Path(floor.__file__).read_bytes()).hexdigest()[:16] == FLOOR


def test_every_work_is_answered(rows):
    assert [row["status"] for row in rows] == [302] * 4 + [200] * 4


def test_no_work_makes_more_statements_than_it_may(rows):
    assert [row["work"] for row in rows if row["most_sql"] and row["sql"] > row["most_sql"]] == []
    assert rows[0]["sql"] == 3


def test_logging_costs_the_same_number_of_statements_in_an_old_diary(rows):
    by_name = {row["work"]: row["sql"] for row in rows}
    assert by_name["log an entry"] == by_name["log an entry, ten years"]


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
