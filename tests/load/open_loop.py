"""An open loop: requests arrive when they arrive, whether or not those before them were answered.

A closed loop of so many clients slows down with the server and so hides that it is slow; patients do not wait for one
another. What an answer took is counted from the moment at which its request was due.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from statistics import quantiles
from urllib.parse import urlencode
from uuid import uuid4

from diary.bench.works import CSRF
from tests.reliability.site import Folk, Site

GAVE_UP = 0  # the status of a request that was not answered
PATIENCE = 20  # seconds until a browser would give up
MIX = {"log": 18, "urgent": 2, "today": 40, "trends": 20, "list": 15, "worklist": 5}  # of 100: a fifth writes
PATHS = {"today": "/today/", "trends": "/trends.json?range=all", "list": "/entries/", "worklist": "/worklist/"}


@dataclass(frozen=True, slots=True)
class Answered:
    """One request of the loop: what it was, the status, seconds since it was due, whether it says when to come back."""

    kind: str
    status: int
    seconds: float
    comes_back: bool


@dataclass(frozen=True)
class Loop:
    """What so many requests a second came to."""

    rate: float
    answers: list[Answered]

    def statuses(self, *kinds: str) -> Counter[int]:
        return Counter(one.status for one in self.answers if not kinds or one.kind in kinds)

    @property
    def errors(self) -> int:
        """Requests neither done nor refused in plain words, with the time after which to try again."""
        return sum(not self.is_clean(one) for one in self.answers)

    @staticmethod
    def is_clean(one: Answered) -> bool:
        return 200 <= one.status < 400 or (one.status in (429, 503) and one.comes_back)

    @property
    def p95(self) -> float:
        """Milliseconds within which 95 of 100 requests that were done were answered."""
        done = [one.seconds for one in self.answers if 200 <= one.status < 400]
        return quantiles(done, n=20)[-1] * 1000 if len(done) > 1 else float("inf")

    def accepted(self, kind: str) -> float:
        """The share of one kind that was done."""
        of_it = self.statuses(kind)
        return sum(number for status, number in of_it.items() if 200 <= status < 400) / max(1, of_it.total())


def run(site: Site, folk: Folk, *, rate: float, seconds: float) -> Loop:
    """Let requests arrive for so many seconds, in a thread of their own: a browser's loop may run in the tests' own."""
    with ThreadPoolExecutor(1) as apart:
        return Loop(rate, apart.submit(asyncio.run, arrive(site, folk, rate, seconds)).result())


async def arrive(site: Site, folk: Folk, rate: float, seconds: float) -> list[Answered]:
    chance, begins = Random(f"{rate} {seconds}"), time.monotonic()
    asked = []
    for due in arrivals(chance, rate, seconds):
        await asyncio.sleep(max(0, begins + due - time.monotonic()))
        kind = chance.choices(list(MIX), list(MIX.values()))[0]
        cookies = folk.paula if kind == "worklist" else chance.choice(folk.patients)
        asked.append(asyncio.create_task(answered(site, kind, request(kind, cookies), begins + due)))
    return await asyncio.gather(*asked)


def arrivals(chance: Random, rate: float, seconds: float) -> Iterator[float]:
    """Yield the moments of independent arrivals: as likely at any instant, so sometimes many at once."""
    due = chance.expovariate(rate)
    while due < seconds:
        yield due
        due += chance.expovariate(rate)


def request(kind: str, cookies: str) -> bytes:
    head = ["Host: 127.0.0.1", f"Cookie: {cookies}", "Connection: close"]
    if kind not in ("log", "urgent"):
        return "\r\n".join([f"GET {PATHS[kind]} HTTP/1.1", *head, "", ""]).encode()
    fields = {"csrfmiddlewaretoken": CSRF, "id": str(uuid4()), "pain": "3", "note": "a walk in the morning"}
    body = urlencode(fields | ({"red_flags": "saddle"} if kind == "urgent" else {}))
    head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join(["POST /entries/add/ HTTP/1.1", *head, "", body]).encode()


async def answered(site: Site, kind: str, sent: bytes, due: float) -> Answered:
    try:
        head = await asyncio.wait_for(exchanged(site.port, sent), PATIENCE)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        head = b""
    status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/1.1 ") else GAVE_UP
    return Answered(kind, status, time.monotonic() - due, b"\nretry-after:" in head.lower())


async def exchanged(port: int, sent: bytes) -> bytes:
    """Send a request; return the head of its answer once all of it has come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        whole = await reader.read(-1)
        return whole.partition(b"\r\n\r\n")[0]
    finally:
        writer.close()
