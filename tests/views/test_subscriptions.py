"""Browsers that show reminders."""

import pytest

from diary.models import Subscription
from tests.actions.test_subscriptions import browser  # noqa: F401
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
