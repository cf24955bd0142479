"""Where a patient stands on the list is where the rules see them: to the second, and of two ratings the later one."""

from datetime import timedelta

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
SECONDS, MINUTES, HOURS, DAYS = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


@pytest.fixture
def scores(signed_in, paula):
    def shown():
        [row] = [
            row for group in signed_in(paula).get(reverse("worklist-show")).context["groups"] for row in group.rows
        ]
        return row.scores

    return shown


def test_of_two_ratings_in_one_minute_the_later_counts(ana, log, now, scores):
    """A 9 mistyped, and a 2 half a minute later: the rules read 2, and so does the list."""
    log(ana, 9, red_flags=["head"], observed_at=now - 10 * MINUTES, now=now - 10 * MINUTES)
    log(ana, 2, observed_at=now - 10 * MINUTES + 30 * SECONDS, now=now - 9 * MINUTES)
    assert scores() == "usual – → now 2"


@pytest.mark.parametrize("ago", [HOURS, 300 * HOURS])
def test_of_two_ratings_for_one_moment_the_one_recorded_later_counts(ana, log, now, scores, ago):
    log(ana, 9, red_flags=["head"], now=now - 50 * SECONDS, observed_at=now - ago)
    log(ana, 2, observed_at=now - ago)
    assert scores() == "usual – → now 2"


def test_of_two_ratings_before_a_session_the_later_is_the_usual_one(ana, paula, log, treat, now, scores):
    treat(ana, by=paula, ago=2 * DAYS)
    log(ana, 6, observed_at=now - 3 * DAYS)
    log(ana, 3, now=now + 20 * SECONDS, observed_at=now - 3 * DAYS)
    log(ana, 8, ago=HOURS, compared="worse")
    assert scores() == "usual 3 → now 8"


def test_ratings_a_second_too_far_apart_to_be_one_are_two(ana, paula, log, treat, now, scores):
    """Fifteen minutes and a second, within sixteen minutes of the clock: two ratings, half way between is usual."""
    treat(ana, by=paula, ago=2 * DAYS)
    first = (now - 3 * DAYS).replace(second=0)
    log(ana, 2, observed_at=first)
    log(ana, 4, observed_at=first + 15 * MINUTES + SECONDS)
    log(ana, 8, ago=HOURS, compared="worse")
    assert scores() == "usual 3 → now 8"


def test_a_rating_seconds_before_a_session_ends_is_from_before_it(ana, paula, log, treat, now, scores):
    treat(ana, by=paula, ago=2 * DAYS, ended_at=now - 2 * DAYS + 40 * SECONDS)
    log(ana, 3, observed_at=now - 2 * DAYS + 10 * SECONDS)
    log(ana, 8, ago=HOURS, compared="worse")
    assert scores() == "usual 3 → now 8"
