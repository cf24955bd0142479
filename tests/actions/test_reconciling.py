"""Matching findings with flags, without a database: the rows are never saved."""

from datetime import UTC, datetime

import pytest

from diary.actions.reconciling import match
from diary.clinical.assess import RULES_VERSION
from diary.clinical.finding import Finding
from diary.models import Flag

pytestmark = pytest.mark.engineless

SESSION = "7e1a2b3c-0000-4000-8000-000000000001"
ENTRY = "7e1a2b3c-0000-4000-8000-000000000002"


def finding(fired_at, *, rule="severe-pain", symptom=None, code=None, evidence=(ENTRY,)):
    session = None if rule == "red-flag" else SESSION
    return Finding(rule, session, symptom, code, "review", fired_at, tuple(evidence), None)


def flag(fired_at, *, rule="severe-pain", symptom="", code="", raised=0, withdrawn=False, version=RULES_VERSION):
    about = {"entry_id": ENTRY} if rule == "red-flag" else {"session_id": SESSION}
    return Flag(
        rule=rule, symptom=symptom, code=code, fired_at=at(fired_at), raised_at=at(raised),
        withdrawn_at=at(raised) if withdrawn else None, rules_version=version, **about,
    )  # fmt: skip


def at(instant):
    return datetime.fromtimestamp(instant, UTC)


def test_a_finding_is_told_by_the_flag_that_fired_with_it():
    found, told = finding(100), flag(100)
    matched = match([found], [told])
    assert (matched.told, matched.untold, matched.unsupported) == ([(found, [told])], [], [])


def test_a_finding_without_a_flag_is_untold():
    found = finding(100)
    assert match([found], []).untold == [found]


def test_a_flag_without_a_finding_is_unsupported():
    told = flag(100)
    assert match([], [told]).unsupported == [told]


@pytest.mark.parametrize(
    "other", [{"rule": "escalating-pain"}, {"symptom": "soreness"}, {"rule": "red-flag", "code": "head"}]
)
def test_a_flag_about_something_else_does_not_tell(other):
    matched = match([finding(100)], [flag(100, **other)])
    assert not matched.told
    assert len(matched.untold) == 1


def test_a_finding_that_moved_keeps_its_flag():
    found, told = finding(90), flag(100)
    assert match([found], [told]).told == [(found, [told])]


def test_findings_that_moved_are_paired_in_order_of_time():
    first, second, third = finding(10), finding(20), finding(30)
    one, two = flag(110), flag(120)
    matched = match([third, second, first], [two, one])
    assert matched.told == [(first, [one]), (second, [two])]
    assert matched.untold == [third]


def test_the_flag_of_the_same_instant_goes_before_one_that_moved():
    early, late = finding(10), finding(20)
    own, stray = flag(20), flag(25)
    matched = match([early, late], [own, stray])
    assert sorted(matched.told, key=lambda pair: pair[0].fired_at) == [(early, [stray]), (late, [own])]


def test_flags_of_one_finding_stay_together():
    found = finding(10)
    handled, worse = flag(20, raised=1), flag(20, raised=2)
    assert match([found], [handled, worse]).told == [(found, [handled, worse])]


def test_a_withdrawn_flag_comes_back_only_for_the_very_same_finding():
    withdrawn = flag(100, withdrawn=True)
    assert match([finding(100)], [withdrawn]).told == [(finding(100), [withdrawn])]
    matched = match([finding(90)], [withdrawn])
    assert matched.untold == [finding(90)]
    assert not matched.unsupported


def test_a_red_flag_is_never_unsupported():
    assert not match([], [flag(100, rule="red-flag", code="head")]).unsupported


def test_a_red_flag_is_about_its_entry():
    found = finding(100, rule="red-flag", code="head")
    assert match([found], [flag(100, rule="red-flag", code="head")]).told


def test_a_flag_of_other_rules_tells_the_same_finding_and_does_not_move_to_another():
    old = flag(100, version="0")
    assert match([finding(100)], [old]).told == [(finding(100), [old])]
    matched = match([finding(90)], [old])
    assert (matched.told, matched.untold, matched.unsupported) == ([], [finding(90)], [old])


def test_beside_a_flag_of_other_rules_one_of_these_moves():
    old, new = flag(100, version="0"), flag(200)
    matched = match([finding(150)], [old, new])
    assert (matched.told, matched.unsupported) == ([(finding(150), [new])], [old])
