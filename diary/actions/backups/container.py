"""A backup as one file: a line that says what it is, a line of facts, the database, and a digest of all of it.

A file that was cut short, changed in any byte, or is something else, is told apart before anything of it is used.
"""

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

MAGIC = b"settle backup 1\n"
DIGEST = 64  # hexadecimal digits of a SHA-256
PIECE = 1 << 20


class Refused(Exception):
    """This file is not restored; the message says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a backup says of itself: `content` is the digest of all rows, `rows` how many each table holds.

    `migrations` are the schema it was taken at, `audit_head` the last link of the audit's chain, where there is one.
    """

    engine: str
    made_at: str
    content: str
    rows: dict[str, int]
    migrations: list[list[str]]
    audit_head: str = ""


def write(path: Path, facts: Facts, database: Path) -> None:
    """Write a backup that is either whole or not there, readable by its owner only."""
    part = path.with_name(path.name + ".part")
    digest = hashlib.sha256()
    with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        for piece in (MAGIC, json.dumps(asdict(facts)).encode() + b"\n", *pieces_of(database)):
            file.write(piece)
            digest.update(piece)
        file.write(digest.hexdigest().encode())
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    sync_folder(path.parent)


def pieces_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def sync_folder(folder: Path) -> None:
    sync_file(folder)


def sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path) -> Facts:
    """Return what a whole backup says of itself; raises Refused for anything else."""
    with path.open("rb") as file:
        if file.readline(len(MAGIC)) != MAGIC:
            raise Refused("This is not a backup of Settle.")
        if digest_of(path) != stated_digest(path):
            raise Refused("This backup is damaged: it was cut short or changed after it was made.")
        return facts_of(file)


def facts_of(file: BinaryIO) -> Facts:
    said: dict[str, Any] = json.loads(file.readline())
    return Facts(**said)


def digest_of(path: Path) -> str:
    digest, left = hashlib.sha256(), path.stat().st_size - DIGEST
    with path.open("rb") as file:
        while left > 0 and (piece := file.read(min(PIECE, left))):
            digest.update(piece)
            left -= len(piece)
    return digest.hexdigest()


def stated_digest(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - DIGEST))
        return file.read().decode(errors="replace")


def unpack(path: Path, to: Path) -> None:
    """Take the database out of a backup that `read` has found whole."""
    with path.open("rb") as file, to.open("wb") as database:
        file.readline()
        file.readline()
        shutil.copyfileobj(file, database, PIECE)
        database.truncate(database.tell() - DIGEST)


def compress(plain: Path, to: Path) -> None:
    with plain.open("rb") as source, gzip.GzipFile(to, "wb", compresslevel=6, mtime=0) as file:
        shutil.copyfileobj(source, file, PIECE)


def expand(compressed: Path, to: Path) -> None:
    with gzip.open(compressed) as source, to.open("wb") as file:
        shutil.copyfileobj(source, file, PIECE)
