"""What the README and the docs name is there: files, commands with their options, one number for each decision."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/adr").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PATH = re.compile(r"`((?:diary|config|templates|static|tests|docs|deploy)/[\w./-]+)")
COMMAND = re.compile(r"manage\.py ([a-z_]+)((?: (?:--?[a-z-]+|\[--[a-z-]+(?: [A-Z…]+)?\]|[A-Z…]+|\d+[\w,]*))*)")
pytestmark = pytest.mark.engineless


def missing(page: Path, text: str) -> list[str]:
    """Return what a page names that is not there."""
    links = [name for name in LINK.findall(text) if not (page.parent / name).exists()]
    paths = [name for name in PATH.findall(text) if not is_there(name.rstrip("./"))]
    return links + paths + [said for said in COMMAND.findall(text) if not is_understood(*said)]


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


@pytest.mark.parametrize("said", ["[a](gone.md)", "`diary/gone.py`", "`manage.py vanish`", "`manage.py bench --gone`"])
def test_what_is_not_there_is_found(said):
    """The control."""
    assert len(missing(PAGES[0], said)) == 1


def test_each_decision_has_a_number_of_its_own():
    files = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    assert [int(re.match(r"# (\d+)\. ", file.read_text())[1]) for file in files] == list(range(1, len(files) + 1))
