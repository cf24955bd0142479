"""A commit is on the disk before its answer leaves: seen from outside, in the system calls of the serving process.

SQLite's commit is the removal of its journal. So before the first byte of an answer every write to the database must
have been followed by a sync of the file, and the removal of the journal by a sync of its folder.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.figures import Figure
from tests.reliability.books import asking
from tests.reliability.site import Browser, Folk, Site, is_acknowledged, new_entry
from tests.world import ROWS

CALLS = "trace=fsync,fdatasync,sendto,sendmsg,write,writev,pwrite64,unlink,unlinkat"
NOT_HERE = "no strace"  # `run` announces it: otherwise this skip is a failure
HEX = 32
WRITE = re.compile(r"\b(?:write|writev|pwrite64)\(\d+<([^>]*)>")
SYNC = re.compile(r"\b(?:fsync|fdatasync)\(\d+<([^>]*)>")
REMOVAL = re.compile(r'\bunlink(?:at)?\((?:[^"]*, )?"([^"]*)-journal"')
ANSWER = re.compile(r'\b(?:sendto|sendmsg|write|writev)\(\d+<(?:TCP|socket):.*"HTTP/1\.1 (\d+)')


@dataclass
class Watch:
    """What has been written since the last answer, and where it has not reached the disk."""

    database: str
    written: int = 0
    waiting: set[str] = field(default_factory=set)

    def see(self, line: str) -> bool | None:
        """Take in one system call; for an answer that follows a write, tell whether it waited for the disk."""
        if (match := WRITE.search(line)) and match[1] == self.database:
            self.written += 1
            self.waiting.add(self.database)
        elif (match := REMOVAL.search(line)) and match[1] == self.database:
            self.waiting.add(str(Path(self.database).parent))
        elif match := SYNC.search(line):
            self.waiting.discard(match[1])
        elif ANSWER.search(line):
            return self.answered()
        return None

    def answered(self) -> bool | None:
        waited = not self.waiting if self.written else None
        self.written = 0
        self.waiting.clear()
        return waited


def complaints(page: str) -> str:
    return "; ".join(re.findall(r"<h1>[^<]*|#id_[^<]*", page))


def journey(site: Site, folk: Folk) -> Iterator[tuple[str, str, str, dict[str, Any]]]:  # noqa: PLR0915 a list
    """Yield a request for each page that saves something: its name, who sends it, its address, what is typed."""
    ask, (ana, ben) = asking(site.url), folk.patients[:2]

    def newest(table: str, column: str = "id", order: str = "rowid") -> Any:
        ((value,),) = ask(f"SELECT {column} FROM {table} ORDER BY {order} DESC LIMIT 1")  # noqa: S608
        return UUID(value) if len(str(value)) == HEX else value

    entry = new_entry(Random(1)) | {"red_flags": "saddle"}
    at = {"ended": "2026-03-09T16:00", "tz": "UTC"}
    yield "entries-add", ana, "/entries/add/", entry
    yield "entries-add", ana, "/entries/add/", {"id": uuid4(), "pain": 3}
    own = f"/entries/{newest('diary_entry')}/"
    yield "entries-amend", ana, f"{own}amend/", {"version": 1, "pain": 7, "note": "worse"}
    yield "entries-withdraw", ana, f"{own}withdraw/", {}
    yield "entries-restore", ana, f"{own}restore/", {}
    yield "sessions-add", ana, "/sessions/add/", at | {"id": uuid4(), "pain_before": 5}
    own = f"/sessions/{newest('diary_treatmentsession')}/"
    yield "sessions-amend", ana, f"{own}amend/", at | {"version": 1, "pain_before": 6}
    yield "sessions-withdraw", ana, f"{own}withdraw/", {}
    yield "sessions-restore", ana, f"{own}restore/", {}
    code = newest("diary_practitioner", "spoken_code", "user_id")
    patient = newest("diary_user", "id", "email LIKE 'patient.1@%'")
    ((share,),) = ask(f"SELECT id FROM diary_share WHERE patient_id = {patient}")  # noqa: S608
    yield "shares-revoke", ben, f"/shares/{UUID(share)}/revoke/", {}
    yield "shares-grant", ben, "/shares/grant/", {"who": code, "with_notes": "on"}
    yield "intake-amend", ana, "/intake/", {"usual_pain": 4}
    yield "intake-step", ana, "/intake/1/", {"usual_pain": 5, "go": "on"}
    yield "settings-show", ana, "/settings/", {"name": "Ana Alves", "language": "en", "time_zone": "Europe/Lisbon"}
    flag = f"/worklist/{newest('diary_flag')}/"
    yield "review-handle", folk.paula, f"{flag}handle/", {"outcome": "contacted", "note": "called"}
    yield "review-undo", folk.paula, f"{flag}undo/", {}
    yield "review-handle", folk.paula, f"{flag}handle/", {"outcome": "contacted", "note": "called"}
    yield "review-reopen", folk.paula, f"{flag}reopen/", {"note": "again"}
    patients = f"/patients/{patient}/record/"
    yield "patients-record", folk.paula, patients, at | {"id": uuid4(), "pain_before": 5}
    own = f"/given/{newest('diary_treatmentsession')}/"
    yield "given-amend", folk.paula, f"{own}amend/", at | {"version": 1, "pain_before": 6}
    yield "given-withdraw", folk.paula, f"{own}withdraw/", {}
    yield "given-restore", folk.paula, f"{own}restore/", {}
    yield "invitations-add", folk.paula, "/invitations/add/", {"name": "Cleo", "email": "cleo@settle.example"}
    yield "invitations-revoke", folk.paula, f"/invitations/{newest('diary_invitation')}/revoke/", {}
    yield "consents-withdraw", ana, "/agreement/withdraw/", {}
    yield "consents-agree", ana, "/agreement/agree/", {"agreed": "1:en"}
    checked = {"board": "NCCAOM", "number": "1", "expires_on": "2099-01-01", "evidence": "the register"}
    paula = newest("diary_practitioner", "user_id", "user_id")
    yield "people-verify", folk.admin, f"/people/{paula}/verify/", checked
    dora = {"name": "Dora", "email": "dora@settle.example", "role": "patient"}
    yield "people-invite", folk.admin, "/people/invite/", dora
    yield "people-deactivate", folk.admin, f"/people/{patient}/deactivate/", {}
    yield "people-activate", folk.admin, f"/people/{patient}/activate/", {}


@pytest.fixture
def strace() -> str:
    if shutil.which("strace") is None:
        pytest.skip(NOT_HERE)
    return "strace"


def watched(site: Site, folk: Folk, strace: str) -> tuple[list[str], list[str]]:
    """Send everything through a watched site; return the pages that waited for the disk, and those that did not."""
    trace = site.folder / "trace"
    site.start(before=(strace, "-f", "-y", "-s", "40", "-e", CALLS, "-o", str(trace)))
    waited, hurried = [], []
    for name, person, path, typed in journey(site, folk):
        before = trace.stat().st_size
        status, page = Browser(site, person).post(path, **typed)
        assert is_acknowledged(status, page, typed), f"{name} {status}: {complaints(page)}"
        with trace.open(errors="replace") as file:
            file.seek(before)
            watch = Watch(site.url.removeprefix("sqlite:///"))
            said = [answer for line in file if (answer := watch.see(line)) is not None]
        assert said, f"{name} answered {status} and wrote nothing: {complaints(page)}"
        (waited if said == [True] else hurried).append(name)
    site.kill()
    return waited, hurried


def test_every_page_that_saves_answers_after_the_disk(
    furnished: tuple[str, Folk], tmp_path: Path, strace: str, figure: Figure
):
    url, folk = furnished
    waited, hurried = watched(Site(url, tmp_path), folk, strace)
    saving = {row[0] for row in ROWS if row[1] == "POST"}
    rest = ", ".join(sorted(saving - set(waited))) or "none"
    count = f"{len(waited)} requests to {len(set(waited))} of {len(saving)} pages that save; not sent: {rest}"
    figure("pages that answered before the disk had it", len(set(hurried)), count)
    assert hurried == []
    assert len(set(waited)) >= 20


@pytest.mark.full
def test_a_database_that_does_not_wait_is_found_out(
    furnished: tuple[str, Folk], tmp_path: Path, strace: str, figure: Figure
):
    url, folk = furnished
    waited, hurried = watched(Site(url, tmp_path, fault="no-sync"), folk, strace)
    figure(
        "control: synchronous=OFF: answers before the disk had it", len(hurried), f"{len(hurried + waited)} requests"
    )
    assert waited == []
