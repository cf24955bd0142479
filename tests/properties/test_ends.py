"""Where a property ends: the smallest diaries known that go beyond it."""

from tests.clinical.builders import assessed, entry, session, usual
from tests.properties.test_properties import levels


def test_thinning_one_day_can_move_its_median_and_so_the_baseline():
    """ "take each bucket's median": within a day each entry counts, and a day of 3, 3, 8, 8, 8 is an 8."""
    day = [entry("-10h", 3), entry("-9h", 3), entry("-4h", 8), entry("-3h", 8), entry("-2h", 8)]
    after = [session(), entry("3h", 9, 0)]
    assert levels(assessed(*day, *after, now="4h")) == []
    assert [row[0] for row in levels(assessed(*day[:3], day[4], *after, now="4h"))] == ["severe-pain"]


def test_thinning_can_take_the_step_on_which_a_climb_stands():
    """ "four observations, at least 4 h between each and the one before": the middle 4 alone stands 4 h from both."""
    climb = [
        entry("10h", 2, 0),
        entry("11h", 4),
        entry("15h", 4),
        entry("16h", 4),
        entry("19h 30m", 5),
        entry("50h", 5),
    ]
    assert [row[0] for row in levels(assessed(session(), *climb, now="51h"))] == ["escalating-pain"]
    assert levels(assessed(session(), *climb[:2], *climb[3:], now="51h")) == []


def test_a_worse_answer_can_lower_the_level_of_one_finding_by_raising_another():
    """ "but only `notice` at observations at which a `severe-pain` finding of the same session is open"."""
    before = [*usual(3), session(), entry("10h", 3, 0), entry("50h", 5)]
    assert levels(assessed(*before, entry("62h", 6), now="62h")) == [
        ("escalating-pain", "S 0h", None, None, "review", "open")
    ]
    assert levels(assessed(*before, entry("62h", 7), now="62h")) == [
        ("escalating-pain", "S 0h", None, None, "notice", "open"),
        ("severe-pain", "S 0h", None, None, "priority", "open"),
    ]


def test_an_entry_put_right_at_its_own_instant_and_then_entered_again_stands_again():
    """It is the observation that may be entered twice; an entry that another stands for is none."""
    first, right = entry("3h", 8, 0, id="typed"), entry("3h", 3, 0, id="meant", recorded="3h 1m")
    again = entry("3h", 8, 0, id="typed again", recorded="3h 2m")
    assert levels(assessed(*usual(3), session(), first, right, now="4h")) == []
    assert [row[0] for row in levels(assessed(*usual(3), session(), first, right, again, now="4h"))] == ["severe-pain"]


def test_a_minute_later_an_entry_can_draw_another_into_its_chain():
    """The minute carries the next entry over the boundary of 15 minutes."""
    first, again, following = entry("3h", 8, 0), entry("3h 1m", 8, 0), entry("3h 15m 30s", 3, 0)
    assert [row[0] for row in levels(assessed(*usual(3), session(), first, following, now="4h"))] == ["severe-pain"]
    assert levels(assessed(*usual(3), session(), first, again, following, now="4h")) == []
