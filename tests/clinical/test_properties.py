"""Section 7 of the rules: what must hold for every diary."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from diary.clinical.assess import assess
from diary.clinical.diary import RED_FLAGS
from diary.clinical.document import compose, read, write
from diary.clinical.rules import RULES
from tests.clinical.builders import at, entry, found, session, the, usual
from tests.clinical.diaries import a_diary, diaries

every_diary = settings(max_examples=150, deadline=None)


def without_ids(findings):
    return [replace(finding, evidence=()) for finding in findings if finding.rule != "red-flag"]


@given(diaries(), st.randoms(use_true_random=False))
@every_diary
def test_order_of_arrival_changes_nothing(diary_and_now, random):
    diary, now = diary_and_now
    sessions, entries = list(diary.sessions), list(diary.entries)
    random.shuffle(sessions)
    random.shuffle(entries)
    assert assess(replace(diary, sessions=tuple(sessions), entries=tuple(entries)), now) == assess(diary, now)


@given(diaries(), st.integers(-(10**9), 10**9))
@every_diary
def test_shifting_every_instant_shifts_the_answer(diary_and_now, by):
    diary, now = diary_and_now
    shifted = replace(
        diary,
        sessions=tuple(replace(session, ended_at=session.ended_at + by) for session in diary.sessions),
        entries=tuple(
            replace(entry, observed_at=entry.observed_at + by, recorded_at=entry.recorded_at + by)
            for entry in diary.entries
        ),
    )
    expected, answer = assess(diary, now), assess(shifted, now + by)
    assert answer.not_evaluable == expected.not_evaluable
    assert answer.due_at == (None if expected.due_at is None else expected.due_at + by)
    assert answer.findings == tuple(
        replace(
            finding,
            fired_at=finding.fired_at + by,
            resolved_at=None if finding.resolved_at is None else finding.resolved_at + by,
        )
        for finding in expected.findings
    )


@given(diaries(), st.data())
@every_diary
def test_what_a_person_was_told_can_be_recomputed_from_what_had_been_recorded(diary_and_now, data):
    """From the diary as it stood, kept as JSON: nothing but it and the instant goes into an assessment."""
    diary, now = diary_and_now
    entries = sorted(diary.entries, key=lambda entry: entry.recorded_at)
    known = tuple(entries[: data.draw(st.integers(0, len(entries)))])
    then = replace(diary, entries=known)
    assert assess(then, now) == assess(read(compose(then, now), None)[0], now)


@given(diaries(), st.data())
@every_diary
def test_the_same_observation_twice_at_one_instant_changes_only_red_flags_and_ids(diary_and_now, data):
    diary, now = diary_and_now
    if not diary.entries:
        return
    entry = data.draw(st.sampled_from(diary.entries))
    twice = replace(diary, entries=(*diary.entries, replace(entry, id=entry.id + "'")))
    expected, answer = assess(diary, now), assess(twice, now)
    assert without_ids(answer.findings) == without_ids(expected.findings)
    assert (answer.not_evaluable, answer.due_at) == (expected.not_evaluable, expected.due_at)


@given(st.integers(0, 60), st.integers(0, 60))
@every_diary
def test_a_minute_apart_it_changes_only_what_that_minute_carries_over_a_boundary(hours, soreness_hours):
    """An ordinary finding moves with the later of the two, by that minute; on a boundary the minute decides."""
    parts = [session(), *usual(3), entry(f"{hours}h", 9), entry(f"{hours}h 1m", 9)]
    assert the("severe-pain", *parts).fired_at == at(f"{hours}h 1m")
    first = entry(f"{soreness_hours}h", 0, 5)
    again = entry(f"{soreness_hours}h 1m", 0)
    once, twice = found("lingering-reaction", session(), first), found("lingering-reaction", session(), first, again)
    assert (len(once), len(twice)) == (soreness_hours > 48, soreness_hours >= 48)


@given(diaries(), st.data(), st.sampled_from(list(RED_FLAGS)))
@every_diary
def test_adding_a_red_flag_to_an_entry_never_removes_a_finding(diary_and_now, data, code):
    diary, now = diary_and_now
    if not diary.entries:
        return
    place = data.draw(st.integers(0, len(diary.entries) - 1))
    entries = list(diary.entries)
    entries[place] = replace(entries[place], red_flags=(*entries[place].red_flags, code))
    assert set(assess(diary, now).findings) <= set(assess(replace(diary, entries=tuple(entries)), now).findings)


@given(diaries())
@every_diary
def test_the_answer_changes_by_itself_only_when_it_is_due(diary_and_now):
    diary, now = diary_and_now
    answer = assess(diary, now)
    if answer.due_at is None:
        assert assess(diary, now + 10**8).findings == answer.findings
    else:
        assert answer.due_at > now
        assert assess(diary, answer.due_at - 1).findings == answer.findings
        assert assess(diary, answer.due_at).findings != answer.findings


@given(diaries())
@every_diary
def test_what_is_written_is_ordered_and_within_time(diary_and_now):
    diary, now = diary_and_now
    findings = write(assess(diary, now))["findings"]
    assert findings == sorted(
        findings,
        key=lambda row: [row[key] or "" for key in ("fired_at", "rule", "session", "symptom", "code", "evidence")],
    )
    for finding in assess(diary, now).findings:
        assert finding.fired_at <= now
        assert finding.resolved_at is None or finding.fired_at < finding.resolved_at <= now


def test_chance_makes_every_rule_fire():
    fired = Counter(finding.rule for seed in range(200) for finding in assess(*a_diary(seed, 5, 20)).findings)
    assert set(fired) == {rule.code for rule in RULES}
