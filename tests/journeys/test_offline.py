"""The network cut: in a real browser the form opens and saves, and what waits is sent once, by its writer only."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from diary.actions import entries
from diary.models import Entry, Flag, Subscription
from tests.browser import DESKTOP, PHONE, signed_in, until
from tests.journeys.test_journeys import rate
from tests.test_pushing import Browser as Keys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READY = """async () => {
  while (!navigator.serviceWorker.controller || !localStorage.getItem('numbers'))
    await new Promise((go) => setTimeout(go, 50));
}"""
CACHED = """async () => {
  const said = [];
  for (const name of await caches.keys())
    for (const one of await (await caches.open(name)).matchAll()) said.push(one.url + await one.text());
  return said;
}"""
BEFORE = """() => {
  localStorage.setItem("who", "0");
  localStorage.setItem("numbers", JSON.stringify({ emergency: "112", practice: "of another", at: Date.now() }));
}"""
LEFT = "async () => [await everybodys(), await caches.keys(), localStorage.length, sessionStorage.length]"
IN_TROUBLE = """async () => {
  const one = await putAside([['id', ''], ['pain', '3'], ['note', 'canary']], document.body.dataset.who);
  await waitingRoom('readwrite', (room) => room.put({...one, trouble: 'invalid'}));
}"""
UNDER_ANOTHER_ID = """async (id) => {
  const [one] = await everybodys();
  await letGo(one.id);
  await waitingRoom('readwrite', (room) => room.put({...one, id}));
}"""
SLOWLY = """() => {
  const quick = fetch;
  window.fetch = async (...asked) => (await new Promise((go) => setTimeout(go, 500)), quick(...asked));
}"""
FAILING_LATE = """() => {
  const quick = fetch;
  window.fetch = async (...asked) => {
    if (navigator.onLine) return quick(...asked);
    await new Promise((go) => addEventListener('online', () => setTimeout(go, 100), { once: true }));
    throw new TypeError('the connection it was asked over is gone');
  };
}"""
GONE = """() => {
  window.quick = fetch;
  window.fetch = async () => {
    window.tried = true;
    throw new TypeError('no server');
  };
}"""
ANSWERED_BY_A_GATEWAY = """() => {
  const quick = fetch;
  window.fetch = async (address, asked) => {
    if (!navigator.onLine || asked?.method !== 'POST') return quick(address, asked);
    window.answered = true;
    return new Response('<!doctype html>Sign in to the network', { headers: { 'Content-Type': 'text/html' } });
  };
}"""
PUT_ASIDE = """(id) => putAside([['id', id], ['pain', '6'], ['note', 'put right']], document.body.dataset.who)"""
KEPT = "Kept on this device, NOT SAVED YET"


@pytest.fixture
def ready(page):
    """Return a function that opens Today for a person and waits until this device can do without the network."""
    return lambda person, **options: prepared(page(person, **options))


def prepared(there):
    there.goto("/today/")
    there.evaluate(READY)
    return there


def cut(there):
    there.context.set_offline(True)


def mend(there):
    there.context.set_offline(False)


def waiting(there):
    return there.evaluate("() => everybodys()")


def note(there, words):
    there.locator("summary", has_text="a note").click()
    there.locator("textarea[name=note]").fill(words)


def save(there):
    there.get_by_role("button", name="Save", exact=True).click()


def write_offline(there, pain, *, words="", ticked=""):
    there.goto("/today/")
    rate(there, "Pain", pain)
    if words:
        note(there, words)
    if ticked:
        there.locator("summary", has_text="Any of these?").click()
        there.get_by_text(ticked).click()
    save(there)
    expect(there.get_by_text("NOT SAVED YET, and nobody has been told" if ticked else KEPT)).to_be_visible()


def sent(there):
    mend(there)
    expect(there.get_by_text("What waited on this device is saved.")).to_be_visible()


def test_what_is_sent_into_nowhere_waits_and_is_sent_once(ana, ready):
    there = ready(ana)
    rate(there, "Pain", 6)
    note(there, "typed in a tunnel")
    cut(there)
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    expect(there.get_by_text("1 entry NOT SAVED YET")).to_be_visible()
    assert not Entry.objects.exists()
    sent(there)
    there.goto("/today/")
    entry = Entry.objects.get()
    assert (entry.pain, entry.note, entry.patient) == (6, "typed in a tunnel", ana)
    assert waiting(there) == []


def test_the_form_opens_without_the_network_and_entries_keep_the_moment_of_typing(ana, ready):
    there, then = ready(ana), (timezone.now() - timedelta(hours=5)).replace(microsecond=0)
    cut(there)
    there.clock.set_fixed_time(then)
    write_offline(there, 3, words="first")
    expect(there.get_by_text("1 entry NOT SAVED YET")).to_be_visible()
    there.clock.set_fixed_time(then + timedelta(hours=1))
    write_offline(there, 4, words="second")
    expect(there.get_by_text("2 entries NOT SAVED YET")).to_be_visible()
    there.evaluate(SLOWLY)  # a page that calls both saved with the first is found out
    sent(there)
    first, second = Entry.objects.order_by("observed_at")
    assert [(entry.note, entry.observed_at) for entry in (first, second)] == [
        ("first", then),
        ("second", then + timedelta(hours=1)),
    ]
    assert first.recorded_at - first.observed_at > timedelta(hours=4)


def test_a_red_flag_is_answered_without_the_network_with_the_numbers_of_the_practice(ana, practice, ready, axe):
    there = ready(ana)
    cut(there)
    write_offline(there, 5, ticked="Numbness between the legs")
    expect(there.get_by_role("heading", name="Get medical help now")).to_be_focused()
    expect(there.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    expect(there.get_by_role("link", name=practice.same_day_number)).to_be_visible()
    expect(there.locator("section.urgent").get_by_text("Numbness between the legs")).to_be_visible()
    assert axe(there) == []
    there.get_by_role("link", name="Back to the form").click()
    sent(there)
    assert Flag.objects.get().code == "saddle"


def test_a_red_flag_sent_into_nowhere_is_answered_too(ana, ready):
    there = ready(ana)
    rate(there, "Pain", 5)
    there.locator("summary", has_text="Any of these?").click()
    there.get_by_text("Numbness between the legs").click()
    cut(there)
    save(there)
    expect(there.get_by_role("heading", name="Get medical help now")).to_be_visible()


@pytest.mark.parametrize("pain", [5, None])
def test_a_red_flag_is_answered_though_nothing_is_kept_and_says_so(ana, ready, pain):
    """No number for pain, or a browser that keeps nothing: the advice comes all the same, and promises nothing."""
    there = ready(ana)
    cut(there)
    there.goto("/today/")
    if pain is not None:
        rate(there, "Pain", pain)
        there.evaluate("() => { IDBFactory.prototype.open = () => { throw new Error('no room'); }; }")
    there.locator("summary", has_text="Any of these?").click()
    there.get_by_text("Numbness between the legs").click()
    save(there)
    expect(there.get_by_role("heading", name="Get medical help now")).to_be_focused()
    expect(there.get_by_text("Not kept yet" if pain is None else "this browser keeps nothing")).to_be_visible()
    expect(there.get_by_text("It is sent as soon as there is one")).to_have_count(0)


@pytest.mark.parametrize(("size", "colours"), [(PHONE, "light"), pytest.param(DESKTOP, "dark", marks=pytest.mark.full)])
def test_each_state_without_the_network_can_be_read_by_everybody(ana, ready, axe, size, colours):
    there = ready(ana, size=size, colours=colours)
    cut(there)
    there.goto("/trends/")
    assert axe(there) == []
    save(there)
    expect(there.get_by_text("Choose a number from 0 to 10")).to_be_visible()
    assert axe(there) == []
    write_offline(there, 2)
    expect(there.get_by_text(KEPT)).to_be_visible()
    assert axe(there) == []
    there.set_viewport_size({"width": 320, "height": 640})
    assert there.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_waits_can_be_opened_and_thrown_away(ana, ready):
    there = ready(ana)
    cut(there)
    write_offline(there, 3, words="as first typed")
    there.get_by_role("button", name="Open", exact=True).click()
    rate(there, "Pain", 7)
    save(there)
    expect(there.get_by_text("1 entry NOT SAVED YET")).to_be_visible()
    (entry,) = until(there, lambda: [one for one in waiting(there) if ["pain", "7"] in one["fields"]])
    assert ["note", "as first typed"] in entry["fields"]
    there.once("dialog", lambda dialog: dialog.accept())
    there.get_by_role("button", name="Throw away").click()
    expect(there.get_by_text("1 entry NOT SAVED YET")).to_be_hidden()
    assert waiting(there) == []


def test_what_waits_keeps_the_ticks_that_this_page_does_not_ask_for(ana, treat, ready):
    treat(ana, aftercare=["rested", "walk round the lake"], now=timezone.now() - timedelta(hours=3))
    there = ready(ana)
    rate(there, "Pain", 3)
    there.locator("summary", has_text="a note").click()
    for advice in ("rest", "walk round the lake"):
        there.get_by_text(advice, exact=True).click()
    cut(there)
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    there.get_by_role("button", name="Open", exact=True).click()
    rate(there, "Pain", 7)
    save(there)
    sent(there)
    entry = Entry.objects.get()
    assert (entry.pain, entry.aftercare) == (7, ["rested", "walk round the lake"])
    expect(there.get_by_text(KEPT)).to_be_hidden()


def test_a_page_in_place_of_an_answer_is_not_taken_for_saved(ana, ready):
    there = ready(ana)
    cut(there)
    there.goto("/today/")
    rate(there, "Pain", 5)
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    there.evaluate(ANSWERED_BY_A_GATEWAY)
    mend(there)
    until(there, lambda: there.evaluate("window.answered"))
    assert len(waiting(there)) == 1
    there.goto("/today/")
    expect(there.get_by_text("What waited on this device is saved.")).to_be_visible()
    assert Entry.objects.get().pain == 5


def test_words_that_were_not_tried_yet_outlive_a_look_at_what_was_saved_under_their_id(ana, log, ready):
    """Sent, then Back, put right, and sent into nowhere: what waits has the id of what was saved."""
    there, entry = ready(ana), log(ana, 2, now=timezone.now()).entry
    there.evaluate(PUT_ASIDE, str(entry.pk))
    there.add_init_script(f"({GONE})()")
    there.goto(f"/entries/{entry.pk}/saved/")
    until(there, lambda: there.evaluate("window.tried"))
    assert [one["id"] for one in waiting(there)] == [str(entry.pk)]


def test_a_draft_of_today_is_there_without_the_network(ana, ready):
    there = ready(ana)
    note(there, "half a sentence")
    cut(there)
    there.goto("/today/")
    expect(there.locator("textarea[name=note]")).to_have_value("half a sentence")


def test_a_connection_that_comes_back_while_a_round_is_failing_starts_another(ana, ready):
    there = ready(ana)
    cut(there)
    there.goto("/today/")
    there.evaluate(FAILING_LATE)
    rate(there, "Pain", 5)
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    sent(there)
    assert Entry.objects.get().pain == 5


def test_a_server_that_comes_back_unannounced_is_tried_for(ana, ready):
    there = ready(ana)
    there.clock.install()
    there.goto("/offline/")
    there.evaluate(GONE)
    rate(there, "Pain", 5)
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    until(there, lambda: there.evaluate("window.tried"))
    there.evaluate("() => { window.fetch = window.quick; }")
    assert not Entry.objects.exists()
    there.clock.run_for(31_000)
    expect(there.get_by_text("What waited on this device is saved.")).to_be_visible()
    assert Entry.objects.get().pain == 5


def test_another_person_on_the_device_neither_sees_nor_sends_it(ana, ben, ready, live_server):
    there = ready(ana)
    cut(there)
    write_offline(there, 3, words="of Ana")
    there.context.clear_cookies()
    mend(there)
    signed_in(there.context, live_server.url, ben)
    there.goto("/today/")
    there.goto("/offline/")
    there.wait_for_load_state("networkidle")
    expect(there.get_by_text("of Ana")).to_have_count(0)
    expect(there.locator("[data-unsent]")).to_be_hidden()
    assert not Entry.objects.exists()
    signed_in(there.context, live_server.url, ana)
    there.goto("/today/")
    expect(there.get_by_text("What waited on this device is saved.")).to_be_visible()
    assert Entry.objects.get().patient == ana


@pytest.mark.asvs("V14.3.1")
def test_signing_out_asks_and_then_leaves_nothing(ana, ready):
    there = ready(ana)
    there.evaluate(IN_TROUBLE)
    there.reload()
    expect(there.get_by_text("1 entry NOT SAVED YET")).to_be_visible()
    there.once("dialog", lambda dialog: dialog.dismiss())
    with there.expect_event("dialog") as asked:
        sign_out(there)
    assert "NOT SAVED YET is deleted from this device" in asked.value.message
    assert len(waiting(there)) == 1
    there.once("dialog", lambda dialog: dialog.accept())
    with there.expect_navigation():
        sign_out(there)
    there.goto("/rules/")
    there.add_script_tag(url="/static/js/offline.js")
    assert there.evaluate(LEFT) == [[], [], 0, 0]


WHOLE_AFTER_THE_PRESS = """() => {
  const listen = window.addEventListener;
  const submit = HTMLFormElement.prototype.submit;
  let whole = () => {};
  window.addEventListener = (kind, act, ...more) => {
    if (kind === 'load') whole = act;
    else listen.call(window, kind, act, ...more);
  };
  HTMLFormElement.prototype.submit = async function () {
    await whole();
    submit.call(this);
  };
}"""
REFUSING = """() => {
  const refuse = async () => { throw new DOMException('The operation is insecure.', 'SecurityError'); };
  CacheStorage.prototype.keys = refuse;
  ServiceWorkerContainer.prototype.getRegistration = refuse;
  Storage.prototype.clear = () => { throw new DOMException('The operation is insecure.', 'SecurityError'); };
}"""
STAYED = (
    "async () => [(await navigator.serviceWorker.getRegistrations()).length, await caches.keys(), localStorage.length]"
)


def test_signing_out_before_the_page_has_come_whole_leaves_nothing_either(ana, page):
    there = page(ana)
    there.add_init_script(f"({WHOLE_AFTER_THE_PRESS})()")
    there.goto("/today/")
    with there.expect_navigation():
        sign_out(there)
    there.goto("/rules/")
    assert there.evaluate(STAYED) == [0, [], 0]


def test_signing_out_works_where_the_browser_lets_nothing_be_looked_at(ana, ready):
    there = ready(ana)
    there.evaluate(REFUSING)
    sign_out(there)
    expect(there.get_by_role("heading", name="A diary for after acupuncture")).to_be_visible()
    assert not Session.objects.exists()


def test_the_numbers_of_who_was_here_before_make_room_at_once(ana, practice, page):
    there = page(ana)
    there.goto("/rules/")
    there.evaluate(BEFORE)
    there.goto("/today/")
    assert until(there, lambda: there.evaluate("JSON.parse(localStorage.getItem('numbers'))?.practice")) == (
        practice.same_day_number
    )


def sign_out(there):
    if not there.get_by_role("button", name="Sign out").is_visible():
        there.locator("summary", has_text="Account").click()
    there.get_by_role("button", name="Sign out").click()


def test_the_cache_holds_nothing_of_anybody(world, ana, ready):
    there = ready(ana)
    for page in ("/entries/", "/intake/", "/sessions/", "/today/"):
        there.goto(page)
    cached = there.evaluate(CACHED)
    assert len(cached) == 5
    for said in cached:
        for secret in ("canary", ana.name, ana.email, 'name="csrfmiddlewaretoken" value'):
            assert secret not in said


def test_what_is_not_right_is_kept_and_mended_on_the_page_of_the_server(ana, ready):
    there = ready(ana)
    cut(there)
    there.goto("/today/")
    rate(there, "Pain", 3)
    note(there, "typed words")
    there.get_by_text("another time").click()
    there.locator("[name=observed]").fill("2099-01-01T08:00")
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    mend(there)
    expect(there.get_by_text("Something in it is not right yet.")).to_be_visible()
    there.get_by_role("button", name="Open", exact=True).click()
    expect(there.get_by_text("This is still to come.").first).to_be_visible()
    expect(there.locator("textarea[name=note]")).to_have_value("typed words")
    there.get_by_text("now", exact=True).click()
    save(there)
    expect(there.get_by_role("heading", level=1)).to_contain_text("Saved")
    assert Entry.objects.get().note == "typed words"
    until(there, lambda: waiting(there) == [])


def test_what_was_saved_otherwise_meanwhile_shows_both(ana, log, ready):
    there = ready(ana)
    entry = log(ana, 2, note="in another tab", now=timezone.now()).entry
    cut(there)
    write_offline(there, 3, words="typed in a tunnel")
    there.evaluate(UNDER_ANOTHER_ID, str(entry.pk))
    mend(there)
    expect(there.get_by_text("Saved before with other answers")).to_be_visible()
    there.get_by_role("button", name="Open", exact=True).click()
    expect(there.get_by_text("in another tab")).to_be_visible()
    expect(there.get_by_text("typed in a tunnel")).to_be_visible()
    there.get_by_role("button", name="Save this instead").click()
    expect(there.get_by_role("heading", level=1)).to_contain_text("Saved")
    assert (Entry.objects.get().note, Entry.objects.get().version) == ("typed in a tunnel", 2)
    until(there, lambda: waiting(there) == [])


def test_a_sign_in_that_ended_meanwhile_is_asked_for_and_nothing_is_lost(ana, ready, live_server):
    there = ready(ana)
    cut(there)
    write_offline(there, 8, words="still here")
    Session.objects.all().delete()
    mend(there)
    expect(there.get_by_role("link", name="Sign in to send")).to_be_visible()
    assert len(waiting(there)) == 1
    signed_in(there.context, live_server.url, ana)
    there.goto("/today/")
    expect(there.get_by_text("What waited on this device is saved.")).to_be_visible()
    assert Entry.objects.get().note == "still here"


def test_an_answer_lost_on_the_way_makes_no_second_entry(ana, ready):
    """The server saved it, the device did not hear so: it asks again, and the id tells."""
    there = ready(ana)
    cut(there)
    write_offline(there, 6, words="once")
    (one,) = waiting(there)
    now = timezone.now()
    entries.log(by=ana, now=now, id=one["id"], pain=6, note="once", observed_at=now, zone="UTC")
    sent(there)
    assert Entry.objects.count() == 1


# Reminders that this browser shows. No push service can be reached from here: what one would hand over comes by the
# debugging door, and what it would answer to a subscription is made up. What leaves for it: tests/test_pushing.py.

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
