"""A JSON object at its path: its members one by one, each as it must be, or the name of the one that is not."""

from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from diary.clinical.thresholds import TOP_OF_SCALE

T = TypeVar("T")
U = TypeVar("U")


class InvalidDiary(ValueError):
    """A diary that cannot be assessed: `field` by its path (`entries[3].pain`, or `diary` as a whole), and why."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class Members:
    """The members of one JSON object. Absent and null are the same; unknown names are never looked at."""

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, dict):
            raise InvalidDiary(path or "diary", "not an object")
        self.value: dict[str, Any] = value
        self.path = path

    def named(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def need(self, name: str, read: Callable[[object], T]) -> T:
        if self.value.get(name) is None:
            raise InvalidDiary(self.named(name), "missing")
        return _read(self.value[name], read, self.named(name))

    def get(self, name: str, read: Callable[[object], T], absent: U) -> T | U:
        return absent if self.value.get(name) is None else self.need(name, read)

    def items(self, name: str, read: Callable[[object], T]) -> Iterator[T]:
        for path, value in self._list(name):
            yield _read(value, read, path)

    def parts(self, name: str) -> "Iterator[Members]":
        for path, value in self._list(name):
            yield Members(value, path)

    def part(self, name: str) -> "Members":
        return Members(self.value[name] if self.value.get(name) is not None else {}, self.named(name))

    def _list(self, name: str) -> Iterator[tuple[str, object]]:
        values = self.get(name, _a_list, [])
        return ((f"{self.named(name)}[{place}]", value) for place, value in enumerate(values))


def _read(value: object, read: Callable[[object], T], path: str) -> T:
    try:
        return read(value)
    except ValueError as wrong:
        raise InvalidDiary(path, str(wrong)) from wrong


def _a_list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


def score(value: object) -> int:
    if type(value) is not int or not 0 <= value <= TOP_OF_SCALE:  # True is an int to Python, not to a patient
        raise ValueError(f"not a whole number from 0 to {TOP_OF_SCALE}")
    return value


def yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def name(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("not a text of at least one character")
    return value


def time_zone(value: object) -> str:
    key = name(value)
    try:
        return ZoneInfo(key).key
    except (ValueError, LookupError, OSError) as unknown:
        raise ValueError("a time zone that does not exist") from unknown


def one_of(codes: Collection[str]) -> Callable[[object], str]:
    known = tuple(codes)

    def code(value: object) -> str:
        if value not in known:
            raise ValueError(f"not one of {', '.join(known)}")
        return str(value)

    return code
