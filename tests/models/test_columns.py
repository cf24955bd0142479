from datetime import timedelta

import pytest
from django.db.models.functions import Lower

from diary.clinical.instants import instant_of
from diary.models import Entry, Flag
from diary.models.columns import Minute, Word
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


@pytest.mark.parametrize("word", ["it's", "", "100%", "a b", "'"])
def test_only_a_word_is_written_into_a_statement(word):
    with pytest.raises(ValueError, match="not a word"):
        Flag.objects.filter(rule=Word(word)).exists()


def test_a_word_is_the_same_as_its_value(ana, log):
    log(ana, 3, red_flags=["fever"])
    assert Flag.objects.annotate(said=Lower(Word("Open"))).get(status=Word("open")).said == "open"
    assert not Flag.objects.filter(status=Word("closed")).exists()
