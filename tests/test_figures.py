"""The section of figures: it is printed whether a test passed or not, and from the processes of -n as well."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

MEASURED = """
def test_kept(figure):
    figure("entries lost", 0, "20 kills")

def test_broken(figure):
    figure("control: entries lost", 3, "20 kills")
    assert False
"""
ALONE = ["-c", os.devnull, "-p", "no:django", "-p", "no:cacheprovider", "-p", "tests.figures"]


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_figure_is_printed_with_its_count(tmp_path: Path, processes: str):
    (tmp_path / "test_measured.py").write_text(MEASURED)
    command = [sys.executable, "-m", "pytest", *ALONE, "-n", processes, "test_measured.py"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(settings.BASE_DIR)}
    answer = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    lines = answer.stdout.splitlines()
    assert any("= figures =" in line for line in lines), answer.stdout + answer.stderr
    assert {"entries lost: 0 (20 kills)", "control: entries lost: 3 (20 kills)"} <= set(lines)
