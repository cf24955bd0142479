"""R6: collapsed lung, infection, fainting, and the emergencies of back pain."""

import pytest

from diary.clinical.diary import RED_FLAGS
from diary.clinical.rules.red_flag import RULE
from tests.clinical.builders import at, entry, found, session, the

R6 = "red-flag"


def flagged(when, *codes, **more):
    return entry(when, 0, None, None, *codes, **more)


def test_the_rule_says_of_each_code_what_it_rests_on():
    assert (RULE.code, RULE.highest) == (R6, "urgent")
    assert set(RULE.sources) == set(RED_FLAGS)
    assert {code for code, source in RULE.sources.items() if source == "document"} == {
        "breathing",
        "infection",
        "collapse",
    }


@pytest.mark.parametrize("code", RED_FLAGS)
def test_any_red_flag_in_any_entry_is_urgent(code):
    finding = the(R6, flagged("0h", code))
    assert (finding.session, finding.symptom, finding.code, finding.level) == (None, None, code, "urgent")
    assert (finding.fired_at, finding.evidence, finding.state) == (at("0h"), ("0h",), "open")


def test_at_any_time_with_or_without_a_session():
    parts = [session(), flagged("-30d", "fever"), flagged("1h", "fever"), flagged("40d", "fever")]
    assert [finding.session for finding in found(R6, *parts)] == [None, None, None]


def test_one_finding_per_entry_and_code():
    codes = found(R6, flagged("0h", "legs", "fever", "legs"), flagged("1h", "legs"))
    assert [(finding.evidence, finding.code) for finding in codes] == [
        (("0h",), "fever"),
        (("0h",), "legs"),
        (("1h",), "legs"),
    ]


def test_every_entry_is_read_by_itself_doubled_or_not():
    assert [finding.evidence for finding in found(R6, flagged("0h", "head"), flagged("5m"))] == [("0h",)]


def test_nothing_entered_later_resolves_it():
    assert the(R6, flagged("0h", "head"), entry("1d"), entry("9d"), session("2d")).state == "open"


def test_two_entries_at_one_instant_are_ordered_by_id():
    entries = [flagged("0h", "head", id="b"), flagged("0h", "head", id="a")]
    assert [finding.evidence for finding in found(R6, *entries)] == [("a",), ("b",)]
