"""The sentences of the product in each of its languages: gathered from the code, kept as .po, compiled at set-up."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

SOURCES = ("config", "diary", "templates")
LAZILY = {"gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2), "say": None}
KEYWORDS = DEFAULT_KEYWORDS | LAZILY
FOLDER = Path("diary/locale")
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)


class Command(BaseCommand):
    """Brings the .po files up to what the code says and compiles them; says what is not translated yet."""

    help = "Gather the sentences of the product and compile their translations."

    def add_arguments(self, parser):
        parser.add_argument(
            "--compile", action="store_true", dest="only_compile", help="only compile what is translated"
        )
        parser.add_argument("--check", action="store_true", help="only say what is missing; exit 1 where anything is")

    def handle(self, *, only_compile, check, **options):
        said = None if only_compile else gathered(settings.BASE_DIR)
        missing = {language: self.bring_up(language, said, check) for language in translated_to()}
        if any(missing.values()) and check:
            raise CommandError("Not everything is translated.")

    def bring_up(self, language, said, check):
        """Update one language; return what it lacks."""
        catalog = read(language)
        if said is None:
            return compiled(catalog, language)
        catalog.update(said, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        lacking = untranslated(catalog)
        self.stdout.write(f"{language}: {len(said)} sentences, {len(lacking)} not translated")
        for message in lacking if check else ():
            self.stdout.write(f"  {message.id}")
        if not check:
            write(catalog, language)
            compiled(catalog, language)
        return lacking


def translated_to():
    """Return the languages of the product but the one it is written in."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def gathered(root):
    """Return every sentence that the code under `root` marks, in the order of the files; no line numbers, which would
    change with every edit.
    """
    catalog = Catalog()
    for path in sorted(path for folder in SOURCES for path in (root / folder).rglob("*")):
        for context, message in marked(path):
            place = str(path.relative_to(root)), 0
            catalog.add(message[:2] if isinstance(message, tuple) else message, context=context, locations=[place])
    return catalog


def dedented(source: str) -> str:
    """Return what is read as Python without the blanks that lines of a template begin with: they are no blocks."""
    return "\n".join(line.lstrip() for line in source.splitlines())


def marked(path: Path) -> Iterator[tuple[str | None, Any]]:
    """Yield each sentence a file marks, as (context, text or texts)."""
    if path.suffix == ".html":
        source = dedented(templatize(path.read_text(encoding="utf-8"), origin=str(path)))
    elif path.suffix == ".py":
        source = path.read_text(encoding="utf-8")
    else:
        return
    found: Iterator[Any] = extract_python(BytesIO(source.encode()), KEYWORDS, (), {})
    for _, function, message, _ in found:
        texts: tuple[Any, ...] = message if isinstance(message, tuple) else (message,)
        context = texts[0] if function.startswith("p") else None
        if texts := tuple(text for text in (texts[1:] if context else texts) if text):
            yield context, texts if len(texts) > 1 else texts[0]


def path_of(language, ending):
    return settings.BASE_DIR / FOLDER / to_locale(language) / "LC_MESSAGES" / f"django.{ending}"


def read(language):
    path = path_of(language, "po")
    if not path.exists():
        return Catalog(locale=to_locale(language))
    with path.open("rb") as file:
        return read_po(file, locale=to_locale(language))


def write(catalog, language):
    path_of(language, "po").parent.mkdir(parents=True, exist_ok=True)
    # A date would change with every run, and say nothing that the history does not.
    catalog.project, catalog.version, catalog.creation_date, catalog.revision_date = "Settle", "", UNDATED, UNDATED
    catalog.header_comment, catalog.fuzzy = f"# Settle in {catalog.locale.english_name}.", False
    with path_of(language, "po").open("wb") as file:
        write_po(file, catalog, width=110, include_lineno=False)


def compiled(catalog, language):
    with path_of(language, "mo").open("wb") as file:
        write_mo(file, catalog)
    return []


def untranslated(catalog):
    """Return the messages without a translation in each of the language's plural forms."""
    return [message for message in catalog if message.id and not all(translations(message, catalog))]


def translations(message, catalog):
    if not message.pluralizable:
        return [message.string]
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return [*strings, *[""] * (catalog.num_plurals - len(strings))]
