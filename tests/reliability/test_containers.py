"""What deploy/compose.yaml has PostgreSQL do at its first start, as far as it goes without a container engine."""

import os
import subprocess

import pytest
import yaml
from django.conf import settings

from tests.production import free_port
from tests.reliability.postgres import PROGRAMS, Cluster, as_postgres, place, required

pytestmark = pytest.mark.engineless
DEPLOY = settings.BASE_DIR / "deploy"
SECONDS = 20  # for what takes less than one


def composed(service: str) -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"][service]


def spoken(server: Cluster, *command: str) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's clients, or a script of them, as the image does: over the socket, as the first user."""
    reached = {"PGHOST": str(server.folder), "PGPORT": str(server.port), "PGDATA": str(server.folder / "data")}
    env = {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "POSTGRES_USER": "settle", "PGUSER": "settle", **reached}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=SECONDS, cwd="/")


@pytest.fixture
def being_made():
    """A server as the image starts it to fill it: with the options of compose.yaml, reached by its socket alone."""
    required()
    program, *options = composed("primary")["command"]
    assert program == "postgres"
    with place() as folder:
        server = Cluster(folder, free_port())
        server.make(None)
        said = " ".join([*options, "-c listen_addresses=''", f"-p {server.port} -k {folder}"])
        as_postgres("pg_ctl", "-D", str(folder / "data"), "-w", "-l", str(folder / "log"), "-o", said, "start")
        yield server
        server.stop()


def test_the_primary_is_made_before_the_standby_can_reach_it(being_made):
    """The image makes POSTGRES_DB, where it is not there, and runs the script; a commit that waits would never end."""
    name = composed("primary")["environment"]["POSTGRES_DB"]
    if name != "postgres":
        spoken(being_made, "psql", "-d", "postgres", "-c", f"CREATE DATABASE {name}")
    spoken(being_made, "sh", str(DEPLOY / "postgres/allow-standby.sh"))
    assert spoken(being_made, "psql", "-d", "settle", "-Atc", "SELECT 1").stdout == "1\n"
    allowed = (being_made.folder / "data/pg_hba.conf").read_text().splitlines()
    assert allowed[-1] == "host replication settle all scram-sha-256"


def test_nobody_is_let_at_the_primary_while_it_is_made(being_made):
    """The healthcheck for which the migration waits."""
    said, *check = composed("primary")["healthcheck"]["test"]
    assert said == "CMD"
    with pytest.raises(subprocess.CalledProcessError):
        spoken(being_made, *check)
