"""A mail server for tests: it holds a real SMTP conversation on a free port of the loopback address."""

import asyncio
import time
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from tests.production import PATIENCE, free_port

DROP, HANG = "drop the line", "say nothing more"


class PostOffice:
    """Keeps what it receives, answers what it is told to, and calls `before_answering` on each message.

    It drops the line, or says nothing more, where its answer is `DROP` or `HANG`; `on_recipient` is called before a
    message is even begun.
    """

    def __init__(self):
        self.received = []
        self.answer = "250 taken"
        self.to = "250 known"
        self.before_answering = None
        self.on_recipient = None
        self.taken_at = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), ready_timeout=PATIENCE)

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *trouble):
        self.controller.stop()

    @property
    def port(self):
        return self.controller.port

    @property
    def message_ids(self):
        return [message["Message-ID"] for message in self.received]

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 the server's own name
        if self.on_recipient:
            self.on_recipient()
        if self.to.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 the server's own name
        if self.answer.startswith("250"):
            self.taken_at.append(time.time())
            self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.before_answering:
            self.before_answering()
        if self.answer == HANG:
            await asyncio.sleep(60)
        if self.answer == DROP:
            server.transport.abort()
        return self.answer


def mailed_through(settings, port):
    """Let the site hand its mail to a post office on this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5


@pytest.fixture
def post(settings):
    """A post office that this site's mail goes through."""
    with PostOffice() as office:
        mailed_through(settings, office.port)
        yield office
