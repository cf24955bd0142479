"""Two tabs, opened and saved in any order: no save replaces what its tab has not shown."""

import re
from dataclasses import dataclass, field
from html import unescape
from random import Random
from typing import Any

import pytest
from django.test import Client

from diary.actions import entries, intakes, sessions
from diary.models import Entry, Intake, TreatmentSession
from tests.figures import Figure

VERSION = re.compile(r'name="version" value="(\w+)"')
STEPS = 8


@dataclass
class Thing:
    """Something that can be put right: its page, the fields that page sends besides the text, how to read the text."""

    address: str
    text: str
    said: dict[str, str]
    read: Any


@dataclass
class Tab:
    """One tab: the version and the text it shows."""

    client: Client
    thing: Thing
    version: str = ""
    seen: str = ""
    overwritten: list[str] = field(default_factory=list)

    def open(self) -> None:
        self.look(self.client.get(self.thing.address).content.decode())

    def look(self, page: str) -> None:
        self.version, self.seen = VERSION.search(page)[1], self.thing.read()  # type: ignore[index]

    def save(self, words: str) -> None:
        """Save, and note what was replaced though this tab never showed it; a refusal is looked at instead."""
        stood = self.thing.read()
        sent = self.thing.said | {self.thing.text: words, "version": self.version}
        answer = self.client.post(self.thing.address, sent)
        if answer.status_code == 302:
            self.overwritten += [stood] if stood != self.seen else []
            self.open()
        else:
            page = unescape(answer.content.decode())
            assert words in page, "what was typed is gone"
            assert stood in page, "what stands is not shown"
            self.look(answer.content.decode())


@pytest.fixture
def things(ana: Any, log: Any, treat: Any, signed_in: Any) -> list[Thing]:
    entry, session = log(ana, 4, note="as it was").entry, treat(ana, note="as it was")
    intakes.save(by=ana, now=entry.recorded_at, allergies="as it was")
    moment = {"zone": "UTC", "when": "pick"}
    return [
        Thing(
            f"/entries/{entry.pk}/amend/",
            "note",
            moment | {"pain": "4", "observed": "2026-03-10T12:00"},
            lambda: Entry.objects.get(pk=entry.pk).note,
        ),
        Thing(
            f"/sessions/{session.pk}/amend/",
            "note",
            moment | {"ended": "2026-03-10T12:00"},
            lambda: TreatmentSession.objects.get(pk=session.pk).note,
        ),
        Thing("/intake/", "allergies", {}, lambda: Intake.objects.get(patient=ana).allergies),
    ]


def lost_updates(client: Client, things: list[Thing], runs: int) -> int:
    """Let two tabs open and save in an order that nobody chose; return how many texts were replaced unseen."""
    lost = 0
    for run in range(runs):
        chance = Random(run)
        thing = things[run % len(things)]
        tabs = [Tab(client, thing), Tab(client, thing)]
        for tab in tabs:
            tab.open()
        for step in range(STEPS):
            tab = chance.choice(tabs)
            if chance.random() < 0.25:
                tab.open()
            else:
                tab.save(f"run {run}, step {step}")
        lost += sum(len(tab.overwritten) for tab in tabs)
    return lost


@pytest.mark.asvs("V2.3.4")
@pytest.mark.parametrize("runs", [9, pytest.param(1000, marks=pytest.mark.full)])
def test_no_update_is_lost(ana: Any, things: list[Thing], signed_in: Any, figure: Figure, runs: int):
    lost = lost_updates(signed_in(ana), things, runs)
    figure("lost updates from two tabs", lost, f"{runs:,} interleavings of {STEPS} steps")
    assert lost == 0


@pytest.mark.engineless
def test_control_where_the_last_write_wins_updates_are_lost(
    ana: Any, things: list[Thing], signed_in: Any, figure: Figure, monkeypatch: Any
):
    amend, replace, save = entries.amend, sessions.amend, intakes.save

    def last_entry_wins(*, entry: Any, version: int, **said: Any) -> Any:
        return amend(entry=entry, version=Entry.objects.get(pk=entry.pk).version, **said)

    def last_session_wins(*, session: Any, version: int, **said: Any) -> Any:
        standing = TreatmentSession.objects.get(pk=session.pk).version
        return replace(session=session, version=standing, **said)

    def last_intake_wins(*, version: str, **said: Any) -> Any:
        return save(**said)

    monkeypatch.setattr(entries, "amend", last_entry_wins)
    monkeypatch.setattr(sessions, "amend", last_session_wins)
    monkeypatch.setattr(intakes, "save", last_intake_wins)
    for number, thing in enumerate(things):
        lost = lost_updates(signed_in(ana), [thing], 3)
        what = thing.address.split("/")[1]
        figure(f"control: lost updates where the last write wins, {what}", lost, "3 interleavings")
        assert lost > 0, number
