"""A PostgreSQL server that would lose entries: the site does not start on it, and says why in one sentence."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.production import GUNICORN
from tests.reliability.postgres import Cluster, cluster
from tests.reliability.site import Site

pytestmark = pytest.mark.full


def answer_before_the_disk(server: Cluster) -> None:
    server.ask("ALTER ROLE settle SET synchronous_commit = off")


def never_sync(server: Cluster) -> None:
    server.stop("fast")
    server.set(fsync="off")
    server.start()


@pytest.mark.parametrize(
    ("loosened", "sentence"),
    [
        (answer_before_the_disk, "PostgreSQL answers before a commit is on the disk (synchronous_commit is off)"),
        (never_sync, "PostgreSQL runs with fsync=off"),
    ],
)
def test_the_site_does_not_start(tmp_path: Path, loosened, sentence: str):
    with cluster() as server:
        loosened(server)
        told = Site(server.url(), tmp_path).environment()
        ended = subprocess.run(
            GUNICORN, cwd=settings.BASE_DIR, env=told, capture_output=True, text=True, timeout=60, check=False
        )
    assert ended.returncode != 0
    assert f"Settle cannot start: {sentence}" in ended.stderr
    assert "Traceback" not in ended.stderr
