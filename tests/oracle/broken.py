"""Documents gone wrong: one place of a diary holds what it cannot."""

from collections.abc import Iterator
from copy import copy
from random import Random
from typing import Any

from .diaries import Made, course

WRONG = [None, True, 5.0, "5", -1, 11, "", [], {}, "none", "x", [None], ["x"], {"x": "mild"}, {"stiffness": 1}]
WRONG += ["2026-03-02T10:00:00", "2026-03-02", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "../etc/passwd"]


def broken(chance: Random) -> Made:
    """Return a short diary with one value replaced, which may or may not be wrong there."""
    document, at = course(chance)
    document = {**document, "sessions": document["sessions"][:2], "entries": document["entries"][:3], "now": at}
    return replaced(document, chance.choice(list(paths(document))), chance.choice(WRONG)), at


def paths(value: Any, so_far: tuple = ()) -> Iterator[tuple]:
    yield so_far
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in within:
        yield from paths(each, (*so_far, key))


def replaced(value: Any, path: tuple, by: Any) -> Any:
    if not path:
        return by
    inside = copy(value)
    inside[path[0]] = replaced(value[path[0]], path[1:], by)
    return inside
