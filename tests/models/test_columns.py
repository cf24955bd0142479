import pytest
from django.db.models.functions import Lower

from diary.models import Flag
from diary.models.columns import Word

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("word", ["it's", "", "100%", "a b", "'"])
def test_only_a_word_is_written_into_a_statement(word):
    with pytest.raises(ValueError, match="not a word"):
        Flag.objects.filter(rule=Word(word)).exists()


def test_a_word_is_the_same_as_its_value(ana, log):
    log(ana, 3, red_flags=["fever"])
    assert Flag.objects.annotate(said=Lower(Word("Open"))).get(status=Word("open")).said == "open"
    assert not Flag.objects.filter(status=Word("closed")).exists()
