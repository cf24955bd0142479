"""One person in two tabs at the same moment, and a person beside the worker."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from diary.actions import hours, imports
from diary.actions.planning import part_of
from diary.exports.document import row_of
from diary.models import Absence, Entry, Event, Import, User
from tests.actions.beside import beside

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.mark.parametrize("dropped", ["by the patient", "by the worker"])
def test_a_file_that_is_dropped_while_it_is_taken_in_stays_with_what_it_brought(ana, now, dropped):
    """It was taken in and the event said so, but the file was gone, and the page said that nothing was taken in."""
    entry = Entry(id=uuid4(), patient=ana, observed_at=now, recorded_at=now, zone="UTC", pain=4)
    taken = imports.look_at(by=ana, now=now, kind="json", text="{}")
    said = {"entries": [row_of(part_of("entries"), entry)]}
    take = partial(imports.take, by=ana, now=now, taken=taken, parts=said)
    drops = {
        "by the patient": partial(imports.drop, by=User.objects.get(pk=ana.pk), taken=Import.objects.get()),
        "by the worker": partial(imports.let_go, now=now + 30 * DAY),
    }
    assert beside(take, 'INSERT INTO "diary_entry"', drops[dropped]) == [None, None]
    assert Entry.objects.exists()
    assert Import.objects.exclude(taken_at=None).exists()


def test_days_away_that_are_struck_out_in_two_tabs_are_struck_out_once(paula, now):
    away = hours.go_away(by=paula, now=now, practitioner=paula, first_day=(now + 9 * DAY).date())
    back = [partial(hours.come_back, by=paula, now=now, absence=Absence.objects.get(pk=away.pk)) for _ in range(2)]
    assert beside(back[0], "INSERT INTO diary_event", back[1]) == [None, None]
    assert Event.objects.about(paula.pk).filter(verb="back").count() == 1
