"""Whom a page is asked for: those who get more of it than the sign-in page, or everybody (`--full`)."""

import pytest

from tests.security.test_matrix import TABLE

PEOPLE = ["anonymous", "ana", "paula", "admin"]


def let_in(page):
    """Return who gets more of a page than the sign-in page or the answer to what is not there."""
    rows = [row for (name, _), row in TABLE.items() if name == page]
    open_to = {person for row in rows for person in PEOPLE if row[person] not in {"login", "404"}}
    return sorted(open_to) or ["admin" if page.startswith("/admin/") else "ana"]


def everybody(page):
    return PEOPLE


few_and_all = pytest.mark.parametrize(
    "asked", [let_in, pytest.param(everybody, marks=pytest.mark.full)], ids=["let in", "everybody"]
)
