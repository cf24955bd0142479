"""A device that several people use: nobody sees or sends what is of another, and who signs out leaves nothing."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from diary.models import Entry
from tests.browser import signed_in, until
from tests.journeys.device import cut, mend, note, save, waiting, write_offline
from tests.journeys.test_journeys import rate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

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


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("form", ["/today/", "/entries/add/"])
def test_back_gives_what_one_person_typed_to_no_other(ana, ben, page, live_server, script, form):
    """Ana left her form open, Ben has signed in: the form that Back shows is his, and one press from being sent."""
    there = page(ana, java_script_enabled=script)
    there.goto(form)
    rate(there, "Pain", 6)
    note(there, "of Ana")
    there.context.clear_cookies(name="sessionid")
    signed_in(there.context, live_server.url, ben)
    save(there)
    expect(there.get_by_text("somebody else had opened")).to_be_visible()
    there.go_back()
    expect(there.locator("input[name=who]")).to_have_value(str(ben.pk))
    expect(there.locator("[name=note]")).to_have_value("")
    expect(there.locator("[name=pain]:checked")).to_have_count(0)


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
    there.add_script_tag(url="/static/built/offline.js")
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
