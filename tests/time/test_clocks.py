"""Times on clocks that change: each offset change 2020-2035 of each zone, at 17 points around it.

What is expected is worked out in whole seconds from the change alone: no calendar, no time zone arithmetic.
"""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from diary.clinical.instants import instant_of as clinical_instant_of
from diary.clinical.instants import text_of
from diary.forms import moments
from diary.forms.fields import WallTimeField
from diary.forms.moments import Doubled, Missing, MomentForm
from diary.reminding import Course, Habits, check_ins
from diary.templatetags.settle import moment as shown
from diary.wording import day_of
from tests.time.changes import DAY, HOUR, LAST, MINUTE, ODD, POINTS, Change, changes_of, offset, zones

AREAS = sorted({zone.rpartition("/")[0] for zone in zones()})
SAMPLE = [*ODD, *zones()[::60]]
EVERY_CASE = 100_000  # at least; the list of zones grows and shrinks a little with each release of it


def instant(seconds):
    return datetime.fromtimestamp(seconds, UTC)


def wall(zone, seconds):
    """What the clocks show, to the minute."""
    return datetime(1970, 1, 1) + timedelta(seconds=(seconds + offset(zone, seconds)) // MINUTE * MINUTE)


def comes_twice(zone, shown):
    """Whether the clocks of a zone show this time twice: once before a change back, once after."""
    seconds = (shown - datetime(1970, 1, 1)) // timedelta(seconds=1)
    return any(change.at + change.after <= seconds < change.at + change.before for change in changes_of(zone))


def told(clocks, change, at):
    """The instant that comes of it when a person types what the clock shows, and says which of two where asked."""
    shown_time = clocks.wall_of(instant(at), change.zone)
    return clocks.instant_of(shown_time, change.zone, clocks.which_of(instant(at), change.zone))


def each_time_comes_back_to_its_minute(clocks, change):
    for at in change.points:
        assert clocks.wall_of(instant(at), change.zone) == wall(change.zone, at)
        assert told(clocks, change, at) == instant(at // MINUTE * MINUTE)


def a_time_that_comes_twice_is_asked_about(clocks, change):
    for at in change.points:
        shown_time = wall(change.zone, at)
        try:
            clocks.instant_of(shown_time, change.zone)
            asked = False
        except Doubled:
            asked = True
        assert asked is comes_twice(change.zone, shown_time)
        assert bool(clocks.which_of(instant(at), change.zone)) is asked


def both_of_two_times_can_be_told(clocks, change):
    width = change.before - change.after
    for at in change.points:
        if change.at - width <= at < change.at:
            shown_time, first = wall(change.zone, at), at // MINUTE * MINUTE
            assert clocks.instant_of(shown_time, change.zone, "first") == instant(first)
            assert clocks.instant_of(shown_time, change.zone, "second") == instant(first + width)


def a_time_that_never_came_is_explained(clocks, change):
    """What a clock that nobody put forward would show, and beside it what the others showed then."""
    for at in change.points:
        if change.at <= at < change.at + change.after - change.before:
            shown_time = wall(change.zone, at)
            unchanged = shown_time - timedelta(seconds=change.after - change.before)
            with pytest.raises(Missing) as missing:
                clocks.instant_of(unchanged, change.zone)
            assert missing.value.meant.replace(tzinfo=None) == shown_time


def hours_between_are_elapsed_hours_in_their_order(clocks, change):
    """Through what is typed, kept, exported with an offset, and read by the rules."""
    here = ZoneInfo(change.zone)
    minutes = [at // MINUTE * MINUTE for at in change.points]
    read = [clinical_instant_of(told(clocks, change, at).astimezone(here).isoformat()) for at in change.points]
    assert read == sorted(read)
    for (earlier, later), (first, second) in zip(pairwise(minutes), pairwise(read), strict=True):
        assert second - first == later - earlier


def the_day_shown_is_the_day_on_the_wall(clocks, change):
    now = change.points[-1]
    today = (now + offset(change.zone, now)) // DAY
    for at in change.points:
        day = (at + offset(change.zone, at)) // DAY
        assert clocks.day_of(instant(at), instant(now), change.zone) == today - day
        assert clocks.offset_at(instant(at), change.zone) * MINUTE == offset(change.zone, at)


def what_is_shown_and_exported_is_the_instant(clocks, change):
    for at in change.points:
        assert f'datetime="{wall(change.zone, at):%Y-%m-%dT%H:%M}' in clocks.shown(instant(at), change.zone, "full")
        local = instant(at).astimezone(ZoneInfo(change.zone)).isoformat()
        assert clinical_instant_of(local) == at
        assert clinical_instant_of(text_of(at)) == at


def this_morning_and_last_night_are_past(clocks, change):
    for at in change.points:
        assert clocks.about("morning", instant(at), change.zone) <= instant(at)
        assert clocks.about("night", instant(at), change.zone) < instant(at)


def one_reminder_a_local_day_and_none_in_quiet_hours(clocks, change):
    """After a session that ended at each point, for who wants to be asked between eight and nine only."""
    for at in change.points:
        came = [int(moment.timestamp()) for moment in clocks.check_ins(instant(at), change.zone)]
        local = [moment + offset(change.zone, moment) for moment in came]
        assert len({seconds // DAY for seconds in local}) == len(came) >= 3
        assert all(8 * HOUR <= seconds % DAY < 9 * HOUR for seconds in local)


CHECKS = (
    each_time_comes_back_to_its_minute,
    a_time_that_comes_twice_is_asked_about,
    both_of_two_times_can_be_told,
    a_time_that_never_came_is_explained,
    hours_between_are_elapsed_hours_in_their_order,
    the_day_shown_is_the_day_on_the_wall,
    what_is_shown_and_exported_is_the_instant,
    this_morning_and_last_night_are_past,
    one_reminder_a_local_day_and_none_in_quiet_hours,
)


def check_ins_after(ended_at, zone):
    return check_ins(Course(began=ended_at, session=ended_at), Habits(zone, time(9), time(8)), ended_at)


OURS = SimpleNamespace(
    instant_of=moments.instant_of,
    wall_of=moments.wall_of,
    which_of=moments.which_of,
    offset_at=moments.offset_at,
    about=moments.about,
    day_of=day_of,
    shown=shown,
    check_ins=check_ins_after,
)


def checked(zone):
    for change in changes_of(zone):
        for check in CHECKS:
            check(OURS, change)
    return len(changes_of(zone)) * len(POINTS)


@pytest.mark.parametrize("zone", SAMPLE)
def test_a_sample_of_zones(zone):
    checked(zone)


def test_the_sample_holds_changes_of_every_kind():
    changes = [change for zone in SAMPLE for change in changes_of(zone)]
    assert len(changes) * len(POINTS) >= 5_000
    assert {change.after - change.before for change in changes} >= {-7200, -3600, -1800, 1800, 3600, 7200}


class Typed(MomentForm):
    """As a form with a moment asks for it."""

    at = WallTimeField()

    def clean(self):
        self.instant = self.past_instant("at", self.now)


def typed(zone, wall, which=""):
    form = Typed({"at": f"{wall:%Y-%m-%dT%H:%M}", "zone": zone, "which": which}, now=instant(LAST), home="UTC")
    form.is_valid()
    return form


@pytest.mark.parametrize("zone", ODD)
def test_a_form_asks_which_of_two_and_explains_what_never_came(zone):
    for change in changes_of(zone):
        width = change.after - change.before
        shown_time = wall(zone, change.at)
        unchanged = shown_time - timedelta(seconds=width)
        if width < 0:
            form = typed(zone, shown_time)
            assert form.asks_which
            assert f"{shown_time:%H:%M} came twice" in str(form.errors["which"])
            assert typed(zone, shown_time, "first").instant == instant(change.at + width)
            assert typed(zone, shown_time, "second").instant == instant(change.at)
        else:
            told = str(typed(zone, unchanged).errors["at"])
            assert f"{unchanged:%H:%M} did not exist" in told
            assert f"{shown_time:%H:%M}?" in told


@pytest.mark.full
@pytest.mark.parametrize("area", AREAS)
def test_every_zone(area, figure):
    cases = sum(checked(zone) for zone in zones() if zone.rpartition("/")[0] == area)
    figure(f"wrong times at changes of the clocks, {area or 'without an area'}", 0, f"{cases:,} cases")


@pytest.mark.full
def test_every_zone_is_that_many_cases(figure):
    cases = sum(len(changes_of(zone)) for zone in zones()) * len(POINTS)
    figure("cases at changes of the clocks", f"{cases:,}", f"{len(zones())} zones")
    assert cases >= EVERY_CASE


# ---- The control: a program that keeps what the clock on the wall shows, and one offset for a zone


def fixed(offset):
    """The zone of an offset that never changes, to the hour."""
    hours = round(offset / timedelta(hours=1))
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def naive():
    def one_offset(zone):
        return timedelta(seconds=changes_of(zone)[0].before)

    def wall_of(at, zone):
        return (at + one_offset(zone)).replace(second=0, microsecond=0, tzinfo=None)

    def day_of(ended_at, now, zone):
        return (now - ended_at).days

    return SimpleNamespace(
        instant_of=lambda wall, zone, which="": (wall - one_offset(zone)).replace(tzinfo=UTC),
        wall_of=moments.wall_of,
        which_of=lambda at, zone: "",
        offset_at=lambda at, zone: one_offset(zone) // timedelta(minutes=1),
        about=lambda when, now, zone: wall_of(now, zone).replace(hour=8, minute=0, tzinfo=UTC),
        day_of=day_of,
        check_ins=lambda ended_at, zone: check_ins_after(ended_at, fixed(one_offset(zone))),
        shown=lambda at, zone, form: f'datetime="{wall_of(at, zone).isoformat()}"',
    )


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_naive_local_time_turns_it_red(check):
    assert any(fails(check, change) for change in changes_of("Europe/Lisbon"))


@pytest.mark.parametrize("zone", SAMPLE)
def test_naive_local_time_turns_every_change_red(zone):
    for change in changes_of(zone):
        assert any(fails(check, change) for check in CHECKS)


def fails(check, change: Change):
    try:
        check(naive(), change)
    except (AssertionError, pytest.fail.Exception):
        return True
    return False
