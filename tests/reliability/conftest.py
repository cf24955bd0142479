"""A furnished site, made once and copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.site import SITES, Folk, Site


@pytest.fixture(scope="session")
def _furnished_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Folk]:
    folder = tmp_path_factory.mktemp("furnished")
    file = folder / "settle.sqlite3"
    return file, Site(f"sqlite:///{file}", folder).furnish()


@pytest.fixture
def furnished(_furnished_once: tuple[Path, Folk], tmp_path: Path) -> tuple[str, Folk]:
    """The address of a SQLite database with people in it, and who they are."""
    file, folk = _furnished_once
    shutil.copy(file, tmp_path / "settle.sqlite3")
    return f"sqlite:///{tmp_path / 'settle.sqlite3'}", folk


@pytest.fixture(autouse=True)
def _no_site_outlives_its_test() -> Iterator[None]:
    yield
    while SITES:
        SITES.pop().kill()
