"""The stylesheets: every name that a page uses means something in it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

BUILT = [settings.BASE_DIR / "static/built" / name for name in ("site.css", "charts.css", "practice.css", "report.css")]
# A copy to keep stands alone on somebody's disk and carries its own few rules.
PAGES = sorted(
    set((settings.BASE_DIR / "templates").rglob("*.html")) - {settings.BASE_DIR / "templates/exports/take.html"}
)
# What the policy of Today allows: its first frame under a nonce, and a blank that waits for the stylesheet (adr/0035).
ALLOWED = ('<style nonce="{{ request.csp_nonce }}">{% first_frame %}</style>', "<script> </script>")
# Names of things whose look is that of their kind.
PLAIN = {"key-pain", "work"}


@pytest.fixture(scope="module")
def styled() -> set[str]:
    return set(re.findall(r"\.([a-z][\w-]*)", "".join(file.read_text() for file in BUILT)))


def written(page: Path) -> set[str]:
    """Return the class names a template writes out; those put together from variables are left out."""
    classes = (
        re.sub(r"\S*\{\{.*?\}\}\S*|\{%.*?%\}", " ", found)
        for found in re.findall(r'class="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"', page.read_text())
    )
    return {name for names in classes for name in names.split()} - PLAIN


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(settings.BASE_DIR / "templates")))
def test_every_class_has_a_look(page, styled):
    assert written(page) <= styled


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(settings.BASE_DIR / "templates")))
def test_no_style_or_script_stands_in_a_page(page):
    text = page.read_text()
    for piece in ALLOWED:
        text = text.replace(piece, "")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", text)
