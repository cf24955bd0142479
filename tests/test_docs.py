"""What the README and the docs name is there: files, commands with their options, one number for each decision."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/adr").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PATH = re.compile(r"(?<![\w./-])((?:diary|config|templates|static|tests|docs|deploy)/[\w./-]+)")
TESTS = re.compile(r"pytest((?: (?:--[a-z]+|tests/[\w./]+))*)")
COMMAND = re.compile(r"manage\.py ([a-z_]+)((?: (?:--?[a-z-]+|\[--[a-z-]+(?: [A-Z…]+)?\]|[A-Z…]+|\d+[\w,]*))*)")
pytestmark = pytest.mark.engineless


def missing(page: Path, text: str) -> list[str]:
    """Return what a page names that is not there."""
    links = [name for name in LINK.findall(text) if not (page.parent / name).exists()]
    paths = [name for name in PATH.findall(text) if not is_there(name.rstrip("./"))]
    commands = [said for said in COMMAND.findall(text) if not is_understood(*said)]
    return links + paths + commands + [said for said in TESTS.findall(text) if not selects(said.split())]


def selects(words: list[str]) -> bool:
    """Tell whether a call of pytest knows its options, and each file or folder that it names holds a test."""
    options, places = ([word for word in words if word.startswith("-") is on] for on in (True, False))
    held = [[ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("test_*.py") for place in places]
    known = re.findall(r'addoption\("(--[a-z]+)"', (ROOT / "tests/conftest.py").read_text())
    return {*options} <= {*known} and all(any("\ndef test_" in read(file) for file in files) for files in held)


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def is_there(name: str) -> bool:
    """Tell whether a path is one of the project, or of its tests, which the safety log names from there."""
    return (ROOT / name).exists() or (ROOT / "tests" / name).exists()


def is_understood(name: str, arguments: str) -> bool:
    """Tell whether there is such a command, and each option that is named is one of its own."""
    app = get_commands().get(name)
    if app is None:
        return False
    parser = load_command_class(app, name).create_parser("manage.py", name)
    known = {option for action in parser._actions for option in action.option_strings}
    return set(re.findall(r"--[a-z-]+", arguments)) <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page):
    assert missing(page, page.read_text()) == []


GONE = ["[a](gone.md)", "`diary/gone.py`", "cp deploy/gone.conf", "`manage.py vanish`", "`manage.py bench --gone`"]
GONE += ["`pytest --gone tests/load`", "pytest tests/load/open_loop.py --full"]


@pytest.mark.parametrize("said", GONE)
def test_what_is_not_there_is_found(said):
    """The control."""
    assert len(missing(PAGES[0], said)) == 1


def test_the_readme_has_each_command_and_each_folder_of_the_house():
    said = (ROOT / "README.md").read_text()
    commands = {name for name, app in get_commands().items() if app == "diary"}
    assert commands - {name for name, _ in COMMAND.findall(said)} == set()
    packages = {f"`{path.parent.relative_to(ROOT)}/`" for path in ROOT.glob("diary/*/__init__.py")}
    assert {name for name in packages if name not in said} == {"`diary/migrations/`"}


def test_each_decision_has_a_number_of_its_own():
    files = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    assert [int(re.match(r"# (\d+)\. ", file.read_text())[1]) for file in files] == list(range(1, len(files) + 1))
