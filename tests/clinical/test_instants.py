"""Instants as text, to the second."""

import pytest

from diary.clinical.instants import LAST, instant_of, text_of
from tests.clinical.builders import START


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T10:00:00Z",
        "2026-03-02T10:00:00z",
        "2026-03-02t10:00:00Z",
        "2026-03-02 10:00:00Z",
        "2026-03-02T10:00Z",
        "2026-03-02T10:00:00+00:00",
        "2026-03-02T10:00:00-00:00",
        "2026-03-02T11:00:00+01:00",
        "2026-03-02T15:30:00+0530",
        "2026-03-02T03:00:00-07",
        "2026-03-01T23:00:00-11:00",
        "2026-03-02T10:00:00.999999Z",
        "2026-03-02T10:00:00,9999999999Z",
    ],
)
def test_each_way_to_write_one_instant_is_cut_to_the_second(text):
    assert instant_of(text) == START
    assert isinstance(instant_of(text), int)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-03-02",
        "2026-03-02T10:00:00",
        "2026-03-02T10:00:00 Z",
        "2026-03-02T10:00:00Z\n",
        " 2026-03-02T10:00:00Z",
        "2026-03-02x10:00:00Z",
        "2026-02-30T10:00:00Z",
        "2025-02-29T10:00:00Z",
        "2026-03-02T24:00:00Z",
        "2026-03-02T10:60:00Z",
        "2026-03-02T10:00:60Z",
        "2026-03-02T10:00:00+24:00",
        "2026-W10-1T10:00:00Z",
        "20260302T100000Z",
        "２０２６-03-02T10:00:00Z",
        "0000-03-02T10:00:00Z",
        "10000-03-02T10:00:00Z",
        "2026-03-02T10:00:00[Europe/Lisbon]",
        START,
        1.5,
        True,
        [],
        {},
    ],
)
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(ValueError, match="not a date and time with its UTC offset"):
        instant_of(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"])
def test_what_leaves_the_calendar_in_utc_is_refused(text):
    with pytest.raises(ValueError, match=r"^outside the years 1 to 9999$"):
        instant_of(text)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_text_comes_back_as_it_was(text):
    assert text_of(instant_of(text)) == text


def test_before_1970_too_a_fraction_is_cut_off():
    assert instant_of("1969-12-31T23:59:59.5Z") == -1


def test_what_lies_past_the_calendar_is_said_as_its_last_second():
    assert text_of(LAST + 1) == "9999-12-31T23:59:59Z"
