"""Why a session was flagged and why not: each rule reaches each of its answers."""

import pytest

from diary import wording
from diary.clinical.rules import RULES
from diary.explaining import CLEAR, EXPECTED, FLAGGED, GOING_ON, SAY, UNKNOWN, WAITING, answers
from tests.clinical.builders import at, diary, entry, intake, session, usual

pytestmark = pytest.mark.engineless
LINGERING, SEVERE, SHARP, ESCALATING = "lingering-reaction", "severe-pain", "sharp-rise", "escalating-pain"
COURSE, RED, BRUISING, SILENCE = "worsening-course", "red-flag", "marked-bruising", "silence"
MEASURED = session(before=3, after=3)


def says(rule, *parts, now="60d", of="S 0h", flagged=()):
    """What a rule says of a session: its state, with its reason or what it waits for."""
    (answer,) = (one for one in answers(diary(*parts), at(now), of, flagged) if one.rule == rule)
    assert (answer.until is None) == (answer.state not in (EXPECTED, WAITING))
    assert (answer.reason is None) == (answer.state != UNKNOWN)
    return answer.state, answer.reason or answer.until


def clear(rule, *parts, **options):
    return says(rule, *parts, **options) == (CLEAR, None)


def test_every_rule_answers_once_in_their_order():
    told = answers(diary(session()), at("60d"), "S 0h", ())
    assert [answer.rule for answer in told] == [rule.code for rule in RULES] == list(SAY)


def test_of_a_session_that_does_not_stand_there_is_nothing_to_say():
    assert answers(diary(session()), at("60d"), "gone", ()) == []


@pytest.mark.parametrize("rule", SAY)
def test_what_was_told_comes_before_all_else(rule):
    assert says(rule, session(), flagged=[rule], now="1h") == (FLAGGED, None)


@pytest.mark.parametrize("rule", [LINGERING, ESCALATING])
def test_the_first_two_days_are_expected(rule):
    sore = entry("30h", 6, 5)
    assert says(rule, session(before=3), sore, now="31h") == (EXPECTED, at("48h"))
    assert says(rule, session(before=3), sore, now="48h") == (EXPECTED, at("48h"))
    assert says(rule, session(before=3), sore, now="48h 1s")[0] == UNKNOWN


@pytest.mark.parametrize("rule", [LINGERING, ESCALATING])
def test_another_session_within_them_leaves_nothing_to_look_at(rule):
    parts = session(), session("40h"), entry("30h", 3, 0), entry("60h", 3, 0)
    assert says(rule, *parts) == (UNKNOWN, "next-session")
    assert says(rule, *parts, now="42h") == (UNKNOWN, "next-session")


def test_a_reaction_that_settled():
    assert clear(LINGERING, session(), entry("5h", 3, 5), entry("60h", 3, 0))
    assert clear(LINGERING, session(), entry("5h", 3, 0))
    assert clear(LINGERING, intake(None, 2), session(), entry("5h", 3, 2))


def test_a_reaction_of_which_nothing_is_known():
    assert says(LINGERING, session(), entry("60h", 3)) == (UNKNOWN, "no-reaction-answered")
    assert says(LINGERING, session(), entry("5h", 3, 5), entry("60h", 3)) == (UNKNOWN, "no-late-answer")
    tired = entry("30h", 3, 0, fatigue="moderate")
    assert says(LINGERING, session(), tired, entry("60h", 3, 0)) == (UNKNOWN, "no-late-answer")
    assert clear(LINGERING, session(), tired, entry("60h", 3, 0, fatigue="none"))
    still_stiff = entry("5h", 3, None, stiffness="mild"), entry("6h", 3, 0)
    assert says(LINGERING, session(), *still_stiff) == (UNKNOWN, "no-late-answer")


def test_severe_pain_is_looked_for_from_the_start():
    assert says(SEVERE, MEASURED) == (UNKNOWN, "no-entry")
    assert clear(SEVERE, session(before=3), entry("1h", 4), now="2h")
    assert says(SEVERE, session(), entry("1h", 4)) == (UNKNOWN, "no-baseline")
    assert says(SEVERE, session(before=9), entry("1h", 9)) == (UNKNOWN, "no-room")


def test_a_sharp_rise_needs_both_scores():
    assert clear(SHARP, MEASURED)
    assert says(SHARP, session(before=3)) == (UNKNOWN, "no-scores")
    assert says(SHARP, session(after=3)) == (UNKNOWN, "no-scores")


def test_rising_pain_needs_an_entry_after_two_days():
    assert says(ESCALATING, MEASURED, entry("40h", 3)) == (UNKNOWN, "no-late-entry")
    assert clear(ESCALATING, MEASURED, entry("50h", 3))
    assert says(ESCALATING, session(), entry("50h", 3)) == (UNKNOWN, "no-baseline")


def weeks(*settled, before=3):
    """Sessions a week apart, each with the pain of its fourth day; None where that day has none."""
    for week, pain in enumerate(settled):
        yield session(f"{week * 7}d", before=before if week == 0 else None, id=f"s{week + 1}")
        if pain is not None:
            yield entry(f"{week * 7 + 4}d", pain)


