"""What lies over what: nothing takes the press that another is meant to get."""

import pytest

from tests.browser import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [{"width": 320, "height": 640}, PHONE, {"width": 704, "height": 900}, DESKTOP]
COVERED = """() => {
  const across = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  const words = (within) => {
    const range = document.createRange();
    range.selectNodeContents(within);
    return range;
  };
  for (const details of document.querySelectorAll("main details")) details.open = true;
  for (const choice of document.querySelectorAll("main input[type=radio]")) choice.click();
  const others = [...document.querySelectorAll("main .pick, main summary, main legend")];
  return [...document.querySelectorAll(".clear")].flatMap((button) =>
    others
      .filter((other) => [...(other.matches("legend") ? words(other) : other).getClientRects()]
        .some((place) => across(button.getBoundingClientRect(), place)))
      .map((other) => `${button.innerText} over ${other.innerText}`));
}"""


@pytest.mark.parametrize("language", ["en", "de", "es", "zh-hans"])
@pytest.mark.parametrize("address", ["/today/", "/intake/"])
def test_what_takes_an_answer_back_lies_over_no_answer(address, language, ana, page):
    ana.language = language
    ana.save()
    opened = page(ana)
    for size in SIZES:
        opened.set_viewport_size(size)
        opened.goto(address)
        assert opened.locator("html").get_attribute("lang") == language
        assert opened.locator(".clear").count() > 1
        assert (size, opened.evaluate(COVERED)) == (size, [])
