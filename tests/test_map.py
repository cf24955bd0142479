"""Four names are one: URL, view, template, test."""

import ast
from itertools import chain
from pathlib import Path

import pytest

from diary import urls

ROOT = Path(__file__).parent.parent
PATTERNS = {pattern.name: pattern for pattern in urls.urlpatterns}
# A redirect, or numbers
WITHOUT_A_PAGE = {"home-show", "entries-at", "health-show", "trends-data", "patients-data", "calendar-show"}
WITHOUT_A_PAGE |= {f"api-{name}" for name in ("openapi", "me", "diary", "entries", "sessions", "flags", "missing")}
WITHOUT_A_PAGE |= {f"shared-{name}" for name in ("list", "diary", "entries", "sessions", "flags")}
WITHOUT_A_PAGE |= {"cards-list", "cards-show"}  # what programs are told
WITHOUT_A_PAGE |= {"style-data", "subscriptions-add"}
WITHOUT_A_PAGE |= {"offline-worker", "offline-manifest", "offline-numbers"}  # read by browsers, not by people
ACTS = {
    "close",
    "unlock",
    "reset",
    "signout",
    "resend",
    "agree",
    "snooze",
    "renew",
    "answer",
    "note",
    "withdraw",
    "restore",
    "revoke",
    "lend",
    "back",
    "uncover",
    "confirm",
    "handle",
    "reopen",
    "undo",
    "activate",
}  # POST, then redirect


@pytest.mark.parametrize("name", PATTERNS)
def test_the_view_has_the_name_of_its_address(name):
    view = PATTERNS[name].callback
    assert f"{view.__module__}.{view.__name__}" == f"diary.views.{name.replace('-', '.')}"


@pytest.mark.parametrize("name", PATTERNS)
def test_the_template_has_the_name_of_its_view(name):
    folder, _, function = name.partition("-")
    if name not in WITHOUT_A_PAGE and function not in ACTS:
        assert (ROOT / "templates" / folder / f"{function}.html").exists()


@pytest.mark.parametrize("name", PATTERNS)
def test_the_page_has_a_test(name):
    folder, _, function = name.partition("-")
    folder_of_tests = ROOT / "tests" / "views"  # one file a noun; where it has grown, more that begin alike
    files = [folder_of_tests / f"test_{folder}.py", *folder_of_tests.glob(f"test_{folder}_*.py")]
    tests = chain.from_iterable(ast.walk(ast.parse(file.read_text(encoding="utf-8"))) for file in files)
    names = [node.name for node in tests if isinstance(node, ast.FunctionDef)]
    assert any(test.startswith(f"test_{function}_") for test in names)


def test_no_template_that_nothing_shows():
    """A template beside those of the addresses is named by a view of its folder or by another template."""
    folders = {name.partition("-")[0] for name in PATTERNS}
    sources = [*(ROOT / "diary" / "views").glob("*.py"), *(ROOT / "templates").rglob("*.html")]
    said = "".join(path.read_text(encoding="utf-8") for path in sources)
    templates = [path for folder in folders for path in (ROOT / "templates" / folder).glob("*.html")]
    assert templates
    for path in templates:
        assert f'"{path.parent.name}/{path.name}"' in said


def late_gates(source: str) -> list[str]:
    """Return the views that ask for the role only after something else."""
    views = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    asked = {view.name: [ast.unparse(one).startswith("for_") for one in view.decorator_list] for view in views}
    return [name for name, roles in asked.items() if any(roles) and not roles[0]]


def test_the_role_is_asked_before_all_else():
    """For anybody in another role a page does not exist, whatever they send."""
    late = {path.name: late_gates(path.read_text(encoding="utf-8")) for path in (ROOT / "diary/views").glob("*.py")}
    assert len(late) > 30
    assert {name: views for name, views in late.items() if views} == {}
    assert late_gates("@require_POST\n@for_patients\ndef add(request): ...") == ["add"]
