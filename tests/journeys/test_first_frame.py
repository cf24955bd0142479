"""What stands above the form of Today looks in its first frame as for good: the stylesheet changes nothing there."""

import pytest
from django.test import Client

from tests.browser import DESKTOP, PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("_today_is_now"),
]

SHEET = "**/built/site*.css"
LOOKED_AT = ["color", "backgroundColor", "fontFamily", "fontSize", "fontWeight", "lineHeight", "letterSpacing"]
LOOKED_AT += ["textDecorationLine", "borderBottomWidth", "borderLeftColor", "boxShadow", "display", "position"]
ABOVE = """looked_at => {
  const sheet = document.querySelector("main link"), above = [];
  for (const one of document.querySelectorAll("body, body *")) {
    if (one === sheet) return above;
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (!one.checkVisibility() || one.closest(".menu-in")) continue;
    const [top, height] = one.matches("body, main") ? [0, 0] : [box.top, box.height];  // as tall as what they hold
    const place = [one.tagName, one.className, box.left, top, box.width, height];
    above.push([...place, ...looked_at.map((name) => style[name])].join(" "));
  }
}"""


def agreed(user):
    """Return the cookie with what the next page says once."""
    client = Client()
    client.force_login(user)
    client.post("/agreement/agree/", {"agreed": "2:en"})
    return client.cookies["messages"]


def drawn(page, sheet):
    """Return how each element above the form is drawn, with the form's stylesheet or before it has come."""
    if not sheet:
        page.route(SHEET, lambda route: route.fulfill(content_type="text/css", body=""))
    page.goto("/today/")
    assert page.evaluate("getComputedStyle(document.querySelector('.savebar')).position === 'sticky'") is sheet
    return page.evaluate(ABOVE, LOOKED_AT)


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_first_frame_stays_as_it_is(page, diary, size, colours, settings):
    settings.DEMO, drawings = True, []
    for sheet in (False, True):
        opened, said = page(diary, size=size, colours=colours), agreed(diary)
        opened.context.add_cookies([{"name": said.key, "value": said.value, "domain": "localhost", "path": "/"}])
        drawings.append(drawn(opened, sheet))
    first, for_good = drawings
    assert all(any(one.startswith(there) for one in first) for there in ("ASIDE demo", "NAV nav", "UL messages", "H1 "))
    assert first == for_good
