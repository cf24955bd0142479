"""Everything that is kept of me, to take along."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from allauth.core.ratelimit import consume, respond_429
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from diary import wording
from diary.actions import leaving
from diary.exports import document, page, table
from diary.exports.fhir.bundle import as_fhir
from diary.forms.exports import ColumnsForm
from diary.views import SignedIn, for_patients

PIECES, WORTH_SENDING = 100, 20_000  # of a file, and signs
CODES = wording.CONDITIONS | wording.BLOOD_THINNERS | wording.RED_FLAG | wording.SYMPTOM


@for_patients
@require_GET
def show(request: SignedIn) -> HttpResponse:
    return render(request, "exports/show.html", {"columns": ColumnsForm()})


@for_patients
@require_POST
@never_cache
def take(request: SignedIn) -> Any:
    """Hand everything over as a file. It is asked for by a form: that it was taken is noted."""
    form, now = request.POST.get("form", ""), timezone.now()
    if form not in FORMS:
        raise Http404
    make, kind = FORMS[form]
    if not consume(request, action="export"):
        return respond_429(request)
    leaving.take_along(by=request.user, now=now, form=form)
    day = f"{now.astimezone(ZoneInfo(request.user.time_zone)):%Y-%m-%d}"
    headers = {"Content-Disposition": f'attachment; filename="settle-{day}.{ENDING.get(form, form)}"'}
    pieces = leaving.while_open(request.user, gathered(make(request), get_language()))
    return StreamingHttpResponse(pieces, content_type=f"{kind}; charset=utf-8", headers=headers)


def gathered(pieces: Iterator[str], language: str) -> Iterator[str]:
    """Yield pieces that are worth sending, in the language of the request: it is answered before the first is made."""
    held: list[str] = []
    with override(language):
        for piece in pieces:
            held.append(piece)
            if sum(map(len, held)) >= WORTH_SENDING or len(held) >= PIECES:
                yield "".join(held)
                held.clear()
        if held:
            yield "".join(held)


def as_json(request: SignedIn) -> Iterator[str]:
    return document.as_json(request.user, timezone.now())


def as_page(request: SignedIn) -> Iterator[str]:
    """Yield the page: its frame is drawn once, with a mark where the rows of each part belong."""
    person, words = request.user, {key: str(said) for key, said in CODES.items()}
    context = {"parts": page.counts(person), "now": timezone.now(), "user": person}
    for number, piece in enumerate(re.split(r"<!--(\w+)-->", render_to_string("exports/take.html", context))):
        if number % 2:
            some = page.rows(piece, person, words)
            yield from (render_to_string("exports/_rows.html", {"rows": rows}) for rows in some)
        else:
            yield piece


def as_bundle(request: SignedIn) -> Iterator[str]:
    return as_fhir(request.user, timezone.now())


def as_table(request: SignedIn) -> Iterator[str]:
    """Return the table line by line, of the columns chosen on the page; without a choice all of them."""
    chosen = ColumnsForm(request.POST).chosen
    columns = table.columns_of(chosen) if "chosen" in request.POST else table.COLUMNS
    return table.as_csv(request.user, columns)


FORMS: dict[str, tuple[Callable[[SignedIn], Iterator[str]], str]] = {
    "json": (as_json, "application/json"),
    "html": (as_page, "text/html"),
    "csv": (as_table, "text/csv"),
    "fhir": (as_bundle, "application/fhir+json"),
}
ENDING = {"fhir": "fhir.json"}
