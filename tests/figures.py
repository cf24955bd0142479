"""What a guarantee comes to: each figure with its count, printed at the end of the run that measured it.

A zero proves nothing without the number of tries behind it, nor without a control that turns it red: a control is a
figure too, and its name begins with "control:".
"""

from collections.abc import Callable
from typing import Any

import pytest

Figure = Callable[[str, object, object], None]


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Return a function that notes a figure: `figure("acknowledged entries lost", 0, "5,012 entries, 101 kills")`."""

    def noted(name: str, value: object, count: object) -> None:
        request.node.user_properties.append(("figure", f"{name}: {value} ({count})"))

    return noted


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    said = [words for report in reports if report.when == "call" for name, words in report.user_properties]
    if said:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(said))
