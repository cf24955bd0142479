"""The site as production serves it, beside the tests: gunicorn, whitenoise, hashed and compressed files."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from django.conf import settings

SECURED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "config/serving.py"]


PATIENCE = 60  # seconds: a machine that does other things too is slow, and that fails nothing
NOBODY_CALLS_FROM = range(10_000, 32_000)
"""Ports that no system gives to a connection going out: those of another test cannot take one before its server has."""


def free_port() -> int:
    for port in Random().sample(NOBODY_CALLS_FROM, 50):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


@dataclass(frozen=True)
class Production:
    """A running server."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, headers: dict[str, str] = SECURED) -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        connection.close()
        return response, body

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def manifest(self) -> dict[str, str]:
        return json.loads((self.folder / "static/staticfiles.json").read_text())["paths"]


@contextmanager
def serving(folder: Path, *commands: list[str], **environment: str) -> Iterator[Production]:
    """Start a server whose files lie in `folder`, after the manage.py `commands` it needs; it inherits nothing else."""
    port = free_port()
    told = {"PATH": os.environ["PATH"], "STATIC_ROOT": str(folder / "static"), "PORT": str(port), **environment}
    hashed = [] if environment.get("HASHED_STATIC") == "off" else [["collectstatic", "-v0", "--no-input"]]
    for command in (*commands, *hashed):
        subprocess.run([sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=told, check=True)
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(GUNICORN, cwd=settings.BASE_DIR, env=told, stderr=log) as server,
    ):
        try:
            wait_for(port)
            yield Production(port, folder)
        finally:  # or a failing test would wait for its server for ever
            server.terminate()


def wait_for(port: int) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"nobody listened within {PATIENCE} seconds")
