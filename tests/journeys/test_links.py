"""A link from hand to hand, in a browser without script: its secret stands in no address but the one handed over."""

import pytest
from playwright.sync_api import expect

from diary.actions import links
from tests.browser import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_secret_goes_no_further_than_the_first_address(ana, log, page, now, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    log(ana, 6, note="not for them")
    made = links.make(by=ana, now=now, reader="Dr Weber", parts={"scores"}, first_day=now.date())
    reader = page(size=PHONE, java_script_enabled=False)
    told = []
    reader.on("request", lambda request: told.append(f"{request.url} {request.headers.get('referer', '')}"))
    reader.goto(f"/shared/{made.token}/")
    reader.get_by_role("button", name="Open the sheet").click()
    expect(reader.locator("h1")).to_contain_text("Shared by Ana Alves")
    assert "not for them" not in reader.content()
    assert reader.url.endswith("/shared/")
    assert [one for one in told[1:] if made.token in one] == []
