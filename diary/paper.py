"""A page as a PDF, where WeasyPrint is installed; it is optional (README) and takes a second to load."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings

STYLES = ("10-tokens.css", "80-report.css", "90-print.css")
"""What a report on paper looks like, in the folder of the stylesheets."""


class NothingIsFetched(Exception):
    """A PDF is made of the page alone: no address is opened for it, on this machine or elsewhere."""


def is_available() -> bool:
    return find_spec("weasyprint") is not None


def refuse(url: str, *_args: Any, **_options: Any) -> Any:
    raise NothingIsFetched(url)


def pdf(page: str) -> bytes:
    """Return a page of HTML, which names no other file, as a PDF. Takes seconds."""
    from weasyprint import CSS, HTML

    folder = settings.BASE_DIR / "static" / "css"
    styles = [CSS(string=(folder / name).read_text(encoding="utf-8"), url_fetcher=refuse) for name in STYLES]
    made: bytes = HTML(string=page, url_fetcher=refuse).write_pdf(stylesheets=styles)
    return made
