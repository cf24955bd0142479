"""The site as production serves it: gunicorn, whitenoise, hashed files, strict headers."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

SECURED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "config/serving.py"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Production:
    """A running server behind one proxy that speaks HTTPS."""

    port: int
    folder: Path

    def get(self, path: str, headers: dict[str, str] = SECURED) -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        connection.close()
        return response, body

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def manifest(self) -> dict[str, str]:
        return json.loads((self.folder / "static/staticfiles.json").read_text())["paths"]


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    folder, port = tmp_path_factory.mktemp("production"), free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "0a1b2c3d4e" * 6,
        "DATABASE_URL": f"sqlite:///{folder}/settle.sqlite3",
        "STATIC_ROOT": str(folder / "static"),
        "TRUSTED_PROXY_COUNT": "1",
        "PORT": str(port),
    }
    for command in (["migrate", "-v0"], ["createcachetable"], ["collectstatic", "-v0", "--no-input"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=environment, check=True)
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(GUNICORN, cwd=settings.BASE_DIR, env=environment, stderr=log) as server,
    ):
        wait_for(port)
        yield Production(port, folder)
        server.terminate()


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("gunicorn did not listen within ten seconds")


@pytest.mark.parametrize(("path", "status"), [("/accounts/login/", 200), ("/no-such-page/", 404), ("/admin/", 302)])
def test_every_answer_carries_the_policies(production: Production, path: str, status: int):
    response, _ = production.get(path)
    assert response.status == status, production.log()
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_plain_http_is_sent_to_https(production: Production):
    response, _ = production.get("/accounts/login/", headers={})
    assert (response.status, response.headers["Location"]) == (
        301,
        f"https://127.0.0.1:{production.port}/accounts/login/",
    )
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_static_files_are_hashed_compressed_and_kept_for_ever(production: Production):
    hashed = production.manifest()["built/site.css"]
    assert re.fullmatch(r"built/site\.[0-9a-f]{12}\.css", hashed)
    response, _ = production.get(f"/static/{hashed}", SECURED | {"Accept-Encoding": "gzip"})
    assert response.status == 200
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_of_the_libraries_only_what_a_page_loads_is_collected(production: Production):
    collected = {path for path in production.manifest() if path.startswith("chartjs/")}
    assert {path for path in collected if not path.endswith(".map")} == {"chartjs/chart.umd.min.js"}


def test_a_missing_key_stops_the_server_with_one_sentence():
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "", "PORT": str(free_port()), "WEB_CONCURRENCY": "1"}
    answer = subprocess.run(
        GUNICORN, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert answer.returncode != 0
    assert "Settle cannot start: SECRET_KEY is missing" in answer.stderr
    assert "Traceback" not in answer.stderr
