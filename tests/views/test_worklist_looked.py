"""Who looked last and who acknowledged, as the worklist says it to each reader."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from diary.actions import flags, shares
from diary.models import Flag, Practice
from tests.views.test_worklist import DAYS, HOURS, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def url():
    return reverse("worklist-show")


def test_show_moves_an_acknowledged_flag_to_the_seen(signed_in, paula, ana, severe, now, url):
    severe(ana)
    flags.handle(by=paula, now=now, flag=Flag.objects.get(), outcome="acknowledged")
    client = signed_in(paula)
    assert client.get(url).context["groups"] == []
    for chosen in ("seen", "mine"):
        [row] = rows(client.get(url, {"show": chosen}))
        assert (row.name, row.looked) == ("Ana Alves", "acknowledged by Paula Pinho, under an hour ago")


def test_show_says_who_looked_last(signed_in, paula, ana, other, severe, now, url):
    severe(ana)
    client = signed_in(paula)
    assert [row.looked for row in rows(client.get(url))] == ["not read yet"]
    shares.look(by=other, now=now - 3 * HOURS, patient=ana)
    shares.look(by=paula, now=now - 1 * DAYS, patient=ana)
    assert [row.looked for row in rows(client.get(url))] == ["read by Olga Other, 3 hours ago"]


def test_show_leaves_out_ones_own_look_of_this_moment(signed_in, paula, ana, other, severe, now, url):
    severe(ana)
    shares.look(by=other, now=now - 3 * HOURS, patient=ana)
    shares.look(by=paula, now=now, patient=ana)
    client = signed_in(paula)
    assert [row.looked for row in rows(client.get(url))] == ["read by Olga Other, 3 hours ago"]
    with time_machine.travel(now + timedelta(minutes=6), tick=False):
        assert [row.looked for row in rows(client.get(url))] == ["read by you, under an hour ago"]


def test_show_says_nothing_of_who_looked_elsewhere(signed_in, paula, ana, other, severe, now, url):
    severe(ana)
    shares.look(by=other, now=now - 3 * HOURS, patient=ana)
    other.practitioner.practice = Practice.objects.create(name="Elsewhere")
    other.practitioner.save()
    assert [row.looked for row in rows(signed_in(paula).get(url))] == ["not read yet"]
