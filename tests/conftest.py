"""What every test may lean on; people are in `people.py`, the browser is in `browser.py`."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from hypothesis import settings as hypothesis

from diary import watching
from tests.security import standard

# Playwright's event loop and the ORM share a thread in browser tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick

pytest_plugins = ["tests.skips", "tests.figures", "tests.scratch", "tests.migrated", "tests.browser", "tests.people"]
pytest_plugins += ["tests.world", "tests.security.hall", "tests.programs", "tests.indoors", "tests.beginning"]
pytest_plugins += ["tests.smtp"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="also run what takes minutes")
    parser.addoption("--asvs", action="store_true", help="run nothing: write the tables of docs/security.md")
    parser.addoption("--shuffle", metavar="SEED", help="run files in another order, and the tests of each in another")


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    if not config.getoption("--asvs"):
        return None
    standard.PAGE.write_text(standard.page(), encoding="utf-8")
    return 0


def pytest_configure(config: pytest.Config) -> None:
    """Properties are drawn anew under --full alone; a busy machine is slow, and that fails none of them."""
    hypothesis.register_profile("settle", deadline=None, derandomize=not config.getoption("--full"))
    hypothesis.load_profile("settle")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Marks what touches no database, and without --full leaves out what takes minutes, counted as deselected.

    What touches none comes first, before the order that pytest-django gives to the rest: servers that are started and
    killed are waited for while PostgreSQL's tests work beside (`./run test`), and not at the end with nothing beside.
    """
    for item in items:
        if not {"db", "transactional_db"} & set(item.fixturenames) and not item.get_closest_marker("django_db"):
            item.add_marker("engineless")
    long = [item for item in items if item.get_closest_marker("full") and not config.getoption("--full")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]
    if seed := config.getoption("--shuffle"):
        items[:] = shuffled(items, Random(seed))
    yield
    if not seed:
        items.sort(key=lambda item: item.get_closest_marker("engineless") is None)


def pytest_collection_finish() -> None:
    """What is loaded now stays until the end: looking through it for waste again and again took a fifth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def shuffled(items: list[pytest.Item], chance: Random) -> list[pytest.Item]:
    """Return tests in another order, those of a file still together: what they share is made once."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in chance.sample(items, len(items)):
        files.setdefault(item.path, []).append(item)
    return [item for file in files.values() for item in file]


@pytest.fixture(autouse=True)
def _a_worker_is_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of the tests are those of a site whose worker runs; tests/test_watching.py takes it away."""
    monkeypatch.setattr(watching, "last_beat", lambda now: now)


@pytest.fixture(autouse=True)
def _nobodys_language() -> None:
    """A page leaves the language of its reader to the thread; the next test begins in that of the site."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _forget_limits() -> None:
    """The failed logins of one test are not those of the next."""
    cache.clear()
