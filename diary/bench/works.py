"""What is measured: one request a work, answered by the WSGI handler in this process."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.models import User

CSRF = "a" * 32


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    body: bytes

    @property
    def compressed(self) -> int:
        return len(gzip.compress(self.body))


def signed_in(user: User) -> str:
    """Return the cookies of a person who has signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"


@dataclass(frozen=True, slots=True)
class Caller:
    """A browser of one person, without the network."""

    handler: WSGIHandler
    cookies: str

    def get(self, path: str) -> Answer:
        return self.call("GET", path, b"")

    def post(self, path: str, **fields: Any) -> Answer:
        return self.call("POST", path, urlencode({"csrfmiddlewaretoken": CSRF, **fields}, doseq=True).encode())

    def call(self, method: str, path: str, body: bytes) -> Answer:
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookies,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
            "wsgi.errors": BytesIO(),
        }
        response = self.handler(environ, lambda *head: None)  # type: ignore[arg-type]
        try:
            return Answer(response.status_code, response.get("Location", ""), b"".join(response))
        finally:
            response.close()


def new_entry(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "pain": "4", "note": "a walk in the morning", **more}


def statements(work: Callable[[], object]) -> int:
    """Return how many SQL statements a work makes, without those that begin and end its transaction."""
    with CaptureQueriesContext(connection) as queries:
        work()
    framing = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(framing) for query in queries)
