"""Section 7 of the rules and more, for whatever diary. `tests/clinical/test_properties.py` holds their first forms.

A property is a function of `data`, from which it draws its diary. Each runs a modest number of times, many under
--full.
"""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from diary.clinical.assess import assess
from diary.clinical.case import Case
from diary.clinical.climbs import Climbing
from diary.clinical.diary import COMPARED, DAY, HOUR, LEVELS, RED_FLAGS, SEVERE, Diary
from diary.clinical.document import compose, read, write
from tests.properties.diaries import MINUTE, diaries

ROOT = Path(__file__).parents[2]
MODEST, MANY = 60, 3000
DOUBLED = 15 * MINUTE


def draw_with_entries(data):
    diary, now = data.draw(diaries())
    assume(diary.entries)
    return diary, now


def written(diary, now):
    return write(assess(diary, now))


def order_of_arrival_changes_nothing_of_what_is_written(data):
    """Not of sessions and entries, nor of the keys, conditions, reactions and red flags in the file."""
    diary, now = data.draw(diaries())
    random = data.draw(st.randoms(use_true_random=False))
    assert write(assess(*read(shuffled(compose(diary, now), random), None))) == written(diary, now)


def shuffled(value, random):
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    if isinstance(value, list):
        items = [shuffled(item, random) for item in value]
        random.shuffle(items)
        return items
    return value


OFFSETS = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))


def the_offset_in_which_an_instant_is_written_changes_nothing(data):
    """As when the clocks change, or the patient travels."""
    diary, now = data.draw(diaries())
    document = compose(diary, now)
    for row in document["sessions"] + document["entries"]:
        for field in {"ended_at", "observed_at", "recorded_at"} & set(row):
            row[field] = elsewhere(row[field], data.draw(OFFSETS))
    assert write(assess(*read(document, None))) == written(diary, now)


def elsewhere(text, offset):
    return datetime.fromisoformat(text).astimezone(timezone(offset)).isoformat()


def shifting_every_instant_shifts_what_is_written(data):
    """By years and across any change of the clocks, to the second."""
    diary, now = data.draw(diaries())
    by = data.draw(st.integers(-20 * 365 * DAY, 20 * 365 * DAY))
    moved = Diary(
        diary.time_zone,
        diary.intake,
        tuple(replace(row, ended_at=row.ended_at + by) for row in diary.sessions),
        tuple(
            replace(row, observed_at=row.observed_at + by, recorded_at=row.recorded_at + by) for row in diary.entries
        ),
    )
    assert later(written(diary, now), timedelta(seconds=by)) == written(moved, now + by)


def later(value, by):
    """The answer with each instant in it moved."""
    if isinstance(value, dict):
        return {key: moved(text, by) if key in INSTANTS and text else later(text, by) for key, text in value.items()}
    return [later(item, by) for item in value] if isinstance(value, list) else value


INSTANTS = {"now", "fired_at", "resolved_at", "due_at"}


def moved(text, by):
    return (datetime.fromisoformat(text) + by).astimezone(UTC).isoformat().replace("+00:00", "Z")


def what_was_told_at_each_instant_can_be_recomputed_for_ever(data):
    """Told as the diary grew, entry by entry, some of them backdated; recomputed from the whole of it, last first."""
    diary, _ = draw_with_entries(data)
    delays = data.draw(st.lists(st.integers(0, 100), min_size=len(diary.entries), max_size=len(diary.entries)))
    entries = [replace(e, recorded_at=e.observed_at + h * HOUR) for e, h in zip(diary.entries, delays, strict=True)]
    diary = replace(diary, entries=tuple(entries))
    instants = sorted({row.recorded_at for row in entries} | {row.ended_at for row in diary.sessions})
    told = {instant: written(known_by(diary, instant), instant) for instant in instants}
    for instant in reversed(instants):
        kept = read(compose(diary, instants[-1]), None)[0]
        assert written(known_by(kept, instant), instant) == told[instant]


def known_by(diary, instant):
    return replace(
        diary,
        sessions=tuple(row for row in diary.sessions if row.ended_at <= instant),
        entries=tuple(row for row in diary.entries if row.recorded_at <= instant),
    )


