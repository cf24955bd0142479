"""Entries that waited on a device for the network, and are sent by its page as JSON."""

from datetime import UTC, datetime, timedelta

import pytest

from diary.models import Entry
from tests.views.test_entries import add, typed


def replay(client, **answers):
    return client.post("/entries/add/", typed(**answers), headers={"Accept": "application/json"})


def milliseconds(instant):
    return str(int(instant.timestamp() * 1000))


def test_add_in_json_says_what_became_of_it(signed_in, ana):
    client, form = signed_in(ana), typed()
    first, again = (replay(client, **form) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == {"id": form["id"], "url": f"/entries/{form['id']}/saved/"}
    assert Entry.objects.count() == 1


def test_add_in_json_names_what_is_wrong(signed_in, ana):
    answer = replay(signed_in(ana), pain="11", note="x" * 5000)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"pain", "note"}
    assert not Entry.objects.exists()


def test_add_in_json_gives_both_where_an_id_was_used_for_something_else(signed_in, ana):
    client, form = signed_in(ana), typed(note="first words")
    replay(client, **form)
    answer = replay(client, **form | {"note": "second words"})
    assert answer.status_code == 409
    assert (answer.json()["saved"]["note"], answer.json()["typed"]["note"]) == ("first words", "second words")
    assert Entry.objects.get().note == "first words"


def test_add_in_json_leads_to_the_advice(signed_in, ana):
    client, form = signed_in(ana), typed(red_flags=["head"])
    assert replay(client, **form).json()["url"] == f"/entries/{form['id']}/advice/"


def test_add_in_json_keeps_a_red_flag_that_comes_second(signed_in, ana):
    client, form = signed_in(ana), typed()
    replay(client, **form)
    answer = replay(client, **form | {"red_flags": ["head"]})
    assert (answer.status_code, Entry.objects.get().red_flags) == (200, ["head"])


def test_add_in_json_is_never_for_another_person(signed_in, ana, ben):
    answer = replay(signed_in(ana), who=str(ben.pk))
    assert (answer.status_code, answer.json()) == (401, {"error": "another person"})
    assert not Entry.objects.exists()
    assert replay(signed_in(ana), who=str(ana.pk)).status_code == 201


@pytest.mark.parametrize("ticked", [["head"], []])
def test_add_of_another_person_answers_a_sign_alone_on_the_screen(signed_in, ana, ben, ticked):
    page = signed_in(ana).post("/entries/add/", typed(who=str(ben.pk), red_flags=ticked)).content.decode()
    assert ("tel:" in page, "<nav" in page) == (bool(ticked), not ticked)


@pytest.mark.parametrize(
    ("when", "hour"),
    [("now", (8, 21, 30)), ("morning", (8, 8, 0)), ("night", (7, 22, 0))],
)
def test_add_keeps_the_moment_at_which_it_was_typed(signed_in, ana, now, when, hour):
    """Typed on Sunday evening, sent on Tuesday: "this morning" was Sunday's."""
    typed_at = datetime(2026, 3, 8, 21, 30, tzinfo=UTC)
    replay(signed_in(ana), when=when, typed_at=milliseconds(typed_at))
    entry = Entry.objects.get()
    day, hours, minutes = hour
    assert entry.observed_at == datetime(2026, 3, day, hours, minutes, tzinfo=UTC)
    assert entry.recorded_at == now


@pytest.mark.parametrize("typed_at", ["", "0", "-5", "nonsense", "9" * 400, "٣", "99999999999999"])
def test_add_takes_now_where_a_device_says_nonsense(signed_in, ana, now, typed_at):
    replay(signed_in(ana), typed_at=typed_at)
    assert Entry.objects.get().observed_at == now


def test_add_knows_what_arrived_though_its_answer_was_lost(signed_in, ana, now):
    """First sent by the page itself, then by the device that did not hear the answer, which tells when it was typed."""
    client, form = signed_in(ana), typed()
    client.post("/entries/add/", form)
    again = replay(client, **form, typed_at=milliseconds(now - timedelta(seconds=40)))
    assert again.status_code == 200
    assert Entry.objects.get().observed_at == now


def test_add_knows_what_the_page_sent_though_the_device_was_quicker(signed_in, ana, now):
    client, form = signed_in(ana), typed()
    replay(client, **form, typed_at=milliseconds(now - timedelta(seconds=40.25)))
    assert client.post("/entries/add/", form).status_code == 302
    assert Entry.objects.count() == 1


def test_add_knows_a_replay_of_what_waited(signed_in, ana, now):
    client, form = signed_in(ana), typed(typed_at=milliseconds(now - timedelta(hours=5)))
    assert [replay(client, **form).status_code for _ in range(3)] == [201, 200, 200]


def test_add_gives_the_moment_of_typing_back_with_an_error(signed_in, ana, now):
    typed_at = milliseconds(now - timedelta(hours=5))
    page = add(signed_in(ana), pain="", typed_at=typed_at)
    assert f'name="typed_at" value="{typed_at}"' in page.content.decode()
