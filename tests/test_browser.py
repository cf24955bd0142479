"""The watch that every journey stands under does see what it must not miss."""

import pytest
from playwright.sync_api import Browser

from tests.browser import Watch

pytestmark = pytest.mark.browser
WRONG = """<!doctype html><title>Wrong</title><img src="http://127.0.0.1:9/pixel.png">
<script>console.error("loud"); throw new Error("thrown")</script>"""


def test_the_watch_sees_errors_exceptions_and_requests_to_elsewhere(browser: Browser):
    watch = Watch("http://localhost:1")
    with browser.new_context() as context:
        watch.follow(context.new_page()).set_content(WRONG, wait_until="load")
    assert {wrong.split(":")[0] for wrong in watch.wrongs} == {"console", "exception", "off-origin"}


def test_the_watch_is_silent_on_a_sound_page(browser: Browser):
    watch = Watch("http://localhost:1")
    with browser.new_context() as context:
        watch.follow(context.new_page()).set_content("<!doctype html><title>Sound</title>", wait_until="load")
    assert watch.wrongs == []


def test_axe_sees_an_image_without_words(browser: Browser, axe):
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(WRONG)
        assert any(violation.startswith("image-alt:") for violation in axe(page))
