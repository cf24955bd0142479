"""How a test walks a hot path."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from diary.actions import tokens
from tests.performance.paths import PROGRAMS, SCOPES
from tests.world import address


@pytest.fixture
def walk(request, world, monkeypatch, now):
    """Return a function that walks one path of a person, and takes back what it wrote.

    Programs come with a token and no cookie, people with a session.
    """
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    people = {person: request.getfixturevalue(person) for person in SCOPES}
    made = {
        name: tokens.add(by=person, now=now, name="laptop", scope=SCOPES[name], lasts=timedelta(days=1))
        for name, person in people.items()
    }

    def walked(person, name):
        noun, client = name.partition("-")[0], Client()
        if noun in PROGRAMS:
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {made[person]}"
        else:
            client.force_login(people[person])
        with transaction.atomic():
            answer = asked(client, name, address(name, world.get(noun)), world)
            transaction.set_rollback(True)
        assert answer.status_code in (200, 302), (name, answer.status_code)

    return walked


def asked(client, name, url, world):
    if name == "entries-add":
        return client.post(url, {"id": str(uuid4()), "pain": "4", "when": "now"})
    if name == "cards-show":
        hook = {"hook": "patient-view", "context": {"patientId": str(world["patients"].pk)}}
        return client.post(url, hook, content_type="application/json")
    return client.get(url)
