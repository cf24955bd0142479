"""A file that is taken in is there as a whole or not at all, wherever its process is killed, and can be taken again."""

import subprocess
import sys
import threading
import time
from random import Random

import pytest
from django.conf import settings

from tests.figures import Figure
from tests.reliability.books import asking
from tests.reliability.site import Folk
from tests.scratch import environment

ROWS = 1500
HELD = 0.7  # of a second, in which a diary is locked while so many are taken in, and a little longer
WAITING, TAKEN = (0, 0, 0, 1), (ROWS, 1, 1, 0)
few_and_many = pytest.mark.parametrize("kills", [2, pytest.param(60, marks=pytest.mark.full)])


def begun(url: str, place: int, fault: str = "", rows: int = ROWS) -> "subprocess.Popen[str]":
    """Return a process that takes a file in, once it has locked the diary."""
    command = [sys.executable, "-m", "tests.reliability.bringing", str(place), str(rows)]
    told = environment(url) | ({"FAULT": fault} if fault else {})
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=told, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "locked\n"
    return process


def killed(url: str, place: int, after: float, fault: str = "") -> None:
    process = begun(url, place, fault)
    time.sleep(after)
    process.kill()
    process.communicate()


def state(url: str, place: int) -> tuple[int, ...]:
    """Return what stands of a file: entries taken from it, events, files taken in, files that wait with their text."""
    ask = asking(url)
    (patient,) = ask(f"SELECT id FROM diary_user WHERE role = 'patient' ORDER BY id LIMIT 1 OFFSET {place}")[0]  # noqa: S608
    counts = (
        f"diary_entry WHERE patient_id = {patient} AND imported_at IS NOT NULL",
        f"diary_event WHERE verb = 'diary-imported' AND stream = '{patient}'",
        f"diary_import WHERE patient_id = {patient} AND taken_at IS NOT NULL AND text = ''",
        f"diary_import WHERE patient_id = {patient} AND taken_at IS NULL AND text <> ''",
    )
    return tuple(ask(f"SELECT COUNT(*) FROM {what}")[0][0] for what in counts)  # noqa: S608


@few_and_many
def test_a_file_is_there_as_a_whole_or_not_at_all(furnished: tuple[str, Folk], figure: Figure, kills: int):
    url, _folk = furnished
    chance, found = Random(kills), []
    for place in range(kills):
        killed(url, place, chance.uniform(0, HELD) if place else 0)
        found.append(state(url, place))
    parts = [one for one in found if one not in (WAITING, TAKEN)]
    figure("files taken in by half", len(parts), f"{kills} kills, {found.count(WAITING)} before the commit")
    assert parts == []
    assert WAITING in found
    assert begun(url, found.index(WAITING)).communicate()[0] == "done\n"  # and the same file can be taken in again
    assert state(url, found.index(WAITING)) == TAKEN


def test_control_without_a_transaction_half_a_file_is_found(furnished: tuple[str, Folk], figure: Figure):
    url, _folk = furnished
    for place in range(12):
        killed(url, place, 0.05 * (place + 1), fault="torn")  # a busy machine needs a while for the first rows
        if state(url, place) not in (WAITING, TAKEN):
            break
    figure("control: no transaction: entries of half a file", state(url, place)[0], f"of {ROWS}")
    assert 0 < state(url, place)[0] < ROWS or state(url, place)[1] == 0 < state(url, place)[0]


@pytest.mark.full
def test_nobody_waits_long_while_ten_thousand_rows_are_taken_in(furnished: tuple[str, Folk], figure: Figure):
    url, _folk = furnished
    waits: list[float] = []
    over = threading.Event()

    def write() -> None:
        ask = asking(url)
        while not over.is_set():
            began = time.monotonic()
            ask("UPDATE diary_practice SET name = name")
            waits.append(time.monotonic() - began)
            time.sleep(0.01)

    writer = threading.Thread(target=write)
    writer.start()
    began = time.monotonic()
    process = begun(url, 0, rows=10_000)
    process.communicate()
    figure("10,000 rows taken in: longest wait of another writer (s)", round(max(waits), 2), f"{len(waits)} writes")
    over.set()
    writer.join()
    assert max(waits) < 5, time.monotonic() - began
