"""What a finding rested on, as plain values: enough to see later why it was told."""

import json

from diary.clinical.assess import assess
from diary.clinical.finding import Finding
from diary.clinical.inputs import Inputs
from tests.clinical.builders import at, diary, entry, intake, session, usual


def rested(*parts, rule):
    """The inputs of the one finding of a rule, as they come back from JSON."""
    written = diary(*parts)
    (finding,) = (one for one in assess(written, at("60d")).findings if one.rule == rule)
    return json.loads(json.dumps(Inputs(written, at("60d")).of(finding)))


def ids(parts):
    return [part["id"] for part in parts]


def test_its_session_its_entries_and_the_baseline():
    told = rested(session(before=3), session("20d"), *usual(3), entry("1h", 8, 2), entry("2h", 3), rule="severe-pain")
    assert (ids(told["sessions"]), ids(told["entries"])) == (["S 0h"], ["1h"])
    assert (told["entries"][0]["pain"], told["entries"][0]["soreness"]) == (8, 2)
    assert told["sessions"][0]["pain_before"] == 3
    assert told["baseline"] == {"value": 3.0, "provisional": False}
    assert (told["usual"], told["conditions"]) == (None, [])


def test_the_baseline_is_that_of_its_own_session():
    told = rested(session(before=3), session("20d", before=6), entry("20d 1h", 9, 2), rule="severe-pain")
    assert (ids(told["sessions"]), told["baseline"]) == (["S 20d"], {"value": 6.0, "provisional": True})


def test_an_entry_comes_with_those_it_stands_for():
    parts = session(), entry("49h", 1, 1), entry("50h", 1, 6), entry("50h 5m", 2), entry("51h", 1, 9)
    told = rested(*parts, rule="lingering-reaction")
    assert ids(told["entries"]) == ["49h"]
    said = Inputs(diary(*parts), at("60d")).rested_on(None, ["50h 5m"])
    assert (said["sessions"], ids(said["entries"])) == ([], ["50h", "50h 5m"])


def test_fifteen_minutes_apart_are_doubled_and_a_second_more_is_not():
    parts = session(before=3), *usual(3)
    assert ids(rested(*parts, entry("60m", 4), entry("75m", 8), rule="severe-pain")["entries"]) == ["60m", "75m"]
    apart = rested(*parts, entry("60m", 4), entry("75m 1s", 8), rule="severe-pain")
    assert ids(apart["entries"]) == ["75m 1s"]


def test_what_is_usual_for_its_symptom():
    told = rested(intake(None, 2), session(), entry("50h", 1, 3), entry("80h", 1, 2), rule="lingering-reaction")
    assert (told["usual"], told["baseline"]) == (2, None)


def test_a_course_is_compared_with_its_beginning():
    parts = [intake(3), *(session(f"{week * 7}d", before=score) for week, score in enumerate((2, 7, 8, 9)))]
    assert rested(*parts, rule="worsening-course")["baseline"] == {"value": 2.0, "provisional": True}


def test_the_conditions_that_bruising_rests_on_and_no_others():
    parts = intake(3, None, "blood_thinners", "allergy"), session(), entry("1h", 1, bruising="moderate")
    assert rested(*parts, rule="marked-bruising")["conditions"] == ["blood_thinners"]
    assert rested(*parts, entry("2h", 9), rule="severe-pain")["conditions"] == []


def test_a_red_flag_rests_on_its_entry_alone():
    told = rested(entry("1h", 3, None, None, "head"), rule="red-flag")
    assert (ids(told["entries"]), told["sessions"], told["baseline"]) == (["1h"], [], None)
    assert told["entries"][0]["red_flags"] == ["head"]


def test_what_has_left_the_diary_is_not_there():
    gone = Finding("severe-pain", "gone", None, None, "priority", at("1h"), ("gone too",), None)
    said = Inputs(diary(session()), at("60d")).of(gone)
    assert (said["sessions"], said["entries"], said["baseline"]) == ([], [], None)
