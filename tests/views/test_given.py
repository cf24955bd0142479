from datetime import timedelta

import pytest

from diary.actions import shares
from diary.models import Share, TreatmentSession
from tests.views.test_today import text

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def given(ana, paula, treat):
    return treat(ana, by=paula, ago=2 * DAY, pain_before=6)


def typed(session, **answers):
    """Return what the form holds, with what is put right."""
    said = {"id": session.pk, "version": session.version, "ended": "2026-03-08T12:00", "tz": "UTC", "pain_before": 6}
    return said | answers


def address(session, act="amend"):
    return f"/given/{session.pk}/{act}/"


def test_amend_puts_right_what_was_recorded(signed_in, paula, given):
    client = signed_in(paula)
    assert 'value="6" checked' in " ".join(client.get(address(given)).content.decode().split())
    assert client.post(address(given), typed(given, pain_before=3)).status_code == 302
    standing = TreatmentSession.objects.get(pk=given.pk)
    assert (standing.pain_before, standing.version) == (3, given.version + 1)


def test_amend_keeps_what_was_typed_with_an_error(signed_in, paula, given):
    answer = signed_in(paula).post(address(given), typed(given, ended="soon", note="left shoulder"))
    assert answer.status_code == 200
    assert "left shoulder" in answer.content.decode()


def test_amend_of_what_was_changed_meanwhile_shows_both(signed_in, paula, given):
    client = signed_in(paula)
    client.post(address(given), typed(given, pain_before=3))
    answer = client.post(address(given), typed(given, pain_before=5, note="left shoulder"))
    assert "This session was changed meanwhile" in text(answer)
    assert "left shoulder" in answer.content.decode()
    assert client.post(address(given), typed(given, version=given.version + 1, pain_before=5)).status_code == 302
    assert TreatmentSession.objects.get(pk=given.pk).pain_before == 5


def test_amend_onto_another_session_says_so(signed_in, ana, paula, given, treat):
    treat(ana, ago=HOUR)
    answer = signed_in(paula).post(address(given), typed(given, ended="2026-03-10T11:00"))
    assert "ended at that very minute" in text(answer)


def test_withdraw_and_restore(signed_in, ana, paula, given):
    client = signed_in(paula)
    assert text(client.post(address(given, "withdraw"), follow=True)).count("Put it back") == 1
    assert TreatmentSession.objects.get(pk=given.pk).withdrawn_at
    assert "Deleted by you:" in text(client.get(f"/patients/{ana.pk}/"))
    answer = client.post(address(given), typed(given, note="left shoulder"))
    assert "put the session back first" in text(answer)
    assert "left shoulder" in answer.content.decode()
    client.post(address(given, "restore"))
    assert TreatmentSession.objects.get(pk=given.pk).withdrawn_at is None


def test_restore_onto_another_session_says_so(signed_in, ana, paula, given, treat):
    client = signed_in(paula)
    client.post(address(given, "withdraw"))
    treat(ana, ago=2 * DAY)
    assert "Delete that one first" in text(client.post(address(given, "restore"), follow=True))
    assert TreatmentSession.objects.get(pk=given.pk).withdrawn_at


@pytest.mark.parametrize("act", ["amend", "withdraw", "restore"])
def test_only_who_recorded_it_and_reads_the_diary(signed_in, ana, paula, remy, given, treat, now, act):
    assert signed_in(remy).post(address(given, act)).status_code == 404
    assert signed_in(ana).post(address(given, act)).status_code == 404
    assert signed_in(paula).post(address(treat(ana, ago=DAY), act)).status_code == 404
    shares.revoke(by=ana, now=now, share=Share.objects.get(patient=ana, practitioner=paula))
    assert signed_in(paula).post(address(given, act)).status_code == 404


def test_the_patients_page_leads_to_ones_own_alone(signed_in, ana, paula, given, treat):
    other = treat(ana, ago=DAY)
    page = signed_in(paula).get(f"/patients/{ana.pk}/").content.decode()
    assert address(given) in page
    assert address(other) not in page


def test_sessions_that_were_deleted_leave_those_that_stand_on_the_page(signed_in, ana, paula, treat):
    """Ten that were deleted took the room of the ten latest: the page said that no session is recorded."""
    treat(ana, by=paula, ago=30 * DAY)
    client = signed_in(paula)
    for days in range(1, 11):
        client.post(address(treat(ana, by=paula, ago=days * DAY), "withdraw"))
    page = text(client.get(f"/patients/{ana.pk}/"))
    assert "No session is recorded yet." not in page
    assert page.count("Deleted by you:") == 10
