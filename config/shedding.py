"""More than can be served is refused at once and in plain words; an entry that needs care always finds a place.

Without this, requests beyond what two cores can do would queue until browsers give up on all of them, the urgent ones
among them. A process works on a few requests at a time, lets a few more wait a moment, and refuses the rest.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import get_language_from_request, override

from config.failures import unavailable
from diary.typed import asks_json

WORKING = 3
"""Requests one process works on at once: more would only take turns on the same core, and with who is to refuse."""
WAITING = 16
"""Requests that may wait for one of those to end."""
PATIENCE = 2
"""Seconds that they wait."""
RESERVED = 4
"""Places beside these, for what needs care at once and for whoever watches the machine."""
LONG_PATIENCE = 10
"""Seconds that such a request waits for a place: it is worth it."""
THREADS = WORKING + WAITING + RESERVED + 10
"""Threads of a process: every place is filled, a few urgent ones wait, and still somebody is there to refuse."""
BUSY_FOR = 5
"""Seconds after which it is worth trying again."""
A_FORM = 100_000
"""Bytes. An entry is smaller; what is larger is not looked into here."""


class Places:
    """The places of one process."""

    def __init__(self, working: int = WORKING, waiting: int = WAITING, reserved: int = RESERVED) -> None:
        self.room = BoundedSemaphore(working + waiting)
        self.working = BoundedSemaphore(working)
        self.reserved = BoundedSemaphore(reserved)

    @contextmanager
    def one(self, *, urgent: bool) -> Iterator[bool]:
        """Take a place while the work lasts; False where there is none."""
        if urgent and self.reserved.acquire(timeout=LONG_PATIENCE):
            try:
                yield True
            finally:
                self.reserved.release()
        elif self.room.acquire(blocking=False):
            try:
                yield from self._after_those_before()
            finally:
                self.room.release()
        else:
            yield False

    def _after_those_before(self) -> Iterator[bool]:
        if not self.working.acquire(timeout=PATIENCE):
            yield False
            return
        try:
            yield True
        finally:
            self.working.release()


PLACES = Places()
NO_PLACE = "settle.no_place"
"""In the environment of a request that found none: what it typed is still to be given back."""
Environ = dict[str, Any]
Start = Callable[..., Any]
Site = Callable[[Environ, Start], Iterable[bytes]]
Refusal = tuple[str, list[tuple[str, str]], bytes]
"""Status, headers, body."""


class Shedding:
    """WSGI: a request that finds no place is answered 503 at once, before Django has looked at it.

    Refusing must cost a fraction of answering, or the refusals alone fill the machine: a page that is only looked at is
    refused with the same few bytes, drawn once a language by the site itself and so with all its headers.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.refusals: dict[tuple[str, str], Refusal] = {}

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        with PLACES.one(urgent=cannot_wait(environ)) as place:
            if place:
                return self.site(environ, start)
        if environ["REQUEST_METHOD"] == "GET":
            return self.refuse(environ, start)
        return self.site(environ | {NO_PLACE: True}, start)

    def refuse(self, environ: Environ, start: Start) -> Iterable[bytes]:
        request = HttpRequest()
        request.META = environ
        wanted = "application/json" if asks_json(request) else "", get_language_from_request(request)
        if wanted not in self.refusals:
            self.refusals[wanted] = self.drawn(*wanted)
        status, headers, body = self.refusals[wanted]
        start(status, headers)
        return [body]

    def drawn(self, form: str, language: str) -> Refusal:
        told: list[Any] = []
        environ: Environ = {"HTTP_ACCEPT": form, "HTTP_ACCEPT_LANGUAGE": language, "wsgi.url_scheme": "https"}
        environ[NO_PLACE] = True
        setup_testing_defaults(environ)
        body = b"".join(self.site(environ, lambda *head: told.extend(head)))
        return told[0], told[1], body


def shedding(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: refuse in words, with what was typed, what found no place at the door."""

    def answer(request: HttpRequest) -> HttpResponse:
        return refused(request) if NO_PLACE in request.META else get_response(request)

    return answer


def refused(request: HttpRequest) -> HttpResponse:
    # The page gives the form back with a token: it is to be one of the cookie that this browser has.
    CsrfViewMiddleware(refused).process_request(request)
    with override(get_language_from_request(request)):  # not what the last request of this thread left
        answer = unavailable(request, BUSY_FOR)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # a line each would be one more thing to do
    return answer


def cannot_wait(environ: Environ) -> bool:
    """Tell whether a request reports a sign that needs care, or asks how the machine is."""
    path: str = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] != "POST":
        return path == "/healthz"
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return path.startswith("/entries/") and length < A_FORM and b"red_flags" in body_of(environ, length)


def body_of(environ: Environ, length: int) -> bytes:
    """Return the body of a request, and leave it to be read again."""
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(body)
    return body
