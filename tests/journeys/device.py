"""A device whose network is cut and comes back, and what people do on it meanwhile."""

from playwright.sync_api import expect

from tests.journeys.test_journeys import rate

READY = """async () => {
  while (!navigator.serviceWorker.controller || !localStorage.getItem('numbers'))
    await new Promise((go) => setTimeout(go, 50));
}"""
KEPT = "Kept on this device, NOT SAVED YET"


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
