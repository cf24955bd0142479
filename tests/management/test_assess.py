"""`manage.py assess`: section 6 of the rules, from the outside."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from diary.management.commands import assess

pytestmark = pytest.mark.engineless

ROOT = Path(__file__).parents[2]
NOW = "2026-03-06T00:00:00Z"
DIARY = {
    "format": "symptom-diary/1",
    "sessions": [{"id": "s1", "ended_at": "2026-03-02T10:00:00Z", "pain_before": 5}],
    "entries": [{"id": "e1", "observed_at": "2026-03-04T12:00:00Z", "pain": 5, "soreness": 3}],
}


@pytest.fixture
def written(tmp_path):
    """Write a document, or bytes as they are; its name."""

    def write(content, name="diary.json"):
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        (tmp_path / name).write_bytes(raw)
        return str(tmp_path / name)

    return write


def run(*arguments):
    """Exit status, assessments and error lines."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("assess", *arguments, stdout=out, stderr=err, no_color=True)
    except SystemExit as left:
        status = left.code
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue().splitlines()


class Input:
    """Standard input that holds these bytes."""

    def __init__(self, raw):
        self.buffer = io.BytesIO(raw)


class TestAssessing:
    def test_one_assessment_a_line_in_order(self, written):
        empty = written({"format": "symptom-diary/1"}, "empty.json")
        status, (first, second), errors = run(written(DIARY), empty, "--now", NOW)
        assert (status, errors) == (0, [])
        assert [(row["rule"], row["fired_at"]) for row in first["findings"]] == [
            ("lingering-reaction", "2026-03-04T12:00:00Z")
        ]
        assert (first["now"], second["now"], second["findings"]) == (NOW, NOW, [])

    def test_a_dash_reads_standard_input(self, monkeypatch):
        monkeypatch.setattr(assess.sys, "stdin", Input(json.dumps(DIARY).encode()))
        status, assessments, _ = run("-", "--now", NOW)
        assert (status, len(assessments)) == (0, 1)

    def test_a_byte_order_mark_is_no_part_of_the_text(self, written):
        assert run(written(b"\xef\xbb\xbf" + json.dumps(DIARY).encode()), "--now", NOW)[0] == 0


class TestNow:
    def test_the_option_goes_first(self, written):
        own = written(DIARY | {"now": "2026-03-05T00:00:00Z"})
        assert run(own, "--now", NOW)[1][0]["now"] == NOW

    def test_then_the_diarys_own(self, written):
        assert run(written(DIARY | {"now": "2026-03-05T02:00:00+02:00"}))[1][0]["now"] == "2026-03-05T00:00:00Z"

    def test_then_the_clock(self, written, monkeypatch):
        monkeypatch.setattr(assess.time, "time", lambda: 1_772_755_200.9)
        assert run(written(DIARY))[1][0]["now"] == NOW

    def test_nothing_is_later_than_the_clock(self, written, monkeypatch):
        monkeypatch.setattr(assess.time, "time", lambda: 0.0)
        name = written(DIARY)
        status, assessments, (line,) = run(name)
        assert (status, assessments) == (2, [])
        assert line.startswith(f"{name}: sessions[0].ended_at: later than now")

    @pytest.mark.parametrize("now", ["tomorrow", "2026-03-06", "2026-03-06T00:00:00", ""])
    def test_a_wrong_option_is_said_in_one_line(self, written, now):
        with pytest.raises(CommandError) as raised:
            call_command("assess", written(DIARY), "--now", now)
        assert raised.value.returncode == 2
        assert str(raised.value).startswith("--now: not a date and time with its UTC offset")
        assert "\n" not in str(raised.value)


class TestWrongInput:
    def wrong(self, name):
        """The field that the one error line names; nothing is assessed, and the status is 2."""
        status, assessments, (line,) = run(name, "--now", NOW)
        assert (status, assessments) == (2, [])
        assert line.startswith(f"{name}: ")
        field, problem = line.removeprefix(f"{name}: ").split(": ", 1)
        assert problem
        return field

    def test_the_field_is_named(self, written):
        assert self.wrong(written(DIARY | {"time_zone": "Lisbon"})) == "time_zone"
        assert self.wrong(written(DIARY | {"entries": [DIARY["entries"][0] | {"pain": 5.0}]})) == "entries[0].pain"

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b"\xff\xfe{}",
            b'{"format": "symptom-diary/1"} {}',
            b"[" * 100_000,
            b'{"a":' * 100_000,
        ],
    )
    def test_what_is_no_diary_at_all(self, written, raw):
        assert self.wrong(written(raw)) == "diary"

    def test_a_file_that_cannot_be_read(self, tmp_path):
        assert self.wrong(str(tmp_path / "nowhere.json")) == "diary"
        assert self.wrong(str(tmp_path)) == "diary"

    @pytest.mark.parametrize("pain", ["9" * 5000, "-" + "9" * 5000, "NaN", "1e999", "5.0", "true"])
    def test_a_score_that_is_none_is_named_however_long(self, written, pain):
        text = json.dumps(DIARY).replace('"pain": 5', f'"pain": {pain}')
        assert self.wrong(written(text.encode())) == "entries[0].pain"

    def test_the_other_files_are_still_assessed(self, written):
        good, bad = written(DIARY, "good.json"), written(b"{", "bad.json")
        status, assessments, errors = run(bad, good, bad, good, "--now", NOW)
        assert (status, len(assessments), len(errors)) == (2, 2, 2)


def manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", "assess", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_needs_no_database_and_no_migration(written, tmp_path):
    done = manage(written(DIARY), "--now", NOW, DATABASE_URL=f"sqlite:///{tmp_path}/never.sqlite3")
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    assert not (tmp_path / "never.sqlite3").exists()


def test_a_wrong_now_is_one_line_and_status_2(written):
    done = manage(written(DIARY), "--now", "soon")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "--now: " in done.stderr
