"""Whatever is typed into a form of ours is kept in its tab: the page without a connection promises it."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
ASKS = re.compile(r'<textarea|<input type="(text|email|date|search)"|crispy|\{\{ form|include "entries/')
SECRET = {"components/signin.html", "account/reauthenticate.html", "mfa", "join/_code.html"}
"""Where nothing but an address, a password, a code or a key is typed: kept by the browser, or by nobody."""


def is_secret(name: str) -> bool:
    return any(name == one or name.startswith(f"{one}/") for one in SECRET)


def forms() -> list[tuple[str, str]]:
    files = [(str(file.relative_to(TEMPLATES)), file.read_text()) for file in sorted(TEMPLATES.rglob("*.html"))]
    found = [(name, form) for name, text in files for form in FORM.findall(text)]
    return [(name, form) for name, form in found if 'method="post"' in form and ASKS.search(form)]


def test_every_form_that_is_typed_into_keeps_a_draft():
    asked = [(name, form) for name, form in forms() if not is_secret(name)]
    assert len(asked) > 15
    assert [name for name, form in asked if "data-draft=" not in form.partition(">{%")[0]] == []


def test_every_draft_has_the_note_that_says_so():
    kept = [(name, form) for name, form in forms() if "data-draft=" in form]
    assert [name for name, form in kept if "components/draft.html" not in form and name != "style/show.html"] == []
