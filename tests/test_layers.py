"""What the import contracts in pyproject.toml cannot say."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

CORE = sorted(Path(settings.BASE_DIR).glob("diary/clinical/**/*.py"))
ALLOWED = sys.stdlib_module_names | {"diary"}  # of diary, the contracts allow diary.clinical alone
CLOCKS = {"now", "today", "utcnow", "localtime", "time", "monotonic"}


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


def foreign(source: str) -> set[str]:
    return {name for name in imported(ast.parse(source)) if name.split(".")[0] not in ALLOWED}


def clocks(source: str) -> set[str]:
    return CLOCKS & set(called(ast.parse(source)))


@pytest.mark.parametrize("file", CORE, ids=lambda file: file.stem)
def test_the_clinical_core_rests_on_the_standard_library_and_asks_no_clock(file: Path):
    assert foreign(file.read_text()) == set()
    assert clocks(file.read_text()) == set()


def test_a_foreign_import_and_a_clock_are_seen():
    assert CORE
    assert foreign("def f():\n    from numpy.linalg import norm\n") == {"numpy.linalg"}
    assert clocks("import datetime\ndatetime.datetime.now()\n") == {"now"}


LONGEST = 300
"""Lines of a module: more than that has a second subject."""


def test_no_module_is_longer_than_one_subject():
    root = Path(settings.BASE_DIR)
    folders = ("config/**/*.py", "diary/**/*.py", "tests/**/*.py", "static/js/**/*.js", "static/css/*.css")
    written = [path for folder in folders for path in root.glob(folder) if "migrations" not in path.parts]
    assert len(written) > 700
    assert [str(path) for path in written if len(path.read_text().splitlines()) > LONGEST] == []
