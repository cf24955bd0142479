"""The worker as a process of its own, beside the tests."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

from django.conf import settings as site
from django.db import connection

PATIENCE = 60  # seconds: a machine that does other things too is slow, and that fails nothing


@contextmanager
def working(office, *arguments, program=("manage.py",)):
    """A worker in a process of its own, on the database of this test; killed at the end if it still runs."""
    command = [sys.executable, *program, "worker", "--poll", "0.1", *arguments]
    process = subprocess.Popen(
        command, cwd=site.BASE_DIR, env=environment(office), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def environment(office):
    return os.environ | {
        "SECRET_KEY": "tests only",
        "DATABASE_URL": database_url(connection.settings_dict),
        "EMAIL_URL": f"smtp://127.0.0.1:{office.port}",
        "HTTPS": "off",
        "DEMO": "off",
        "HASHED_STATIC": "off",
    }


def database_url(database):
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)


def until(condition, patience=PATIENCE):
    ends = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < ends, "waited too long"
        time.sleep(0.05)
