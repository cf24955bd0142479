"""The site as a server, and people who write into their diaries until it is killed under them."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings

from diary.bench.works import CSRF
from tests.production import GUNICORN, free_port
from tests.scratch import environment

PATIENCE = 60
RED_FLAGS = ("saddle", "breathing", "legs", "infection")
URGENT_ONE_IN = 5
PATIENTS = 60  # so that no diary grows in an hour as others do in years, and becomes what is measured
SITES: list["Site"] = []
"""Every site of the test that runs, so that none outlives it (conftest.py)."""


@dataclass(frozen=True)
class Folk:
    """Who uses a site: the cookies with which each is signed in."""

    admin: str
    paula: str
    patients: list[str]


@dataclass
class Site:
    """One site on a database: gunicorn and the worker, each a group of processes that can be killed at once."""

    url: str
    folder: Path
    fault: str = ""
    told: dict[str, str] = field(default_factory=dict)
    workers: int = 1
    port: int = field(default_factory=free_port)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        SITES.append(self)

    def environment(self) -> dict[str, str]:
        fault = {"FAULT": self.fault} if self.fault else {}
        own = {"PORT": str(self.port), "WEB_CONCURRENCY": str(self.workers), "EMAIL_URL": "dummymail://"}
        return environment(self.url) | own | fault | self.told

    def manage(self, *command: str, module: str = "") -> str:
        what = ["-m", module] if module else ["manage.py"]
        ran = subprocess.run(
            [sys.executable, *what, *command],
            cwd=settings.BASE_DIR,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def furnish(self) -> "Folk":
        """Make the tables and the people."""
        self.manage("migrate", "-v0")
        return Folk(**json.loads(self.manage(str(PATIENTS), module="tests.reliability.folk")))

    def start(self, *, worker: bool = False, poll: float = 0.2, before: tuple[str, ...] = ()) -> None:
        served = [*before, *GUNICORN, *(["tests.reliability.broken:application"] if self.fault else [])]
        self.begin(served)
        if worker:
            self.begin([sys.executable, "manage.py", "worker", "--poll", str(poll)])
        ends = time.monotonic() + PATIENCE
        while self.status() is None:
            assert self.running[0].poll() is None, self.log()
            assert time.monotonic() < ends, self.log()
            time.sleep(0.02)

    def begin(self, command: list[str]) -> None:
        with (self.folder / "log").open("ab") as log:
            self.running.append(
                subprocess.Popen(
                    command,
                    cwd=settings.BASE_DIR,
                    env=self.environment(),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def status(self) -> int | None:
        """Return what the site answers to who asks for its health; None where it does not."""
        try:
            return Browser(self, "").get("/healthz")[0]
        except (OSError, http.client.HTTPException):
            return None

    def kill(self) -> None:
        """Kill every process at once, as a power cut does to them (the disk's own cache apart)."""
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.running:
            process.wait()
        self.running.clear()

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-3000:]


@dataclass
class Browser:
    """One person's browser, without the pages."""

    site: Site
    cookies: str
    timeout: float = 30
    accept: str = "text/html"

    def get(self, path: str) -> tuple[int, str]:
        return self.call("GET", path)

    def post(self, path: str, **fields: Any) -> tuple[int, str]:
        return self.call("POST", path, urlencode({"csrfmiddlewaretoken": CSRF, **fields}, doseq=True))

    def call(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """Return the status and the page once all of it has come."""
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=self.timeout)
        sent = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        headers = {"Cookie": self.cookies, "Accept": self.accept} | sent
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode(errors="replace")
        finally:
            connection.close()


@dataclass
class Writers:
    """People who write one entry after another; each id that was answered as saved goes into a ledger outside."""

    site: Site
    cookies: list[str]
    threads: int = 4
    saved: list[str] = field(default_factory=list)
    refused: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Writers":
        self.stop.clear()
        self.at_work = [threading.Thread(target=self.write, args=(number,)) for number in range(self.threads)]
        for thread in self.at_work:
            thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.stop.set()
        for thread in self.at_work:
            thread.join()

    def until(self, more: int) -> None:
        """Wait until so many more entries have been acknowledged."""
        enough = len(self.saved) + more
        until(lambda: len(self.saved) >= enough, lambda: f"{self.answers} {self.refused}: {self.site.log()}")

    def write(self, number: int) -> None:
        chance = Random(f"{number} {len(self.saved)}")
        while not self.stop.is_set():
            browser = Browser(self.site, chance.choice(self.cookies))
            entry = new_entry(chance)
            try:
                status, page = browser.post("/entries/add/", **entry)
            except (OSError, http.client.HTTPException):
                self.refused += 1
                time.sleep(0.02)
                continue
            self.answers[status] = self.answers.get(status, 0) + 1
            if is_acknowledged(status, page, entry):
                self.saved.append(entry["id"])


def until(condition: Callable[[], object], trouble: Callable[[], str]) -> None:
    """Wait for something; say what stood in its way where it takes too long."""
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, f"waited too long: {trouble()}"
        time.sleep(0.005)


def new_entry(chance: Random) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": str(uuid4()), "pain": str(chance.randrange(0, 7)), "note": "a walk in the morning"}
    if chance.randrange(URGENT_ONE_IN) == 0:
        entry["red_flags"] = [chance.choice(RED_FLAGS)]
    return entry


def is_acknowledged(status: int, page: str, entry: dict[str, Any]) -> bool:
    """Tell whether an answer says "saved": onwards to the page that says so, or at once what to do."""
    return status == 302 or (status == 200 and "red_flags" in entry and f'data-draft-done="{entry["id"]}"' in page)


def hexed(id: object) -> str:
    return UUID(str(id)).hex
