"""nginx in front of several web processes, with the project's own configuration, on this machine's loopback."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from tests.production import free_port, wait_for
from tests.reliability.site import Site

NOT_HERE = "no nginx"  # `run` announces it: otherwise this skip is a failure
CONFIGURED = settings.BASE_DIR / "deploy" / "nginx.conf"


@contextmanager
def front(folder: Path, sites: list[Site]) -> Iterator[int]:
    """Start nginx before these sites; return its port. TLS is left out, all else is as it is deployed."""
    port = free_port()
    with served(folder, port, on_loopback(CONFIGURED.read_text(encoding="utf-8"), port, sites)):
        yield port


@contextmanager
def plain_front(folder: Path) -> Iterator[int]:
    """Start what answers by plain HTTP; return its port. It is as it is deployed, and asks no site."""
    configured, port = CONFIGURED.read_text(encoding="utf-8"), free_port()
    secured = configured.index("    server {\n        listen 443")
    plain = configured[:secured].replace("listen 80;", f"listen 127.0.0.1:{port};").replace("web:8000", "127.0.0.1:9")
    with served(folder, port, plain + "}\n"):
        yield port


@contextmanager
def served(folder: Path, port: int, configured: str) -> Iterator[None]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin") or pytest.skip(NOT_HERE)
    file = folder / "nginx.conf"
    file.write_text(configured)
    own = ["-p", str(folder), "-e", str(folder / "nginx.log"), "-g", "daemon off; pid nginx.pid;"]
    with subprocess.Popen([nginx, "-c", str(file), *own]) as server:
        try:
            wait_for(port)
            yield
        finally:
            server.send_signal(signal.SIGQUIT)
            time.sleep(0.2)
            server.terminate()


def on_loopback(configured: str, port: int, sites: list[Site]) -> str:
    """Return the configuration with our ports in place of the deployed ones; each replacement must find its place."""
    servers = "\n".join(f"server 127.0.0.1:{site.port} max_fails=1 fail_timeout=2s;" for site in sites)
    plain, secured = (configured.index(f"    server {{\n        listen {number}") for number in (80, 443))
    for old, new in (
        (configured[plain:secured], ""),
        ("server web:8000 max_fails=1 fail_timeout=2s;", servers),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        ("ssl_certificate /certificates/fullchain.pem;", ""),
        ("ssl_certificate_key /certificates/privkey.pem;", ""),
        ("ssl_protocols TLSv1.2 TLSv1.3;", ""),
    ):
        assert configured.count(old) == 1, old
        configured = configured.replace(old, new)
    return configured