def gist(assessment):
    """What entering an observation twice leaves as it is: all but red flags and the ids in evidence."""
    rows = [replace(finding, evidence=()) for finding in assessment.findings if finding.rule != "red-flag"]
    return rows, assessment.not_evaluable, assessment.due_at


def entering_an_observation_again_at_its_instant_changes_only_red_flags_and_ids(data):
    """However often and whenever it is recorded again, where no other entry at that instant put it right."""
    diary, now = draw_with_entries(data)
    again = data.draw(st.sampled_from(diary.entries))
    assume([row.observed_at for row in diary.entries].count(again.observed_at) == 1)
    copies = [
        replace(again, id=f"{again.id} again {place}", recorded_at=again.recorded_at + delay)
        for place, delay in enumerate(data.draw(st.lists(st.integers(-DAY, DAY), min_size=1, max_size=3)))
    ]
    assert gist(assess(replace(diary, entries=(*diary.entries, *copies)), now)) == gist(assess(diary, now))


def entering_it_again_a_minute_later_is_having_observed_it_a_minute_later(data):
    """So it changes only what that minute carries over a boundary; where it put right no entry before it."""
    diary, now = draw_with_entries(data)
    place = data.draw(st.integers(0, len(diary.entries) - 1))
    first = diary.entries[place]
    near = [e for e in diary.entries if e is not first and abs(e.observed_at - first.observed_at) <= DOUBLED + MINUTE]
    assume(not near)
    again = replace(first, id="again", observed_at=first.observed_at + MINUTE)
    twice = replace(diary, entries=(*diary.entries, again))
    moved = replace(diary, entries=(*diary.entries[:place], again, *diary.entries[place + 1 :]))
    assert gist(assess(twice, now + MINUTE)) == gist(assess(moved, now + MINUTE))


def a_red_flag_adds_its_own_finding_and_takes_none(data):
    diary, now = draw_with_entries(data)
    place = data.draw(st.integers(0, len(diary.entries) - 1))
    code = data.draw(st.sampled_from(list(RED_FLAGS)))
    told = diary.entries[place]
    flagged = replace(told, red_flags=(*told.red_flags, code))
    entries = (*diary.entries[:place], flagged, *diary.entries[place + 1 :])
    before, after = assess(diary, now), assess(replace(diary, entries=entries), now)
    added = Counter(after.findings) - Counter(before.findings)
    assert not Counter(before.findings) - Counter(after.findings)
    assert [(row.rule, row.code, row.fired_at, row.evidence) for row in added] == [
        ("red-flag", code, told.observed_at, (told.id,))
    ] * (code not in told.red_flags)
    assert (after.not_evaluable, after.due_at) == (before.not_evaluable, before.due_at)


# ---- A worse answer


def worse_answers(entry):
    """The entry with one of its answers worse; what was not answered stays so."""
    yield from (replace(entry, pain=pain) for pain in range(entry.pain + 1, 11))
    if entry.soreness is not None:
        yield from (replace(entry, soreness=soreness) for soreness in range(entry.soreness + 1, 11))
    for symptom, grade in entry.reactions.items():
        for worse in range(grade + 1, SEVERE + 1):
            yield replace(entry, reactions={**entry.reactions, symptom: worse})
    if entry.compared:
        yield from (replace(entry, compared=word) for word in COMPARED[COMPARED.index(entry.compared) + 1 :])
    unseen = sorted(set(RED_FLAGS) - set(entry.red_flags))
    yield from (replace(entry, red_flags=(*entry.red_flags, code)) for code in unseen)


def highest_open(diary, moment):
    """By rule, the highest level that stands open; 0 where nothing does. R4 is silenced by R2: they count as one."""
    levels = Counter()
    for finding in assess(diary, moment).findings:
        if finding.open_at(moment):
            rule = "severe-pain" if finding.rule == "escalating-pain" else finding.rule
            levels[rule] = max(levels[rule], 1 + LEVELS.index(finding.level))
    return levels


def a_worse_answer_never_lowers_what_stands_open_at_that_moment(data):
    """Rule by rule, and so in all: at the moment of the answer, with all that had been observed by then."""
    diary, _ = draw_with_entries(data)
    place = data.draw(st.integers(0, len(diary.entries) - 1))
    moment = diary.entries[place].observed_at
    worse = data.draw(st.sampled_from([*worse_answers(diary.entries[place]), None]))
    assume(worse is not None)
    before = observed_by(diary, moment)
    after = replace(before, entries=tuple(worse if row.id == worse.id else row for row in before.entries))
    then, now = highest_open(before, moment), highest_open(after, moment)
    assert not then - now, (worse, then, now)


