"""The pictures in the README, taken of the demo practice at one moment: `./run pictures`. No test; run by its name."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from diary.actions import heartbeats
from diary.models import Flag, User
from tests.browser import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TALL = DESKTOP | {"height": 1080}
FOLDER = Path(settings.BASE_DIR) / "docs" / "pictures"
NOW = datetime(2026, 3, 10, 19, 30, tzinfo=UTC)
# Without a desktop, "the system's own letters" are whatever fontconfig finds first.
LETTERS = """<fontconfig><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<match><edit name="family" mode="append" binding="strong"><string>Liberation Sans</string></edit></match></fontconfig>
"""


@pytest.fixture(scope="session", autouse=True)
def _letters(tmp_path_factory):
    """The same letters on every machine, chosen before the browser starts."""
    folder = tmp_path_factory.mktemp("letters")
    (folder / "fonts.conf").write_text(LETTERS.format(cache=folder))
    os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")


@pytest.fixture
def demo(settings, monkeypatch):
    """The demo practice, as of NOW, with a worker that runs; the server's clock stands there too."""
    settings.DEMO = True
    call_command("demo", now=NOW.isoformat())
    heartbeats.beat(worker="pictures", now=NOW)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def test_take_the_pictures(demo, page):
    rosa, imogen, derek = (User.objects.get(name=name) for name in ("Rosa Marin", "Imogen Hale", "Derek Osei"))
    flag = Flag.objects.get(patient=rosa, status="open")
    phone = {"size": PHONE, "device_scale_factor": 1.5}
    take(page(rosa, **phone), "/today/", "today")
    take(page(rosa, **phone), f"/flags/{flag.pk}/", "flag")
    take(page(rosa, **phone), "/trends/", "trends", down=100)
    take(page(imogen, size=DESKTOP), "/worklist/", "worklist")
    take(page(imogen, size=TALL, colours="dark"), f"/patients/{derek.pk}/", "patient-dark")
    take(page(rosa, size=TALL), "/report/", "report")
    answered(page(rosa, **phone), "saved")
    answered(page(rosa, **phone), "urgent", sign="Numbness between the legs")


def answered(opened, name, sign=""):
    """Log an entry, with a sign that needs care where one is said, and take what comes back."""
    assert opened.goto("/today/").ok
    opened.get_by_role("radiogroup", name="Pain").get_by_text("2", exact=True).click()
    if sign:
        opened.locator("summary", has_text="Any of these?").click()
        opened.get_by_text(sign).click()
    with opened.expect_navigation(wait_until="networkidle"):
        opened.get_by_role("button", name="Save", exact=True).click()
    opened.screenshot(path=FOLDER / f"{name}.png")


def take(opened, address, name, down=0):
    """Take what the window shows once the charts are drawn, scrolled `down` by so many pixels."""
    assert opened.goto(address, wait_until="networkidle").ok
    for chart in opened.locator("canvas").all():
        chart.and_(opened.locator("[data-drawn]")).wait_for()
    opened.evaluate("down => scrollTo(0, down)", down)
    opened.screenshot(path=FOLDER / f"{name}.png")
