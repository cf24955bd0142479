"""What the server draws: where things stand in the picture, and that nothing is drawn that nobody said."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from xml.etree import ElementTree

import pytest

from diary import drawing
from diary.charts import Course, Reading
from diary.clinical.trends import Settling
from diary.clinical.weeks import Week
from diary.drawing import Span, Upward

SINCE, UNTIL = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
SPAN = Span(SINCE, UNTIL)
DAY = timedelta(days=1)


def parts(picture, kind):
    """Return the elements of a kind, as dictionaries of what they say."""
    root = ElementTree.fromstring(picture)  # noqa: S314 - our own drawing
    return [one.attrib | {"text": one.text} for one in root if one.get("class") == f"d-{kind}"]


def course(number, state, hours=None):
    return Course(uuid4(), number, SINCE, UNTIL, [], None, Settling(state, hours))


def settling(*courses):
    return drawing.settling(courses, "a sentence", lambda hours: f"{hours} h")


def over_time(readings, **more):
    more = {"sessions": [], "flags": [], "label": "a sentence", "said": lambda at: f"{at:%d}"} | more
    return drawing.over_time(readings, SPAN, **more)


def reading(days, pain, soreness=None, late=False):
    return Reading(SINCE + days * DAY, pain, soreness, late)


def test_a_scale_goes_upward_from_its_floor():
    up = Upward(10, floor=120)
    assert (up.y(0), up.y(10), up.y(5)) == (120, 20, 70)


def test_a_settled_session_is_as_high_as_its_hours():
    (one,) = parts(settling(course(1, "settled", 36.0)), "sore")
    assert float(one["cy"]) == 150 - 130 / 2


@pytest.mark.parametrize("hours", [120.0, 480.0, 839.0, 841.0, 9000.0])
def test_what_settled_after_any_time_is_drawn_with_few_lines_across(hours):
    picture = settling(course(1, "settled", hours))
    assert 3 <= len(parts(picture, "grid")) <= 6
    assert float(parts(picture, "sore")[0]["cy"]) == 20


def test_what_is_not_known_is_a_question_mark_and_no_point():
    picture = settling(course(1, "unknown"), course(2, "settled", 24.0))
    assert [mark["text"] for mark in parts(picture, "unknown")] == ["?"]
    assert len(parts(picture, "sore")) == len(parts(picture, "stem")) == 1


@pytest.mark.parametrize("state", ["still sore", "clear for now"])
def test_what_is_not_known_to_be_over_is_open_at_the_top(state):
    picture = settling(course(1, state))
    assert len(parts(picture, "open")) == len(parts(picture, "still")) == 1
    assert parts(picture, "sore") == []


def test_two_days_are_marked_whatever_the_scale():
    for hours in (10.0, 300.0):
        assert "48 h" in [words["text"] for words in parts(settling(course(1, "settled", hours)), "left")]


def test_labels_are_as_many_as_fit_and_the_last_is_among_them():
    words = [mark["text"] for mark in parts(settling(*(course(n, "unknown") for n in range(1, 27))), "middle")]
    assert len(words) <= drawing.LABELS
    assert words[-1] == "26"


def test_a_week_goes_from_its_lowest_to_its_highest_and_a_silent_one_is_left_open():
    weeks = [Week(date(2026, 2, 2), 3, 2, 4.0, 6, (1,)), Week(date(2026, 2, 9), 0, None, None, None, ())]
    picture = drawing.by_week(weeks, "a sentence", str)
    ((low, high),) = [(float(one["y1"]), float(one["y2"])) for one in parts(picture, "span")]
    (middle,) = parts(picture, "dot")
    assert high < float(middle["cy"]) < low
    assert len(parts(picture, "session")) == 1


def test_no_line_is_drawn_over_a_gap():
    picture = over_time([reading(1, 3), reading(2, 4), reading(9, 5), reading(10, 5)])
    assert len(parts(picture, "pain")) == 2
    assert len(parts(picture, "dot")) == 4


def test_what_was_written_later_is_hollow():
    picture = over_time([reading(1, 3), reading(2, 4, late=True)])
    assert (len(parts(picture, "dot")), len(parts(picture, "late"))) == (1, 1)


def test_soreness_that_was_not_answered_is_not_drawn():
    assert parts(over_time([reading(1, 3), reading(2, 4)]), "soreness") == []
    assert len(parts(over_time([reading(1, 3, 2), reading(2, 4, 0)]), "soreness")) == 1


def test_everything_lies_within_the_picture():
    picture = over_time([reading(0, 0), reading(28, 10)], sessions=[(1, SINCE), (2, UNTIL)], flags=[SINCE, UNTIL])
    across = [float(x) for x in re.findall(r'x\d?="([\d.-]+)%"', picture)]
    assert min(across) >= 0
    assert max(across) <= 100


def test_numbers_of_sessions_that_would_overlap_are_left_out():
    close = [(number, SINCE + number * timedelta(hours=2)) for number in range(1, 6)]
    picture = over_time([reading(1, 3)], sessions=close)
    assert len(parts(picture, "session")) == 5
    assert [one["text"] for one in parts(picture, "number")] == ["1"]


def test_many_entries_are_stretches_and_as_few_as_fit():
    many = [Reading(SINCE + place * timedelta(minutes=10), place % 11, None, False) for place in range(4_000)]
    picture = over_time(many)
    assert parts(picture, "pain") == []
    assert 2 < len(parts(picture, "fine")) <= drawing.STRETCHES
    assert len(picture) < 40_000


@pytest.mark.parametrize("words", ["<script>", '"><b>', "a & b"])
def test_words_are_escaped(words):
    picture = drawing.by_week([Week(date(2026, 2, 2), 1, 2, 2.0, 2, ())], words, lambda day: words)
    assert ElementTree.fromstring(picture).get("aria-label") == words  # noqa: S314
    assert "<script" not in picture
