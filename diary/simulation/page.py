"""The page about a run: what stands between its marks is written by the command, the rest by people."""

import re

from diary.simulation.bars import verdicts
from diary.simulation.parameters import rows
from diary.simulation.report import said, text
from diary.simulation.run import Run


class NoPlace(ValueError):
    """A page without the marks to write between."""


def filled(page: str, run: Run) -> str:
    """Return the page with the parameters and the figures of this run. Raises `NoPlace`."""
    command = f"`./manage.py simulate --patients {run.patients} --seed {run.seed}`"
    page = between(page, "parameters", parameters(run))
    page = between(page, "result", result(run))
    return between(page, "figures", f"{command} printed:\n\n```text\n{text(run)}```")


def between(page: str, name: str, content: str) -> str:
    place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    if not place.search(page):
        raise NoPlace(f"the page has no marks for {name}")
    return place.sub(lambda marks: f"{marks[1]}{content}\n{marks[2]}", page)


def parameters(run: Run) -> str:
    lines = ["| parameter | value | what it is | basis | source |", "| --- | ---: | --- | --- | --- |"]
    lines += [
        f"| `{row.name}` | {row.value:g} | {row.meaning} | {row.basis} | {row.source} |" for row in rows(run.given)
    ]
    return "\n".join(lines)


def result(run: Run) -> str:
    """The bars of the rules, which come first in a run."""
    rules, *_ = run.tallies.values()
    lines = ["| bar | wanted | the rules | |", "| --- | ---: | ---: | --- |"]
    lines += [
        f"| {bar.name} | {bar.wanted} | {said(share, bar.unit)} | **{verdict}** |"
        for bar, share, verdict, _ in verdicts(rules)
    ]
    return "\n".join(lines)
