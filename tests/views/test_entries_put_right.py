"""Entries that are put right, taken back and restored."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from diary.actions import entries
from diary.models import Flag
from tests.views.test_entries import typed
from tests.views.test_today import text


def test_amend_keeps_what_it_said_before(signed_in, ana, log):
    entry = log(ana, 3, note="before").entry
    client = signed_in(ana)
    form = client.get(f"/entries/{entry.pk}/amend/").context["form"]
    assert re.search(r'name="pain" value="3"[^>]*checked', client.get(f"/entries/{entry.pk}/amend/").content.decode())
    client.post(f"/entries/{entry.pk}/amend/", filled(form) | {"note": "after"})
    entry.refresh_from_db()
    assert (entry.note, entry.version, entry.amendments.get().values["note"]) == ("after", 2, "before")


def filled(form):
    """What a browser sends of a form as it is shown."""
    values = {field.name: field.value() for field in form}
    if isinstance(values["observed"], datetime):
        values["observed"] = f"{values['observed']:%Y-%m-%dT%H:%M}"
    return {name: value for name, value in values.items() if value is not None}


def test_saved_offers_undo_of_a_new_entry_alone_since_it_takes_the_whole_entry_back(signed_in, ana, log, now):
    entry = log(ana, 3).entry
    saved = f"/entries/{entry.pk}/saved/"
    assert "Edit Undo" in text(signed_in(ana).get(saved))
    entries.amend(by=ana, now=now, entry=entry, version=1, note="put right")
    assert "Edit Delete" in text(signed_in(ana).get(saved))


def test_amend_without_a_change_is_no_amendment_and_keeps_the_seconds(signed_in, ana, log):
    entry = log(ana, 3, ago=timedelta(hours=2, seconds=17)).entry
    client = signed_in(ana)
    client.post(f"/entries/{entry.pk}/amend/", filled(client.get(f"/entries/{entry.pk}/amend/").context["form"]))
    observed_at = entry.observed_at
    entry.refresh_from_db()
    assert (entry.version, entry.observed_at) == (1, observed_at)


def test_amend_of_what_was_amended_meanwhile_shows_both(signed_in, ana, log, now):
    entry = log(ana, 3, note="stands first").entry
    client = signed_in(ana)
    form = filled(client.get(f"/entries/{entry.pk}/amend/").context["form"])
    entries.amend(by=ana, now=now, entry=entry, version=1, note="other tab")
    page = client.post(f"/entries/{entry.pk}/amend/", form | {"note": "this tab"})
    assert page.status_code == 200
    assert "other tab" in text(page)
    assert "this tab" in text(page)
    entry.refresh_from_db()
    assert entry.note == "other tab"
    client.post(f"/entries/{entry.pk}/amend/", filled(page.context["form"]))
    entry.refresh_from_db()
    assert (entry.note, entry.version) == ("this tab", 3)


def test_amend_sent_twice_is_saved_and_not_changed_meanwhile(signed_in, ana, log):
    entry = log(ana, 3).entry
    client = signed_in(ana)
    form = filled(client.get(f"/entries/{entry.pk}/amend/").context["form"]) | {"note": "once"}
    for _ in range(2):
        page = client.post(f"/entries/{entry.pk}/amend/", form)
        assert page.url == f"/entries/{entry.pk}/saved/"
    entry.refresh_from_db()
    assert (entry.note, entry.version) == ("once", 2)


def test_amend_sent_twice_is_answered_at_once_both_times(signed_in, ana, log):
    entry = log(ana, 3).entry
    client = signed_in(ana)
    form = filled(client.get(f"/entries/{entry.pk}/amend/").context["form"]) | {"red_flags": ["head"]}
    for _ in range(2):
        assert "Get medical help now" in text(client.post(f"/entries/{entry.pk}/amend/", form))


def test_amend_of_what_was_deleted_meanwhile_keeps_what_was_typed(signed_in, ana, log, now):
    entry = log(ana, 3).entry
    client = signed_in(ana)
    form = filled(client.get(f"/entries/{entry.pk}/amend/").context["form"])
    entries.withdraw(by=ana, now=now, entry=entry)
    page = client.post(f"/entries/{entry.pk}/amend/", form | {"note": "typed words"})
    assert "deleted meanwhile" in text(page)
    assert b"typed words" in page.content
    assert client.get(f"/entries/{entry.pk}/amend/").status_code == 302


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_amend_with_a_damaged_version_shows_both(signed_in, ana, log, version):
    entry = log(ana, 3).entry
    page = signed_in(ana).post(f"/entries/{entry.pk}/amend/", typed(pain="5", version=version))
    assert page.status_code == 200
    assert "changed meanwhile" in text(page)


def test_amend_keeps_what_was_typed_wrongly(signed_in, ana, log):
    entry = log(ana, 3).entry
    page = signed_in(ana).post(f"/entries/{entry.pk}/amend/", typed(pain="12", note="typed words", version="1"))
    assert "is not on the scale" in text(page)
    assert b"typed words" in page.content


def test_amend_that_adds_a_red_flag_is_answered_at_once(signed_in, ana, log):
    entry = log(ana, 3).entry
    page = signed_in(ana).post(f"/entries/{entry.pk}/amend/", typed(red_flags=["head"], version="1"))
    assert "Get medical help now" in text(page)


def test_amend_never_takes_a_red_flag_back(signed_in, ana, log):
    entry = log(ana, 3, red_flags=["head"]).entry
    signed_in(ana).post(f"/entries/{entry.pk}/amend/", typed(version="1"))
    entry.refresh_from_db()
    assert (entry.red_flags, entry.version) == (["head"], 2)


def test_amend_shows_which_of_two_times_it_was(signed_in, ana, log):
    second = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
    entry = log(ana, 3, observed_at=second).entry
    client = signed_in(ana)
    form = client.get(f"/entries/{entry.pk}/amend/").context["form"]
    client.post(f"/entries/{entry.pk}/amend/", filled(form) | {"pain": "6"})
    entry.refresh_from_db()
    assert (form["which"].value(), entry.observed_at, entry.pain) == ("second", second, 6)


def test_withdraw_and_restore(signed_in, ana, log):
    entry = log(ana, 3).entry
    client = signed_in(ana)
    page = client.post(f"/entries/{entry.pk}/withdraw/", follow=True)
    assert "Put it back" in text(page)
    client.post(f"/entries/{entry.pk}/restore/")
    entry.refresh_from_db()
    assert entry.withdrawn_at is None


def test_withdraw_leaves_an_urgent_flag_to_be_seen(signed_in, ana, log):
    entry = log(ana, 3, red_flags=["head"]).entry
    page = signed_in(ana).post(f"/entries/{entry.pk}/withdraw/", follow=True)
    assert "still seen by a person" in text(page)
    assert Flag.objects.current().count() == 1


@pytest.mark.parametrize("verb", ["withdraw", "restore"])
def test_withdraw_and_restore_are_of_ones_own_entries_by_post(signed_in, ana, ben, log, verb):
    entry = log(ana, 3).entry
    client = signed_in(ben)
    assert client.post(f"/entries/{entry.pk}/{verb}/").status_code == 404
    assert client.get(f"/entries/{entry.pk}/{verb}/").status_code == 405


def test_restore_of_what_stands_changes_nothing(signed_in, ana, log):
    entry = log(ana, 3).entry
    assert signed_in(ana).post(f"/entries/{entry.pk}/restore/").status_code == 302
