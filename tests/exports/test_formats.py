"""docs/formats.md says what the files hold: its example is read, its columns are those of the table."""

import json
import re
from pathlib import Path

from diary.clinical.assess import assess
from diary.clinical.document import compose, read
from diary.exports.document import FORM, document
from diary.exports.table import COLUMNS

SAID = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```json\n(.*?)```", SAID, re.DOTALL)


def test_the_example_is_what_assess_reads():
    diary, now = read(json.loads(EXAMPLE), None)
    assert {"red-flag", "lingering-reaction"} <= {finding.rule for finding in assess(diary, now).findings}


def test_the_example_is_written_as_the_product_writes_it():
    diary, now = read(json.loads(EXAMPLE), None)
    assert compose(diary, now) == json.loads(EXAMPLE)


def test_the_export_has_the_members_of_the_example_and_one_more(ana, log, treat, now):
    log(ana, 3)
    treat(ana)
    whole, example = document(ana, now), json.loads(EXAMPLE)
    assert set(whole) - set(example) == {"settle"}
    for part in ("entries", "sessions"):
        assert set(whole[part][0]) == set(example[part][0])
    assert f"`{whole['settle']['form']}`" in SAID
    assert whole["settle"]["form"] == FORM


def test_each_column_is_described():
    rows = [row for row in SAID.splitlines() if row.startswith("| `")]
    assert [column for row in rows for column in re.findall(r"`(\w+)`", row.split("|")[1])] == [*COLUMNS]
