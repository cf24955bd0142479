"""A commit is on the disk before its answer leaves: seen from outside, in the system calls of the serving process.

The answer's first byte is a send on the connection; before it, the last write to the database's files must have been
followed by a sync. On PostgreSQL it is the server's own process that waits, and its sync is looked for there.
"""

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from tests.figures import Figure
from tests.reliability.site import PATIENCE, Browser, Folk, Site, new_entry

CALLS = "trace=fsync,fdatasync,sendto,sendmsg,write,pwrite64,pwritev,writev"
NOT_HERE = "no strace"
WRITES = re.compile(r"\b(?:write|pwrite64|pwritev|writev)\(\d+<(?P<file>[^>]*)>")
SYNCS = re.compile(r"\b(?:fsync|fdatasync)\(\d+<(?P<file>[^>]*)>")
ANSWERS = re.compile(r'\b(?:sendto|sendmsg|write|writev)\(\d+<(?:TCP|socket):.*"HTTP/1\.1 (?P<status>\d+)')


@dataclass
class Seen:
    """What one answer was preceded by."""

    status: int
    written: int
    unsynced: int


def seen(trace: str, database: str) -> list[Seen]:
    """Return each answer with the writes to the database's files since the one before, and how many were not synced."""
    answers, written, dirty = [], 0, 0
    for line in trace.splitlines():
        if answer := ANSWERS.search(line):
            answers.append(Seen(int(answer["status"]), written, dirty))
            written = dirty = 0
        elif (sync := SYNCS.search(line)) and sync["file"].startswith(database):
            dirty = 0 if sync["file"] == database else dirty
        elif (write := WRITES.search(line)) and write["file"] == database:
            written, dirty = written + 1, dirty + 1
    return answers
