"""Browsers that show reminders."""

import pytest
from django.test import Client

from config.accounts import end_other_sessions
from diary.models import Subscription
from tests.actions.test_subscriptions import browser  # noqa: F401
from tests.people import PASSWORD
from tests.views.test_today import text


@pytest.fixture
def answer(browser):  # noqa: F811
    return {"endpoint": "https://push.example/abc", "point": browser.point, "secret": browser.secret}


def test_add_keeps_where_this_browser_takes_reminders(signed_in, ana, answer):
    client = signed_in(ana)
    assert "data-push=" in client.get("/reminders/").content.decode()
    said = text(client.post("/reminders/browsers/add/", answer, follow=True))
    assert "This browser shows your reminders from now on." in said
    made = Subscription.objects.get()
    assert (made.patient, made.endpoint, made.session.session_key) == (
        ana,
        answer["endpoint"],
        client.session.session_key,
    )
    page = client.get("/reminders/").content.decode()
    assert "This browser" in page
    assert "data-push=" not in page
    for secret in answer.values():
        assert secret not in page


def test_add_twice_is_one(signed_in, ana, answer):
    client = signed_in(ana)
    for _press in range(2):
        client.post("/reminders/browsers/add/", answer)
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        *({"endpoint": url} for url in ("http://push.example/", "https://a:b@push.example/", "nonsense", "")),
        *({"point": point} for point in ("", "AAAA", "x" * 88)),
        {"secret": "AAAA"},
    ],
)
def test_add_believes_nobody(signed_in, ana, answer, wrong):
    said = text(signed_in(ana).post("/reminders/browsers/add/", answer | wrong, follow=True))
    assert "Nothing was changed" in said
    assert not Subscription.objects.exists()


def test_add_does_not_exist_without_a_key(signed_in, ana, answer, settings):
    settings.VAPID_PRIVATE_KEY = ""
    client = signed_in(ana)
    assert client.post("/reminders/browsers/add/", answer).status_code == 404
    assert "In this browser" not in text(client.get("/reminders/"))


def test_revoke_ends_it(signed_in, ana, ben, answer):
    client = signed_in(ana)
    client.post("/reminders/browsers/add/", answer)
    url = f"/reminders/browsers/{Subscription.objects.get().pk}/revoke/"
    assert signed_in(ben).post(url).status_code == 404
    assert "That browser shows no more reminders." in text(signed_in(ana).post(url, follow=True))
    assert not Subscription.objects.exists()


def test_a_browser_that_stays_signed_in_with_a_new_password_goes_on_and_others_do_not(client, ana, answer):
    elsewhere = Client()
    for here, endpoint in ((client, answer["endpoint"]), (elsewhere, "https://push.example/elsewhere")):
        here.force_login(ana)
        here.post("/reminders/browsers/add/", answer | {"endpoint": endpoint})
    new = "a long new password of Ana's"
    changed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", changed).status_code == 302
    assert [one.endpoint for one in Subscription.objects.all() if one.is_live()] == [answer["endpoint"]]
    assert Subscription.objects.get().session.session_key == client.session.session_key


def test_a_browser_that_stays_signed_in_with_a_new_second_step_goes_on(client, ana, answer):
    client.force_login(ana)
    client.post("/reminders/browsers/add/", answer)
    request = client.get("/reminders/").wsgi_request
    end_other_sessions(request, ana)
    request.session.save()
    assert [one.session.session_key for one in Subscription.objects.all() if one.is_live()] == [
        request.session.session_key
    ]
