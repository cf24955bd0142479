"""The commands, the locks, and the promises of the test run about itself."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SKIPPING = "import pytest\n\n\ndef test_something():\n    pytest.skip('no Chromium')\n"
SKIPPING_MODULE = "import pytest\n\npytest.skip('no Chromium', allow_module_level=True)\n"


def test_run_without_a_word_says_how_it_is_used():
    answer = subprocess.run(["./run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "./run app" in answer.stdout


@pytest.mark.parametrize("hook", sorted((ROOT / "config/git-hooks").iterdir()), ids=lambda hook: hook.name)
def test_a_hook_of_git_calls_a_check_of_run(hook: Path):
    called = re.search(r"^exec ./run (\w+)$", hook.read_text(), re.MULTILINE)
    assert os.access(hook, os.X_OK)
    assert f"    {called[1]}) {called[1]} ;;" in (ROOT / "run").read_text().splitlines()


@pytest.mark.asvs("V15.1.2")
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_every_package_is_locked_by_a_hash_and_no_registry_is_named(name: str):
    text = (ROOT / name).read_text()
    packages = re.findall(r"^[a-z0-9].*==.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)+", text, re.MULTILINE)
    assert len(packages) == len(re.findall("^[a-z0-9]", text, re.MULTILINE)) > 0
    assert not re.search(r"index-url|find-links|://", text)


def as_locked(wanted: str) -> str:
    """Return the name of a package as the index writes it."""
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", wanted)[0].lower())


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-node"])
def test_every_wanted_package_has_its_reason_and_is_locked(name: str):
    locked = (ROOT / f"{name}.txt").read_text()
    for line in (ROOT / f"{name}.in").read_text().splitlines():
        if line and not line.startswith(("#", "-")):
            wanted, _, reason = line.partition("#")
            assert reason.strip(), f"{name}.in: no reason beside {wanted}"
            assert re.search(rf"^{as_locked(wanted)}(\[.*\])?==", locked, re.MULTILINE), wanted


def test_the_browser_libraries_are_locked_by_a_hash_and_no_registry_is_named():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    libraries = {path: entry for path, entry in packages.items() if path}
    assert libraries
    assert all(entry["integrity"].startswith("sha512-") for entry in libraries.values())
    assert not any("resolved" in entry for entry in libraries.values())


def test_warnings_are_errors():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["filterwarnings"] == [
        "error"
    ]


@pytest.mark.parametrize("body", [SKIPPING, SKIPPING_MODULE], ids=["a test", "a module"])
@pytest.mark.parametrize(("announced", "passes"), [("", False), ("no Chromium", True), ("no PostgreSQL", False)])
def test_a_skip_that_was_not_announced_fails_the_run(tmp_path: Path, body: str, announced: str, passes: bool):
    (tmp_path / "test_skipping.py").write_text(body)
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.skips", "-p", "no:django", "-c", "/dev/null", tmp_path],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ANNOUNCED_SKIPS": announced},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("skipped in silence" in answer.stdout) is not passes, answer.stdout
    assert (answer.returncode in (0, 5)) is passes
