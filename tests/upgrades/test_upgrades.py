"""Every released version's database becomes the newest without losing a row, and a migration that is killed can be run
again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.figures import Figure
from tests.scratch import Manage, environment
from tests.upgrades.kept import HERE, read

VERSIONS = sorted(file.name.removesuffix(".json.gz") for file in HERE.glob("*.json.gz"))
KEPT = "tests.upgrades.kept"
SLOW = {"DJANGO_SETTINGS_MODULE": "tests.upgrades.slow_settings"}
PATIENCE = 60


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest, manage: Manage) -> str:
    """A released version, its database standing in the scratch database."""
    put = manage("put", request.param, module=KEPT)
    assert put.returncode == 0, put.stderr
    return request.param


def worked(ran: subprocess.CompletedProcess[str]) -> str:
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_released_version_is_kept():
    assert "0.1" in VERSIONS


def kill_in_the_midst(url: str, at: Path, **said: str) -> None:
    """Begin to migrate and kill the process once it pauses in the midst of the slow migration."""
    told = environment(url) | SLOW | {"PAUSED": str(at)} | said
    with subprocess.Popen([sys.executable, "manage.py", "migrate", "-v0"], cwd=settings.BASE_DIR, env=told) as process:
        ends = time.monotonic() + PATIENCE
        while not at.exists():
            assert process.poll() is None, "it ended before it paused"
            assert time.monotonic() < ends, "it never paused"
            time.sleep(0.02)
        process.kill()
    assert process.returncode == -signal.SIGKILL


def missing(version: str, looked: dict[str, Any]) -> dict[str, int]:
    """Return of each kind of row how many there were and are no longer."""
    then = read(version)["looked"]["counts"]
    return {label: count - looked["counts"][label] for label, count in then.items() if count > looked["counts"][label]}


def test_an_old_database_becomes_the_newest_with_all_it_held(
    version: str, manage: Manage, scratch: str, tmp_path: Path, figure: Figure
):
    """The first try is killed in the midst, as a machine that goes down during an upgrade does it."""
    kill_in_the_midst(scratch, tmp_path / "paused")
    worked(manage("migrate", "-v0", **SLOW))
    looked, then = json.loads(worked(manage("look", module=KEPT))), read(version)["looked"]
    assert missing(version, looked) == {}
    assert looked["findings"] == then["findings"]
    assert looked["closed"] == []
    rows = sum(then["counts"].values())
    figure(f"upgrade from {version}: rows lost", 0, f"{rows:,} rows, {len(then['findings'])} findings the same")
    looked["counts"]["diary.flag"] -= 1
    assert missing(version, looked) == {"diary.flag": 1}


@pytest.mark.full
def test_without_a_transaction_a_killed_migration_cannot_be_run_again(manage: Manage, scratch: str, tmp_path: Path):
    kill_in_the_midst(scratch, tmp_path / "paused", ATOMIC="off")
    again = manage("migrate", "-v0", ATOMIC="off", **SLOW)
    assert again.returncode != 0
    assert "already exists" in again.stderr


@pytest.mark.full
def test_an_upgrade_killed_at_any_moment_ends_well(version: str, manage: Manage, scratch: str, figure: Figure):
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    tries, killed = 40, 0
    for number in range(tries):
        with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment(scratch)) as process:
            try:
                process.wait(0.3 + 0.7 * number / tries)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
    worked(manage("migrate", "-v0"))
    looked, then = json.loads(worked(manage("look", module=KEPT))), read(version)["looked"]
    assert looked["findings"] == then["findings"]
    assert looked["closed"] == []
    figure(f"upgrade from {version}, killed at any moment: left unusable", 0, f"{killed} kills")