def test_a_course_is_seen_from_the_third_session_on():
    three = list(weeks(3, 3, 3))
    assert [says(COURSE, *three, of=of)[1] for of in ("s1", "s2")] == ["too-few-sessions"] * 2
    assert clear(COURSE, *three, of="s3")
    assert says(COURSE, *weeks(3, 3, None), of="s3", now="15d") == (WAITING, at("16d"))
    assert says(COURSE, *weeks(3, 3, 3, None), of="s4") == (UNKNOWN, "no-settled-rating")


def test_a_course_that_cannot_be_seen():
    assert says(COURSE, *weeks(3, None, 3), of="s3") == (UNKNOWN, "no-settled-level")
    assert says(COURSE, *weeks(None, None, None), of="s3") == (UNKNOWN, "no-settled-level")
    assert says(COURSE, *weeks(3, 3, 3, before=None), of="s3") == (UNKNOWN, "no-baseline")
    assert says(COURSE, *weeks(9, 9, 9, before=9), of="s3") == (UNKNOWN, "no-room")


def test_enough_levels_in_all_but_not_yet_at_that_session():
    parts = list(weeks(None, 3, 3, 3))
    assert says(COURSE, *parts, of="s3") == (UNKNOWN, "no-settled-level")
    assert clear(COURSE, *parts, of="s4")


def test_a_course_without_any_level_so_far():
    parts = list(weeks(None, None, None, 3, 3, 3))
    assert says(COURSE, *parts, of="s3") == (UNKNOWN, "no-settled-rating")


def test_a_course_looks_at_eight_days_and_says_nothing_of_a_later_entry():
    parts = [*weeks(3, 3, 3, None), entry("32d", 3)]
    assert says(COURSE, *parts, of="s4") == (UNKNOWN, "no-settled-rating")
    assert "from two days to eight days after" in str(wording.NOT_EVALUABLE["no-settled-rating"])


def test_signs_that_need_care_are_asked_on_every_entry():
    assert says(RED, MEASURED) == (UNKNOWN, "no-entry")
    assert clear(RED, session(), entry("1h", 3))


def test_bruising_is_looked_at_where_it_was_answered():
    assert says(BRUISING, session(), entry("1h", 3)) == (UNKNOWN, "no-bruising-answered")
    assert clear(BRUISING, session(), entry("1h", 3, bruising="none"))


def test_silence_waits_for_four_days():
    assert says(SILENCE, session(), now="95h") == (WAITING, at("96h"))
    assert says(SILENCE, session(), now="96h") == (UNKNOWN, "silent")
    assert says(SILENCE, session(), entry("5h", 3, 5), entry("60h", 3), now="97h") == (UNKNOWN, "silent")


def test_an_answer_breaks_the_silence():
    assert clear(SILENCE, session(), entry("60h", 3, 5))
    assert clear(SILENCE, session(), entry("5h", 3, 0), now="6h")
    assert clear(SILENCE, session(), session("90h"), now="91h")


def goes_on(rule, *parts, **options):
    return says(rule, *parts, **options) == (GOING_ON, None)


def test_a_soreness_that_needling_again_did_not_end_is_not_called_clear():
    sore = session(id="s1"), entry("60h", 3, 5), entry("90h", 3, 5), session("96h", id="s2")
    later = [entry(f"{hours}h", 3, 5) for hours in (110, 150, 180)]
    assert goes_on(LINGERING, *sore, *later, of="s2")
    assert goes_on(LINGERING, *sore, *later[:1], of="s2", now="112h")  # nor expected, and flagged to nobody
    assert says(LINGERING, *sore, of="s2") == (UNKNOWN, "no-reaction-answered")
    cleared = session(id="s1"), entry("60h", 3, 5), entry("90h", 3, 0), session("96h", id="s2")
    assert clear(LINGERING, *cleared, entry("150h", 3, 0), of="s2")
    assert clear(LINGERING, session(id="s1"), entry("5h", 3, 0), *sore[3:], *later, of="s1")


def test_a_severe_pain_that_goes_on_over_a_session_is_not_called_clear():
    severe = session(id="s1", before=3), entry("60h", 9), session("96h", before=3, id="s2"), entry("110h", 9)
    assert goes_on(SEVERE, *severe, of="s2")
    over = session(id="s1", before=3), entry("20h", 9), entry("40h", 3), entry("70h", 3), session("96h", id="s2")
    assert clear(SEVERE, *over, entry("110h", 3), of="s2")


def test_a_course_that_stays_worse_is_not_called_clear_at_the_next_session():
    assert goes_on(COURSE, *weeks(6, 6, 6, 6), of="s4")
    assert clear(COURSE, *weeks(6, 6, 6, 3, 3, 3), of="s6")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_answer_has_its_words(rule):
    assert str(wording.CLEAR[rule.code])


def test_every_reason_has_its_words():
    reached = {
        answer.reason
        for parts in ([session()], [session(), entry("1h", 3, 5)], [session(), session("9h")], [*usual(9), MEASURED])
        for answer in answers(diary(*parts), at("60d"), "S 0h", ())
        if answer.reason
    }
    assert reached <= set(wording.NOT_EVALUABLE)
    assert len(reached) >= 6
