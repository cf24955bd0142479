"""Section 1 of the rules: observations, doubled entries, follow-ups."""

from tests.clinical.builders import case, entry, lasting, session


def ids(observations):
    return [observation.id for observation in observations]


def test_observations_are_ordered_by_observed_at_then_recorded_at_then_id():
    entries = [
        entry("3h"),
        entry("0h", id="c", recorded="2h"),
        entry("0h", id="b", recorded="1h"),
        entry("0h", id="a", recorded="2h"),
    ]
    assert ids(case(*entries).observations) == ["c", "3h"]  # of three at one instant the last in order stands for all
    assert ids(case(*entries[:1], *entries[2:]).observations) == ["a", "3h"]


class TestDoubledEntries:
    def test_the_later_of_two_stands_for_both_up_to_15_minutes(self):
        (only,) = case(entry("0h", 9), entry("15m", 3)).observations
        assert (only.id, only.pain, only.at) == ("15m", 3, case(entry("15m")).observations[0].at)

    def test_a_second_more_makes_two_observations(self):
        assert ids(case(entry("0h"), entry("15m 1s")).observations) == ["0h", "15m 1s"]

    def test_each_answer_left_open_is_filled_from_the_earlier_one(self):
        earlier = entry("0h", 5, 4, "worse", stiffness="mild", fatigue="mild")
        (only,) = case(earlier, entry("5m", 6, fatigue="severe")).observations
        assert (only.pain, only.soreness, only.compared) == (6, 4, "worse")
        assert only.reactions == {"stiffness": 1, "fatigue": 3}

    def test_an_answer_of_nought_or_none_is_not_left_open(self):
        (only,) = case(
            entry("0h", 5, 4, "worse", fatigue="mild"), entry("5m", 0, 0, "same", fatigue="none")
        ).observations
        assert (only.pain, only.soreness, only.compared, only.reactions) == (0, 0, "same", {"fatigue": 0})

    def test_and_so_on_along_a_chain(self):
        (only,) = case(entry("0h", 9, 7), entry("15m", 8, None, "worse"), entry("30m", 3)).observations
        assert (only.id, only.pain, only.soreness, only.compared) == ("30m", 3, 7, "worse")

    def test_two_at_one_instant_are_one(self):
        (only,) = case(entry("0h", 9, id="a"), entry("0h", 3, id="b")).observations
        assert (only.id, only.pain) == ("b", 3)

    def test_one_before_a_session_may_be_put_right_after_it(self):
        (follow_up,) = case(session("0h"), entry("-5m", 9), entry("5m", 3)).follow_ups
        assert ids(follow_up.observations) == ["5m"]
        assert follow_up.baseline is None


class TestFollowUp:
    def test_it_begins_at_the_end_of_the_session(self):
        (follow_up,) = case(session("0h"), entry("-1h"), entry("0h")).follow_ups
        assert ids(follow_up.observations) == ["0h"]

    def test_it_ends_before_the_next_session(self):
        first, second = case(session("0h"), session("48h"), entry("47h"), entry("48h")).follow_ups
        assert (ids(first.observations), ids(second.observations)) == (["47h"], ["48h"])

    def test_it_lasts_14_days_to_the_second(self):
        (follow_up,) = case(session("0h"), entry("14d"), entry("14d 16m")).follow_ups
        assert (ids(follow_up.observations), ids(follow_up.later)) == (["14d"], ["14d 16m"])

    def test_14_days_and_a_second_are_too_late(self):
        (follow_up,) = case(session("0h"), entry("14d 1s")).follow_ups
        assert (ids(follow_up.observations), ids(follow_up.later)) == ([], ["14d 1s"])
        assert ids(follow_up.until_next()) == ["14d 1s"]

    def test_pain_after_is_an_observation_before_all_others_with_nothing_else_answered_and_no_id(self):
        (follow_up,) = case(session("0h", after=4), entry("0h", 9, 5)).follow_ups
        after, first = follow_up.observations
        assert (after.id, after.pain, after.soreness, after.reactions, after.compared) == (None, 4, None, {}, None)
        assert first.id == "0h"

    def test_pain_after_is_never_doubled_with_an_entry(self):
        assert len(case(session("0h", after=4), entry("5m", 9)).observations) == 2

    def test_the_sessions_need_not_be_in_order(self):
        follow_ups = case(session("48h"), session("0h"), entry("50h"), entry("1h")).follow_ups
        assert [(follow_up.session.id, ids(follow_up.observations)) for follow_up in follow_ups] == [
            ("S 0h", ["1h"]),
            ("S 48h", ["50h"]),
        ]


def test_places_count_all_observations_of_the_diary():
    observations = case(
        entry("-1h"), session("0h", after=3), entry("1h"), session("2h", after=3), entry("3h")
    ).observations
    assert [observation.place for observation in observations] == list(range(5))
    assert ids(observations) == ["-1h", None, "1h", None, "3h"]


def test_an_observation_is_settled_48_hours_after_the_latest_session_and_before_any():
    observations = case(entry("-1h"), session("0h", after=3), entry("47h"), entry("48h")).observations
    assert [observation.settled for observation in observations] == [True, False, False, True]


def test_answers_are_kept_by_symptom_and_only_where_given():
    answers = case(entry("0h", 1, 0), entry("1h", 1, None, bruising="none"), entry("2h", 1, 4)).answers
    assert [(observation.id, value) for observation, value in answers["soreness"]] == [("0h", 0), ("2h", 4)]
    assert [(observation.id, value) for observation, value in answers["bruising"]] == [("1h", 0)]
    assert lasting("2d 3h -1s") == 2 * 86400 + 3 * 3600 - 1
