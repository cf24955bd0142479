"""Sessions that are put right, taken back and restored; and two tabs that do so."""

import re
from datetime import timedelta

import pytest

from diary.actions import sessions
from diary.models import Event, TreatmentSession
from tests.views.test_sessions import HOUR, typed
from tests.views.test_today import text


def test_show_of_a_practitioners_record_offers_no_edit(signed_in, ana, paula, treat):
    session = treat(ana, by=paula, ago=HOUR)
    assert b"/amend/" not in signed_in(ana).get(f"/sessions/{session.pk}/").content


def test_amend_replaces_and_keeps_the_seconds(signed_in, ana, treat):
    session = treat(ana, ago=timedelta(hours=20, seconds=11), pain_before=3)
    client = signed_in(ana)
    assert b'value="2026-03-09T15:59"' in client.get(f"/sessions/{session.pk}/amend/").content
    client.post(f"/sessions/{session.pk}/amend/", typed(version="1", ended="2026-03-09T15:59", pain_before="5"))
    ended_at = session.ended_at
    session.refresh_from_db()
    assert (session.ended_at, session.pain_before) == (ended_at, 5)


def test_amend_sent_twice_is_saved_and_not_changed_meanwhile(signed_in, ana, treat):
    session = treat(ana, ago=20 * HOUR, pain_before=3)
    client, sent = signed_in(ana), typed(version="1", ended="2026-03-09T16:00", pain_before="5")
    address = f"/sessions/{session.pk}/amend/"
    assert [client.post(address, sent).status_code for _press in range(2)] == [302, 302]
    session.refresh_from_db()
    assert (session.version, session.pain_before) == (2, 5)


def test_withdraw_and_restore_pressed_twice_happen_once(signed_in, ana, treat):
    session, client = treat(ana, ago=20 * HOUR), signed_in(ana)
    for verb in ("withdraw", "restore"):
        for _press in range(2):
            assert client.post(f"/sessions/{session.pk}/{verb}/").status_code == 302
    session.refresh_from_db()
    assert (session.version, session.withdrawn_at) == (3, None)
    verbs = ["session-withdrawn", "session-restored"]
    assert [*Event.objects.about(ana.pk).filter(verb__in=verbs).order_by("pk").values_list("verb", flat=True)] == verbs


def test_amend_onto_another_session_is_refused(signed_in, ana, treat):
    treat(ana, ago=20 * HOUR)
    session = treat(ana, ago=30 * HOUR)
    page = signed_in(ana).post(f"/sessions/{session.pk}/amend/", typed(version="1", ended="2026-03-09T16:00"))
    assert "Another session of yours" in text(page)


@pytest.mark.parametrize("path", ["amend", "withdraw", "restore"])
def test_amend_withdraw_restore_are_of_who_recorded_it(signed_in, ana, paula, treat, path):
    session = treat(ana, by=paula, ago=HOUR)
    assert signed_in(ana).post(f"/sessions/{session.pk}/{path}/", typed()).status_code == 403


def test_withdraw_and_restore(signed_in, ana, treat):
    session = treat(ana, ago=HOUR)
    client = signed_in(ana)
    assert "Put it back" in text(client.post(f"/sessions/{session.pk}/withdraw/", follow=True))
    assert "Deleted session" in text(client.get("/sessions/?show=deleted"))
    client.post(f"/sessions/{session.pk}/restore/")
    session.refresh_from_db()
    assert session.withdrawn_at is None


def test_restore_where_another_took_its_place_says_so(signed_in, ana, treat, now):
    session = treat(ana, ago=HOUR)
    sessions.withdraw(by=ana, now=now, session=session)
    treat(ana, ago=HOUR)
    assert "Another session ended" in text(signed_in(ana).post(f"/sessions/{session.pk}/restore/", follow=True))


# Two tabs


def tabs(client, session):
    """Return what two tabs send that both have opened a session to put it right."""
    address = f"/sessions/{session.pk}/amend/"
    seen = re.search(r'name="version" value="(\d+)"', client.get(address).content.decode())[1]
    return address, lambda **answers: typed(version=seen, ended="2026-03-09T16:00", **answers)


def test_amend_in_two_tabs_shows_both_and_replaces_nothing_unseen(signed_in, ana, treat):
    client, session = signed_in(ana), treat(ana, ago=20 * HOUR, note="as it was")
    address, says = tabs(client, session)
    assert client.post(address, says(note="first tab")).status_code == 302
    page = client.post(address, says(note="second tab"))
    assert "This session was changed meanwhile" in text(page)
    assert "first tab" in text(page)
    assert b"second tab" in page.content
    assert TreatmentSession.objects.get().note == "first tab"
    action = re.search(r'<form[^>]*action="(/sessions/[^"]+amend/)"', page.content.decode())[1]
    seen = re.search(r'name="version" value="(\d+)"', page.content.decode())[1]
    assert client.post(action, says(note="second tab") | {"version": seen}).status_code == 302
    assert TreatmentSession.objects.get().note == "second tab"


def test_amend_of_what_was_deleted_meanwhile_offers_a_new_session(signed_in, ana, treat, now):
    client, session = signed_in(ana), treat(ana, ago=20 * HOUR)
    address, says = tabs(client, session)
    sessions.withdraw(by=ana, now=now, session=session)
    page = client.post(address, says(note="typed words"))
    assert "This session was deleted meanwhile" in text(page)
    id = re.search(r'name="id" value="([^"]+)"', page.content.decode())[1]
    assert client.post("/sessions/add/", says(note="typed words") | {"id": id}).status_code == 302
    assert TreatmentSession.objects.standing().get().note == "typed words"


def test_amend_that_says_no_version_shows_both(signed_in, ana, treat):
    session = treat(ana, ago=20 * HOUR, note="as it was")
    page = signed_in(ana).post(f"/sessions/{session.pk}/amend/", typed(note="unseen"))
    assert "This session was changed meanwhile" in text(page)
    assert TreatmentSession.objects.get().note == "as it was"


def test_add_with_the_same_id_and_another_body_lets_the_patient_choose(signed_in, ana):
    client, form = signed_in(ana), typed(note="first words")
    client.post("/sessions/add/", form)
    page = client.post("/sessions/add/", form | {"note": "second words"})
    assert "first words" in text(page)
    assert b"second words" in page.content
    assert f'action="/sessions/{form["id"]}/amend/"' in page.content.decode()
    assert TreatmentSession.objects.get().note == "first words"
