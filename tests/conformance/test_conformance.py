"""The rules as cases that any implementation can be held to: `docs/conformance.md` says how."""

import json
import re
import sys
from collections import Counter
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pytest
from django.core.management import call_command

from diary.clinical import thresholds
from diary.clinical.adjustable import RULED
from diary.clinical.assess import assess
from diary.clinical.document import InvalidDiary, read, write
from diary.clinical.instants import instant_of
from diary.clinical.rules import RULES

HERE = Path(__file__).parent
RULES_TEXT = HERE.parents[1] / "docs" / "rules.md"
CASES = {path.stem: json.loads(path.read_text()) for path in sorted(HERE.glob("*.json"))}
EVERY_CASE = [(theme, case) for theme, cases in CASES.items() for case in cases]
CODES = [rule.code for rule in RULES]

NEVER_RESOLVED = "red-flag"
ONCE_A_SESSION = {"sharp-rise", "silence", NEVER_RESOLVED}
UNITS_AND_CHARTS = {"DAY", "HOUR", "MODERATE", "SEVERE", "GAP", "Z_95"}
CANNOT_BE_SEEN = {("RISE_WITHOUT_ROOM", 1)}  # one or two points above a baseline over 8: only a 10 is either
ATTRIBUTION = re.compile(r"## \d|\*\*R\d|a significant intensification|Sizes: |Form: |\"Multiple\"|Others: |\(Two")


def answer(case, thresholds=RULED):
    """What this implementation says of a case, in the form of its `expected`."""
    try:
        diary, now = read(case["diary"], instant_of(case["now"]))
    except InvalidDiary as wrong:
        return {"error": {"field": wrong.field}}
    return write(assess(diary, now, thresholds))


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{theme}: {case['title']}") for theme, case in EVERY_CASE])
def test_case(case):
    assert answer(case) == case["expected"], case["why"]


def test_the_command_answers_the_same(tmp_path, capsys):
    """As `docs/conformance.md` tells others to run it: a file a case, the answers a line each, the errors beside."""
    cases = [case for _, case in EVERY_CASE if isinstance(case["diary"], dict) and "now" not in case["diary"]]
    files = {str(tmp_path / f"{place}.json"): case for place, case in enumerate(cases)}
    for file, case in files.items():
        Path(file).write_text(json.dumps({**case["diary"], "now": case["now"]}))
    with pytest.raises(SystemExit) as ended:
        call_command("assess", *files)
    out, err = capsys.readouterr()
    wrong = {file: case["expected"]["error"]["field"] for file, case in files.items() if "error" in case["expected"]}
    assert ended.value.code == 2
    assert dict(line.split(": ")[:2] for line in err.splitlines()) == wrong
    assert [json.loads(line) for line in out.splitlines()] == [
        case["expected"] for file, case in files.items() if file not in wrong
    ]


def findings():
    for _, case in EVERY_CASE:
        yield from case["expected"].get("findings", ())


def test_there_are_enough_cases_and_each_has_a_title_of_its_own():
    assert len(EVERY_CASE) >= 200
    titles = Counter((theme, case["title"]) for theme, case in EVERY_CASE)
    assert [title for title, times in titles.items() if times > 1] == []


def test_a_case_is_whole():
    for _, case in EVERY_CASE:
        assert set(case) - {"story"} == {"title", "why", "now", "diary", "expected"}, case["title"]
        assert set(case["expected"]) in (
            {"error"},
            {"rules_version", "now", "findings", "not_evaluable", "due_at"},
        ), case["title"]


def test_thirty_stories_want_silence_and_thirty_a_flag():
    silent, flagged = CASES["stories-silence"], CASES["stories-flag"]
    assert min(len(silent), len(flagged)) >= 30
    assert all(case["story"] for case in silent + flagged)
    assert [case["title"] for case in silent if case["expected"]["findings"]] == []
    assert [case["title"] for case in flagged if not case["expected"]["findings"]] == []


@pytest.mark.parametrize("code", CODES)
def test_each_rule_fires_stays_silent_resolves_and_fires_again(code):
    fired = [finding for finding in findings() if finding["rule"] == code]
    silent = [case for case in CASES[code] if not {code} & {row["rule"] for row in case["expected"]["findings"]}]
    resolved = [finding for finding in fired if finding["resolved_at"]]
    assert len(fired) >= 5
    assert silent
    assert bool(resolved) is (code != NEVER_RESOLVED)
    assert any(fires_again(case, code) for case in CASES[code]) is (code not in ONCE_A_SESSION)


def fires_again(case, code):
    """The same rule and symptom once more after it had resolved; on the same session where it looks at one."""
    rows = [row for row in case["expected"]["findings"] if row["rule"] == code]
    whole_diary = code == "worsening-course"
    return any(
        first["resolved_at"]
        and first["resolved_at"] < second["fired_at"]
        and first["symptom"] == second["symptom"]
        and (whole_diary or first["session"] == second["session"])
        for first in rows
        for second in rows
    )


@cache
def rules():
    return " ".join(RULES_TEXT.read_text().split())


def test_each_reason_is_a_sentence_of_the_rules():
    assert [case["title"] for _, case in EVERY_CASE if case["why"] not in rules()] == []


def test_each_sentence_of_the_rules_is_the_reason_of_a_case():
    """Sections 1 to 5 but for what only says where a rule comes from; a sentence counts once a part of it is quoted."""
    text = rules()
    quoted = {place for _, case in EVERY_CASE for at in places(case["why"], text) for place in at}
    start, end = text.index("## 1 Inputs"), text.index("## 6 The diary as JSON")
    for sentence in re.finditer(r"[^.;]{20,}[.;]", text[start:end]):
        words = sentence.group().strip()
        if not ATTRIBUTION.match(words):
            assert quoted & set(range(start + sentence.start(), start + sentence.end())), words


def places(part, text):
    return (range(found.start(), found.end()) for found in re.finditer(re.escape(part), text))


NUMBERS = sorted(name for name in vars(thresholds) if name.isupper() and name not in UNITS_AND_CHARTS)
MOVED = [(name, by) for name in NUMBERS for by in (-1, 1) if (name, by) not in CANNOT_BE_SEEN]


@pytest.mark.parametrize(("name", "by"), MOVED)
def test_no_number_of_the_rules_can_move_by_a_second_or_a_point_unseen(name, by, monkeypatch):
    """The control: with one number of the core moved, some case must turn red."""
    value, adjustable = getattr(thresholds, name), name.lower() in {field.name for field in fields(RULED)}
    moved = replace(RULED, **({name.lower(): value + by} if adjustable else {}))
    for at, module in list(sys.modules.items()):
        if at.startswith("diary.clinical") and getattr(module, name, None) == value:
            monkeypatch.setattr(module, name, value + by)
    assert any(differs(case, moved) for _, case in EVERY_CASE)


def differs(case, moved):
    try:
        return answer(case, moved) != case["expected"]
    except (ValueError, LookupError, TypeError, AttributeError):  # a core that breaks has been seen too
        return True
