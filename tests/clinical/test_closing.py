"""A closed past: what comes after is judged as if all had been read, and what lies in it changes no more."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary.clinical.assess import judge
from diary.clinical.case import Case
from diary.clinical.closing import closed
from diary.clinical.past import ENTRIES_REACH, SESSIONS_REACH, past_of, plain
from tests.clinical.builders import START, at, diary, entry, intake, session, usual
from tests.properties.diaries import diaries


def close(known, by, past=None):
    case = Case(read_since(known, past) if past else known, by, past=past)
    return closed(case, judge(case).findings, by)


def read_since(whole, past):
    """Return what is read of a diary whose past was closed."""
    return replace(
        whole,
        sessions=tuple(one for one in whole.sessions if one.ended_at >= past.until - SESSIONS_REACH),
        entries=tuple(one for one in whole.entries if one.observed_at >= past.until - ENTRIES_REACH),
    )


def lies_in(past, *wholes):
    """Return a judge of findings: does it lie in the past?"""
    ended_at = {one.id: one.ended_at for whole in wholes for one in whole.sessions}
    return lambda finding: (ended_at[finding.session] if finding.session else finding.fired_at) < past.until


def until(at, whole):
    return replace(
        whole,
        sessions=tuple(one for one in whole.sessions if one.ended_at <= at),
        entries=tuple(one for one in whole.entries if one.observed_at <= at),
    )


def an_instant(data, whole):
    instants = [one.observed_at for one in whole.entries] + [one.ended_at for one in whole.sessions]
    return data.draw(st.sampled_from(sorted(instants) or [START]))


def without(data, whole):
    """Return a diary from which something is missing: it is still to come, or was taken out again."""
    missing = data.draw(st.sets(st.sampled_from([one.id for one in (*whole.entries, *whole.sessions)] or [""])))
    return replace(
        whole,
        sessions=tuple(one for one in whole.sessions if one.id not in missing),
        entries=tuple(one for one in whole.entries if one.id not in missing),
    )


def closed_by_and_by(data, known, at):
    """Return a past of what is known, closed at once or in two steps."""
    earlier = an_instant(data, known)
    first = close(until(earlier, known), earlier) if earlier <= at else None
    return close(known, at, first) or first


def changed_since(past, known, whole):
    """Return a diary that is as known before a past ends, and after that like the whole."""

    def rows(then, now, at):
        return tuple(one for one in then if not past.is_before(at(one))) + tuple(
            filter(lambda one: past.is_before(at(one)), now)
        )

    return replace(
        whole,
        sessions=rows(known.sessions, whole.sessions, lambda one: one.ended_at),
        entries=rows(known.entries, whole.entries, lambda one: one.observed_at),
    )


def what_comes_after_a_closed_past_is_judged_as_if_all_had_been_read(data):
    whole, now = data.draw(diaries())
    at = an_instant(data, whole)
    known = without(data, until(at, whole))
    past = closed_by_and_by(data, known, at)
    if past is None:
        return
    later = changed_since(past, known, without(data, whole))
    in_it = lies_in(past, later, known)
    full, since = judge(Case(later, now)), judge(Case(read_since(later, past), now, past=past))
    assert since.findings == tuple(one for one in full.findings if not in_it(one))
    assert since.due_at == full.due_at
    before = [one for one in full.findings if in_it(one)]
    assert before == [one for one in judge(Case(known, at)).findings if in_it(one)]
    assert all(one.resolved_at is not None and one.resolved_at <= past.until for one in before if one.session)
    assert past_of(json.loads(json.dumps(plain(past)))) == past


def ran(holds, examples):
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    settings(max_examples=examples, deadline=None, suppress_health_check=quiet)(given(st.data())(holds))()


def test_what_comes_after_a_closed_past_is_judged_as_if_all_had_been_read():
    ran(what_comes_after_a_closed_past_is_judged_as_if_all_had_been_read, 300)


@pytest.mark.full
def test_the_same_for_many_diaries():
    ran(what_comes_after_a_closed_past_is_judged_as_if_all_had_been_read, 10_000)


def until_when(by, *parts):
    """Return when the past of a diary ends that is closed by then, in seconds since the start; None where none is."""
    past = close(until(at(by), diary(*parts)), at(by))
    return past and past.until - START


def judged_since(when, *parts):
    """Return the findings since the past that was closed by then, and whether they are those of the whole diary."""
    whole = diary(*parts)
    past = close(until(at(when), whole), at(when))
    since = judge(Case(read_since(whole, past), at("60d"), past=past)).findings
    in_it = lies_in(past, whole)
    return since, since == tuple(one for one in judge(Case(whole, at("60d"))).findings if not in_it(one))


DAYS = 86_400


class TestWhereAPastIsClosed:
    def test_nowhere_without_a_session(self):
        assert until_when("9d", entry("0h", 3), entry("5d", 3)) is None

    def test_where_a_session_ended_while_it_is_followed_up(self):
        assert until_when("7d", session(), entry("6d", 3)) == 0
        assert until_when("14d", session(), entry("6d", 3, 0)) == 0

    def test_once_no_follow_up_is_under_way_any_more(self):
        assert until_when("14d 1s", session(), entry("3d", 3, 0)) == 14 * DAYS + 1
        assert until_when("30d", session(), entry("3d", 3, 0)) == 30 * DAYS

    def test_not_later_than_asked_for(self):
        case = Case(diary(session(), entry("3d", 3, 0), session("20d")), at("30d"))
        found = judge(case).findings
        assert [closed(case, found, at(by)).until - START for by in ("19d", "20d")] == [19 * DAYS, 20 * DAYS]
        assert closed(case, found, START - 1) is None

    def test_not_where_a_reaction_goes_on_though_nobody_was_told_of_it(self):
        sore = [session(), entry("20h", 3, 4), session("30h")]
        assert until_when("30h", *sore) == 0
        assert until_when("60h", *sore, entry("31h", 3, 0), entry("56h", 3, 0)) == 0
        assert until_when("7d", *sore, entry("31h", 3, 0), entry("56h", 3, 0), session("7d")) == 7 * DAYS

    def test_not_where_something_that_was_told_is_open(self):
        rising = [session(), *usual(3), entry("50h", 8, None, "worse"), session("7d")]
        assert until_when("7d", *rising) == 0
        assert until_when("15d", *rising, entry("8d", 3), entry("9d", 3), session("15d")) == 15 * DAYS

    def test_a_red_flag_holds_nothing_up(self):
        assert until_when("7d", session(), entry("3d", 3, 0, None, "fever"), session("7d")) == 7 * DAYS


class TestWhatIsKeptOfAPast:
    def test_the_two_settled_levels_before_it_count_in_the_course(self):
        parts = [session(), *usual(3), entry("3d", 6), session("7d"), entry("10d", 6), session("14d"), entry("17d", 6)]
        since, same = judged_since("14d", *parts)
        assert same
        assert [one.evidence for one in since if one.rule == "worsening-course"] == [("3d", "10d", "17d")]

    def test_no_more_of_them_than_the_course_looks_at(self):
        parts = [part for day in (0, 7, 14, 21) for part in (session(f"{day}d"), entry(f"{day + 3}d", 3))]
        past = close(until(at("28d"), diary(*parts, session("28d"))), at("28d"))
        assert [one.evidence for one in past.settled] == [("17d",), ("24d",)]

    def test_a_red_flag_in_it_is_not_told_again_and_one_at_its_end_is(self):
        fever, legs = entry("19d", 3, None, None, "fever"), entry("20d", 3, None, None, "legs")
        since, same = judged_since("20d", session(), fever, session("20d"), legs)
        assert same
        assert [one.code for one in since if one.rule == "red-flag"] == ["legs"]

    def test_what_cannot_be_told_is_left_to_the_whole_diary(self):
        whole = diary(session(), entry("3d", 3, 0), session("20d"), entry("21d", 3, 0))
        past = close(until(at("20d"), whole), at("20d"))
        assert judge(Case(whole, at("60d"))).not_evaluable != ()
        assert judge(Case(read_since(whole, past), at("60d"), past=past)).not_evaluable == ()

    def test_what_is_usual_is_that_of_the_whole_diary(self):
        before = [entry("-2d", 3, 4, id="two"), entry("-1d", 3, 4, id="one")]
        since, same = judged_since("20d", *before, session(), session("20d"), entry("23d", 3, 5), entry("23d 1h", 3, 4))
        assert same
        assert [(one.rule, one.resolved_at) for one in since] == [("lingering-reaction", None)]

    def test_the_course_is_that_of_the_first_session(self):
        _, same = judged_since("20d", *usual(3), session(), session("20d"), intake(9))
        assert same
        past = close(diary(*usual(3), session(), session("20d"), intake(9)), at("20d"))
        assert past.course.value == 3

    def test_an_entry_before_it_is_settled_or_not_as_ever(self):
        needled = [
            session(),
            session("11d"),
            entry("12d", 9, None, "same"),
            entry("14d", 3),
            session("20d"),
            entry("21d", 6),
        ]
        past = close(until(at("20d"), diary(*needled)), at("20d"))
        assert past.until == at("20d")
        read = read_since(diary(*needled), past)
        assert Case(read, at("60d"), past=past).follow_ups[0].baseline.value == 3


def test_a_past_stays_as_it_is_when_something_later_changes():
    past = close(diary(session(), session("20d")), at("20d"))
    assert not past.is_before(at("20d 15m"))
    assert past.is_before(at("20d 15m 1s"))


def test_an_entry_in_it_that_a_later_one_stands_for_is_read():
    """Mistyped before a session and put right after it: the later one stands for both, with what it leaves open."""
    since, same = judged_since(
        "20d", session(), entry("19d 23h 55m", 3, 8), session("20d"), entry("20d 5m", 3, id="again")
    )
    assert same
    assert [one.rule for one in since] == ["severe-pain", "silence"]
