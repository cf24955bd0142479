"""docs/deploy.md on a machine of its own: what it says to copy and to set is taken by what Debian brings."""

import os
import re
import shutil
import socket
import subprocess
import time

import pytest
import yaml
from django.conf import settings

from tests.production import free_port
from tests.reliability.front import CONFIGURED, NOT_HERE
from tests.test_calling import certificate  # noqa: F401

SAID = (settings.BASE_DIR / "docs" / "deploy.md").read_text(encoding="utf-8")
COMPOSED = (settings.BASE_DIR / "deploy" / "compose.yaml").read_text(encoding="utf-8")
EVERY_NIGHT = (
    settings.BASE_DIR / "deploy" / "systemd" / "settle-backup.service",
    settings.BASE_DIR / "docs/reliability.md",
)


def set_as_documented(certificate):  # noqa: F811
    """Return the configuration with the upstream and the two certificate paths set; on ports that anybody may open."""
    configured = CONFIGURED.read_text(encoding="utf-8")
    for old, new in (
        ("web:8000", "127.0.0.1:8000"),
        ("/certificates/fullchain.pem", str(certificate)),
        ("/certificates/privkey.pem", str(certificate)),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ", f"listen 127.0.0.1:{free_port()} "),
    ):
        assert configured.count(old) == 1, old
        configured = configured.replace(old, new)
    return configured


def test_nginx_takes_the_configuration_also_where_its_errors_go_to_a_socket(certificate, tmp_path):  # noqa: F811
    """Under systemd standard error is a socket, and no file that could be opened by its name."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin") or pytest.skip(NOT_HERE)
    (tmp_path / "nginx.conf").write_text(set_as_documented(certificate))
    own = ["-p", str(tmp_path), "-e", str(tmp_path / "nginx.log"), "-g", "pid nginx.pid;"]
    ours, theirs = socket.socketpair()
    with ours, theirs:
        tried = subprocess.run([nginx, "-t", "-c", str(tmp_path / "nginx.conf"), *own], stderr=theirs, check=False)
        assert tried.returncode == 0, ours.recv(10_000).decode()


def test_what_the_containers_cannot_do_without_is_what_the_document_says_to_set():
    """A setting that was forgotten is named at once, instead of a container that does not start."""
    (asked,) = re.findall(r"^cp \.env\.example \.env +# (.+)$", SAID, re.MULTILINE)
    assert {*re.findall(r"\$\{([A-Z_]+):\?\}", COMPOSED)} == {*asked.split(", ")}


def test_the_site_is_told_the_name_of_a_promoted_standby_as_the_document_says():
    assert "@${DATABASE_HOST:-primary}:5432/settle" in COMPOSED
    assert "echo DATABASE_HOST=standby >>.env" in SAID
    (folder,) = re.findall(r"promote -D (\S+)", SAID)
    assert f"data={folder}\n" in (settings.BASE_DIR / "deploy/postgres/follow.sh").read_text(encoding="utf-8")


def test_as_many_backups_are_kept_wherever_they_are_taken():
    texts = [COMPOSED, *(file.read_text(encoding="utf-8") for file in EVERY_NIGHT)]
    assert len({tuple(re.findall(r"manage\.py backup --keep (\d+)", text)) for text in texts}) == 1


def test_the_image_is_made_of_what_it_copies_and_of_nothing_that_was_left_behind():
    """Bytecode, an old script in static/built and an .env went along, from a tree that was worked in."""
    ignored = (settings.BASE_DIR / ".dockerignore").read_text(encoding="utf-8").splitlines()
    dockerfile = (settings.BASE_DIR / "deploy/Dockerfile").read_text(encoding="utf-8")
    copied = " ".join(re.findall(r"^COPY (?:--chown=\S+ )?((?:[\w.-]+ )+)\S+$", dockerfile, re.MULTILINE))
    assert {line[1:] for line in ignored if line.startswith("!")} == {*copied.split()}
    assert {"*", "static/built", "**/__pycache__", "**/*.mo", "**/.env"} <= {*ignored}


def test_a_backup_that_is_being_taken_when_its_container_is_stopped_is_taken_to_the_end(tmp_path):
    """The first process of a container hears no signal that it does not ask for: it was killed after ten seconds."""
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    (tmp_path / "python").write_text(f"#!/bin/sh\ntouch {begun}\nsleep 1\ntouch {ended}\n")
    (tmp_path / "python").chmod(0o755)
    command = yaml.safe_load(COMPOSED)["services"]["backup"]["command"]
    with subprocess.Popen(command, env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}) as ran:
        while not begun.exists():
            time.sleep(0.02)
        ran.terminate()
        assert ran.wait(10) == 0
        assert ended.exists()
