"""Asking the worklist for less, and its pages."""

from uuid import uuid4

import pytest
from django.urls import reverse

from diary.actions import flags
from diary.models import Flag
from tests.views.test_worklist import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def url():
    return reverse("worklist-show")


@pytest.fixture
def two(ana, join, paula, severe, log):
    """Ana in severe pain, and Uma with a sign that needs care."""
    severe(ana)
    log(join("Uma Urgent", "patient", by=paula), 2, red_flags=["fever"])


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"level": "urgent"}, ["Uma Urgent"]),
        ({"rule": "severe-pain"}, ["Ana Alves"]),
        ({"q": "ALV"}, ["Ana Alves"]),
        ({"q": "alv", "level": "urgent"}, []),
        ({"level": "nonsense", "rule": "nonsense", "show": "nonsense", "page": "x"}, ["Uma Urgent", "Ana Alves"]),
    ],
)
def test_show_narrows_to_what_is_asked(signed_in, paula, two, url, asked, names):
    answer = signed_in(paula).get(url, asked)
    assert [row.name for row in rows(answer)] == names
    assert ("matches what you asked for" in answer.content.decode()) is (not names)


def test_show_keeps_to_the_acknowledged_of_oneself(signed_in, paula, two, other, now, url):
    flags.handle(by=other, now=now, flag=Flag.objects.get(rule="severe-pain"), outcome="acknowledged")
    client = signed_in(paula)
    assert [row.looked for row in rows(client.get(url, {"show": "seen"}))] == [
        "acknowledged by Olga Other, under an hour ago"
    ]
    mine = client.get(url, {"show": "mine"})
    assert rows(mine) == []
    assert "None at the moment" in mine.content.decode()
    assert [count for _, _, count in mine.context["tabs"]] == [1, 1, 0]


def test_show_goes_by_pages_of_fifty(signed_in, paula, ana, severe, url, django_assert_num_queries):
    severe(ana)
    flag = Flag.objects.get()
    for _number in range(51):
        flag.pk, flag.status, flag.code = uuid4(), "open", str(uuid4())[:12]
        flag.save(force_insert=True)
    client = signed_in(paula)
    first = client.get(url)
    assert len(rows(first)) == 50
    assert first.context["groups"][0].flags == "52 flags"
    assert "Page 1 of 2" in first.content.decode()
    with django_assert_num_queries(4):
        assert len(rows(client.get(url, {"page": "2", "level": "priority"}))) == 2
