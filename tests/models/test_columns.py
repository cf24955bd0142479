from datetime import timedelta

import pytest

from diary.clinical.instants import instant_of
from diary.models import Entry
from diary.models.columns import Minute
from diary.models.readings import Second

pytestmark = pytest.mark.django_db
NEARLY = timedelta(seconds=59, milliseconds=999)


def written(log, patient, at):
    log(patient, 3)
    Entry.objects.update(observed_at=at)
    return Entry.objects


@pytest.mark.parametrize("past", [timedelta(0), timedelta(microseconds=1), NEARLY])
def test_a_minute_lasts_until_the_next(ana, log, now, past):
    at = now.replace(second=0, microsecond=0) + past
    assert written(log, ana, at).values_list(Minute("observed_at"), flat=True).get() == int(at.timestamp()) // 60


@pytest.mark.parametrize("past", [timedelta(0), timedelta(microseconds=1), timedelta(microseconds=999_999)])
def test_a_second_is_the_one_that_the_rules_count(ana, log, now, past):
    at = now.replace(microsecond=0) + past
    assert written(log, ana, at).values_list(Second("observed_at"), flat=True).get() == instant_of(at.isoformat())
