"""More than can be served is refused at once and in plain words; an entry that needs care always finds a place.

Without this, requests beyond what two cores can do would queue until browsers give up on all of them, the urgent ones
among them. A process works on a few requests at a time, lets a few more wait a moment, and refuses the rest.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse

from config.failures import unavailable

WORKING = 6
"""Requests one process works on at once: more would only take turns on the same core."""
WAITING = 8
"""Requests that may wait for one of those to end."""
PATIENCE = 0.5
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


def shedding(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: answer 503 at once where every place is taken."""

    def answer(request: HttpRequest) -> HttpResponse:
        with PLACES.one(urgent=cannot_wait(request)) as place:
            return get_response(request) if place else refused(request)

    return answer


def refused(request: HttpRequest) -> HttpResponse:
    answer = unavailable(request, BUSY_FOR)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # a line each would be one more thing to do
    return answer


def cannot_wait(request: HttpRequest) -> bool:
    """Tell whether a request reports a sign that needs care, or asks how the machine is."""
    if request.method != "POST":
        return request.path == "/healthz"
    short = int(request.META.get("CONTENT_LENGTH") or 0) < A_FORM
    return short and request.path.startswith("/entries/") and b"red_flags" in request.body
