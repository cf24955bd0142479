from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from diary.forms.moments import Doubled, Missing, about, instant_of, offset_at, wall_of, which_of

LISBON = "Europe/Lisbon"


def utc(*moment):
    return datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "zone", "instant"),
    [
        (datetime(2026, 1, 5, 8), LISBON, utc(2026, 1, 5, 8)),
        (datetime(2026, 7, 5, 8), LISBON, utc(2026, 7, 5, 7)),
        (datetime(2026, 7, 5, 8), "Asia/Kathmandu", utc(2026, 7, 5, 2, 15)),
    ],
)
def test_a_wall_time_is_an_instant(wall, zone, instant):
    assert instant_of(wall, zone) == instant


def test_a_missing_time_names_where_the_clock_stood():
    with pytest.raises(Missing) as missing:
        instant_of(datetime(2025, 3, 30, 1, 30), LISBON)
    assert f"{missing.value.meant:%H:%M}" == "02:30"


@pytest.mark.parametrize("which", ["", "first", "second"])
def test_a_missing_time_stays_missing_whichever_is_meant(which):
    with pytest.raises(Missing):
        instant_of(datetime(2025, 3, 30, 1, 30), LISBON, which)


@pytest.mark.parametrize(
    ("minute", "outcome"), [("00:59", "once"), ("01:00", "twice"), ("01:59", "twice"), ("02:00", "once")]
)
def test_only_the_doubled_hour_is_asked_about(minute, outcome):
    wall = datetime.fromisoformat(f"2025-10-26T{minute}")
    if outcome == "twice":
        with pytest.raises(Doubled):
            instant_of(wall, LISBON)
    else:
        assert wall_of(instant_of(wall, LISBON), LISBON) == wall


@pytest.mark.parametrize(
    ("instant", "which"),
    [(utc(2025, 10, 26, 0, 30), "first"), (utc(2025, 10, 26, 1, 30), "second"), (utc(2025, 10, 26, 3), "")],
)
def test_an_instant_says_which_of_two_it_was(instant, which):
    assert which_of(instant, LISBON) == which
    assert instant_of(wall_of(instant, LISBON), LISBON, which) == instant


CHANGING = (LISBON, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago", "Asia/Tehran")


def changes(zone, first=2020, last=2027):
    """Return the hours at which a zone's offset changes."""
    hours = (utc(first, 1, 1) + timedelta(hours=hour) for hour in range((last - first) * 366 * 24))
    before = None
    for hour in hours:
        offset = hour.astimezone(ZoneInfo(zone)).utcoffset()
        if before is not None and offset != before:
            yield hour
        before = offset


@pytest.mark.parametrize("zone", CHANGING)
def test_every_instant_about_a_change_comes_back_from_its_wall_time(zone):
    points = [change + timedelta(minutes=15 * step) for change in changes(zone) for step in range(-12, 13)]
    assert points
    for instant in points:
        assert instant_of(wall_of(instant, zone), zone, which_of(instant, zone)) == instant


def test_an_offset_is_in_minutes():
    assert offset_at(utc(2026, 7, 1), LISBON) == 60
    assert offset_at(utc(2026, 7, 1), "America/St_Johns") == -150


@pytest.mark.parametrize(
    ("when", "now", "meant"),
    [
        ("now", utc(2026, 3, 10, 12), utc(2026, 3, 10, 12)),
        ("morning", utc(2026, 3, 10, 12), utc(2026, 3, 10, 8)),
        ("morning", utc(2026, 3, 10, 3), utc(2026, 3, 10, 3)),
        ("night", utc(2026, 3, 10, 12), utc(2026, 3, 9, 22)),
        ("night", utc(2026, 3, 10, 0, 30), utc(2026, 3, 9, 22)),
        ("night", utc(2026, 3, 10, 23, 30), utc(2026, 3, 9, 22)),
        ("morning", utc(2026, 7, 10, 12), utc(2026, 7, 10, 7)),
    ],
)
def test_what_people_mean_by(when, now, meant):
    assert about(when, now, LISBON) == meant
