"""Looking changes nothing, but for what a look is for."""

import json

import pytest
from django.apps import apps
from django.core import serializers

from tests.security.asked import few_and_all
from tests.world import ROWS, address

pytestmark = pytest.mark.django_db

NOTED = {  # what a look is for: that somebody looked is noted, and how far a diary was read
    "diary.message": {"read_at"},
    "sessions.session": None,
}


def kept():
    """Return every row as it stands, without what a look notes."""
    rows = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if model._meta.managed and NOTED.get(label, set()) is not None:
            rows |= {(label, row["pk"]): row["fields"] for row in json.loads(serialized(model))}
    return rows


def serialized(model):
    return serializers.serialize("json", model._base_manager.order_by("pk"))


def changed(before, after):
    """Return the rows that differ in more than what a look notes."""
    differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return {(*key, *what(before.get(key), after.get(key))) for key in differing if not only_noted(key, before, after)}


def what(old, new):
    return sorted(name for name in (new or old) if (old or {}).get(name) != (new or {}).get(name))


def only_noted(key, before, after):
    old, new = before.get(key), after.get(key)
    if key[0] == "diary.event":
        return old is None and new["verb"] in {"diary-read", "messages-read"}
    return old is not None and new is not None and set(what(old, new)) <= NOTED.get(key[0], set())


@pytest.mark.asvs("V3.5.3")
@few_and_all
def test_looking_changes_nothing(asked, hall, figure):
    """All pages are opened one after another, by everybody, without anything being undone in between."""
    before = kept()
    looks = [(row[0], person) for row in ROWS if row[1] == "GET" for person in asked(row[0])]
    for name, person in looks:
        hall.ask(person, "GET", address(name, hall.things.get(name.partition("-")[0])))
    wrong = changed(before, kept())
    figure("rows that a GET changed", len(wrong), f"{len(looks)} looks, {len(before)} rows")
    assert wrong == set()


def test_control_a_look_that_changes_something_is_seen(hall, monkeypatch):
    before = kept()
    hall.ask("ana", "POST", address("entries-withdraw", hall.things["entries"]))
    assert {key[:1] for key in changed(before, kept())} >= {("diary.entry",), ("diary.event",)}
