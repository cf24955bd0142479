from datetime import timedelta

import pytest
from django.urls import reverse

from diary.actions import alerts
from diary.models import Alert


@pytest.fixture
def alert(paula, now):
    alerts.queue_due(now=now)
    return Alert.objects.get(practitioner=paula)


def test_show_asks_with_one_button(signed_in, paula, alert):
    said = signed_in(paula).get(reverse("alerts-show", args=[alert.pk])).content.decode()
    assert "Yes, it reached me" in said
    assert said.count("btn-primary") == 1


def test_show_says_that_it_is_confirmed(signed_in, paula, alert, now):
    alerts.confirm(by=paula, now=now, alert=alert)
    said = signed_in(paula).get(reverse("alerts-show", args=[alert.pk])).content.decode()
    assert "You confirmed this one" in said
    assert "btn-primary" not in said


def test_show_of_another_does_not_exist(signed_in, remy, alert):
    assert signed_in(remy).get(reverse("alerts-show", args=[alert.pk])).status_code == 404


def test_show_changes_nothing(signed_in, paula, alert):
    """Scanners of mail open links: only the button confirms."""
    signed_in(paula).get(reverse("alerts-show", args=[alert.pk]))
    alert.refresh_from_db()
    assert alert.confirmed_at is None


def test_confirm_leads_on_to_the_worklist(signed_in, paula, alert, now):
    answer = signed_in(paula).post(reverse("alerts-confirm", args=[alert.pk]))
    assert answer.url == reverse("worklist-show")
    alert.refresh_from_db()
    assert alert.confirmed_at == now


def test_an_admin_sees_who_has_not_confirmed(signed_in, admin, paula, now):
    alerts.queue_due(now=now - timedelta(days=8))
    browser = signed_in(admin)
    assert "1 practitioner has not confirmed the monthly test" in browser.get(reverse("people-list")).content.decode()
    listed = browser.get(reverse("people-list"), {"status": "unconfirmed"}).content.decode()
    assert paula.email in listed
    Alert.objects.update(confirmed_at=now)
    assert "not confirmed the monthly test" not in browser.get(reverse("people-list")).content.decode()