def observed_by(diary, moment):
    return replace(
        diary,
        sessions=tuple(row for row in diary.sessions if row.ended_at <= moment),
        entries=tuple(row for row in diary.entries if row.observed_at <= moment),
    )


# ---- Thinning


def levels(assessment):
    return [(row.rule, row.session, row.symptom, row.code, row.level, row.state) for row in assessment.findings]


def thinned(data):
    """A diary with three equal neighbours within a day, and without the middle one."""
    diary, now = draw_with_entries(data)
    first = replace(data.draw(st.sampled_from(diary.entries)), red_flags=())
    middle = first.observed_at + data.draw(st.sampled_from((16 * MINUTE, HOUR, 4 * HOUR, 6 * HOUR, 11 * HOUR)))
    last = middle + data.draw(st.sampled_from((16 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR, 13 * HOUR)))
    others = [row for row in diary.entries if row.id != first.id]
    instants = [row.observed_at for row in others] + [row.ended_at for row in diary.sessions]
    assume(not any(first.observed_at - DOUBLED <= instant <= last + DOUBLED for instant in instants))
    ends = [*others, first, replace(first, id="last", observed_at=last, recorded_at=last)]
    between = replace(first, id="middle", observed_at=middle, recorded_at=middle)
    return replace(diary, entries=(*ends, between)), replace(diary, entries=tuple(ends)), max(now, last)


def middles(diary, now):
    """The medians that thinning may move: baselines, settled levels, the usual answers before the first session."""
    case = Case(diary, now)
    usual = [case.usual(symptom) for symptom in ("soreness", *case.answers)] if case.sessions else []
    baselines = [follow_up.baseline for follow_up in case.follow_ups]
    return baselines, [(row.session, row.value) for row in case.settled_levels], usual


def climbs(diary, now):
    for follow_up in Case(diary, now).follow_ups:
        climbing = Climbing()
        yield from filter(None, map(climbing.climb_to, follow_up.observations))


def thinning_equal_neighbours_changes_no_level_where_no_median_moves_and_nothing_climbs(data):
    """Where it ends is shown in `test_ends`; findings may come in another order, by when they opened."""
    whole, thin, now = thinned(data)
    assume(middles(whole, now) == middles(thin, now) and not any(climbs(whole, now)))
    assert Counter(levels(assess(whole, now))) == Counter(levels(assess(thin, now)))


PROPERTIES = (
    order_of_arrival_changes_nothing_of_what_is_written,
    the_offset_in_which_an_instant_is_written_changes_nothing,
    shifting_every_instant_shifts_what_is_written,
    what_was_told_at_each_instant_can_be_recomputed_for_ever,
    entering_an_observation_again_at_its_instant_changes_only_red_flags_and_ids,
    entering_it_again_a_minute_later_is_having_observed_it_a_minute_later,
    a_red_flag_adds_its_own_finding_and_takes_none,
    a_worse_answer_never_lowers_what_stands_open_at_that_moment,
    thinning_equal_neighbours_changes_no_level_where_no_median_moves_and_nothing_climbs,
)


@pytest.mark.parametrize("times", [MODEST, pytest.param(MANY, marks=pytest.mark.full)])
@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
def test_whatever_the_diary(holds, times):
    quiet = (HealthCheck.filter_too_much, HealthCheck.too_slow)
    settings(max_examples=times, deadline=None, suppress_health_check=quiet)(given(st.data())(holds))()


# ---- What stands behind these figures


@pytest.mark.full
@pytest.mark.parametrize(("times", "all_reached"), [(5000, True), (10, False)])
def test_the_diaries_reach_every_branch_of_the_rules(times, all_reached, tmp_path):
    """Ten of them do not: the control."""
    report = tmp_path / "reach.json"
    subprocess.run([sys.executable, "-m", "tests.properties.reach", report, str(times)], check=True, cwd=ROOT)
    files = json.loads(report.read_text())["files"]
    missing = {file: found["missing_branches"] for file, found in files.items() if found["missing_branches"]}
    assert (missing == {}) is all_reached, missing
