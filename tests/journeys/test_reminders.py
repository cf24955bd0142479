"""Reminders that a browser shows.

No push service can be reached from here: what one would hand over comes by the debugging door, and what it would answer
to a subscription is made up. What leaves for it: tests/test_pushing.py.
"""

import pytest
from playwright.sync_api import expect

from diary.models import Subscription
from tests.browser import until
from tests.journeys.device import prepared
from tests.test_pushing import Browser as Keys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SERVICE = """PushManager.prototype.subscribe = async function (asked) {
  window.asked = [asked.userVisibleOnly, asked.applicationServerKey.length];
  return { toJSON: () => ({ endpoint: "https://push.example/x", keys: { p256dh: "%s", auth: "%s" } }) };
}"""
MOVED = """async () => {
  const waited = [];
  const event = new Event("pushsubscriptionchange");
  event.waitUntil = (until) => waited.push(until);
  event.newSubscription = { toJSON: () => ({ endpoint: "%s", keys: { p256dh: "%s", auth: "%s" } }) };
  dispatchEvent(event);
  await Promise.all(waited);
  return "seen to";
}"""
WITHOUT_A_WORKER = """() => {
  Notification.requestPermission = async () => 'granted';
  ServiceWorkerContainer.prototype.register = async () => { throw new DOMException('insecure', 'SecurityError'); };
}"""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map((one) => [one.title, one.body, one.tag])"""
PUSHED = '{"title": "A moment for your diary", "text": "This is a good moment for a few words."}'


def test_a_reminder_is_shown_by_the_browser(ana, whole_page, axe):
    keys = Keys()
    there, browser_keys = prepared(whole_page(ana)), (keys.point, keys.secret)
    there.context.grant_permissions(["notifications"])
    there.add_init_script(SERVICE % browser_keys)
    there.goto("/reminders/")
    assert axe(there) == []
    there.get_by_role("button", name="Remind me in this browser").click()
    expect(there.get_by_text("This browser shows your reminders from now on.")).to_be_visible()
    made = Subscription.objects.get()
    assert (made.patient, made.endpoint, (made.point, made.secret)) == (ana, "https://push.example/x", browser_keys)
    assert axe(there) == []
    deliver(there, PUSHED)
    assert until(there, lambda: there.evaluate(SHOWN)) == [
        ["A moment for your diary", "This is a good moment for a few words.", "check-in"]
    ]
    (worker,) = there.context.service_workers
    worker.evaluate(MOVED % ("https://push.example/y", *browser_keys))
    assert until(there, lambda: Subscription.objects.filter(pk=made.pk, endpoint="https://push.example/y"))
    there.get_by_role("button", name="End it").click()
    expect(there.get_by_text("That browser shows no more reminders.")).to_be_visible()
    assert worker.evaluate(MOVED % ("https://push.example/z", *browser_keys)) == "seen to"
    assert not Subscription.objects.exists()


def test_a_browser_that_takes_no_worker_says_that_it_cannot_remind(ana, page):
    there = page(ana, permissions=["notifications"])
    there.add_init_script(f"({WITHOUT_A_WORKER})()")
    there.goto("/reminders/")
    there.get_by_role("button", name="Remind me in this browser").click()
    expect(there.get_by_text("This browser does not let Settle show anything")).to_be_visible()


def deliver(there, said):
    door = there.context.new_cdp_session(there)
    known = []
    door.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
    door.send("ServiceWorker.enable")
    origin = "/".join(there.url.split("/")[:3])
    ours = until(there, lambda: [one for one in known if one["scopeURL"].startswith(origin) and not one["isDeleted"]])
    told = {"origin": origin, "registrationId": ours[-1]["registrationId"], "data": said}
    door.send("ServiceWorker.deliverPushMessage", told)
