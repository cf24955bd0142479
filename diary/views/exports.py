"""Everything that is kept of me, to take along."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, cast
from zoneinfo import ZoneInfo

from allauth.core.ratelimit import consume
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from diary import wording
from diary.actions import leaving
from diary.exports import document, page, table
from diary.exports.fhir.bundle import as_fhir
from diary.forms.exports import ColumnsForm
from diary.views import SignedIn, for_patients

AT_A_TIME = 200
CODES = wording.CONDITIONS | wording.BLOOD_THINNERS | wording.RED_FLAG | wording.SYMPTOM


@require_GET
@for_patients
def show(request: SignedIn) -> HttpResponse:
    return render(request, "exports/show.html", {"columns": ColumnsForm()})


@require_POST
@for_patients
@never_cache
def take(request: SignedIn) -> HttpResponse:
    """Hand everything over as a file. It is asked for by a form: that it was taken is noted."""
    form, now = request.POST.get("form", ""), timezone.now()
    if form not in FORMS:
        raise Http404
    make, kind = FORMS[form]
    if not consume(request, action="export"):
        return render(request, "429.html", status=429)
    leaving.take_along(by=request.user, now=now, form=form)
    day = f"{now.astimezone(ZoneInfo(request.user.time_zone)):%Y-%m-%d}"
    headers = {"Content-Disposition": f'attachment; filename="settle-{day}.{ENDING.get(form, form)}"'}
    made, answer = make(request), cast("Any", HttpResponse)
    if not isinstance(made, str):
        made, answer = leaving.while_open(request.user, made), StreamingHttpResponse
    return cast("HttpResponse", answer(made, content_type=f"{kind}; charset=utf-8", headers=headers))


def as_json(request: SignedIn) -> str:
    return document.as_json(request.user, timezone.now())


def as_page(request: SignedIn) -> str:
    parts = page.sections(request.user, {key: str(said) for key, said in CODES.items()})
    return render_to_string(
        "exports/take.html", {"sections_list": [*parts], "now": timezone.now(), "user": request.user}
    )


def as_bundle(request: SignedIn) -> Iterator[str]:
    """Return the bundle, some resources at a time."""
    pieces = as_fhir(request.user, timezone.now())
    while some := "".join(islice(pieces, AT_A_TIME)):
        yield some


def as_table(request: SignedIn) -> Iterator[str]:
    """Return the table line by line, of the columns chosen on the page; without a choice all of them."""
    chosen = ColumnsForm(request.POST).chosen
    columns = table.columns_of(chosen) if "chosen" in request.POST else table.COLUMNS
    return table.as_csv(request.user, columns)


FORMS: dict[str, tuple[Callable[[SignedIn], str | Iterator[str]], str]] = {
    "json": (as_json, "application/json"),
    "html": (as_page, "text/html"),
    "csv": (as_table, "text/csv"),
    "fhir": (as_bundle, "application/fhir+json"),
}
ENDING = {"fhir": "fhir.json"}
