"""Nothing is skipped in silence: a skip that `./run test` has not announced is a failure."""

import os
from collections.abc import Iterator
from typing import Any

import pytest


def said_aloud(report: Any) -> Any:
    reason = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else ""
    announced = os.environ.get("ANNOUNCED_SKIPS", "").split(";")
    if reason and reason.removeprefix("Skipped: ") not in announced:
        report.outcome, report.longrepr = "failed", f"skipped in silence: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    return said_aloud((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    return said_aloud((yield))
