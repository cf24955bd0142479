"""However often a form is sent, and however many at once: one entry; and of two texts under one id, both are kept."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.figures import Figure
from tests.reliability.books import asking
from tests.reliability.postgres import Cluster, cluster
from tests.reliability.site import Browser, Folk, Site

SENDS, AT_ONCE = 5, 4
few_and_many = pytest.mark.parametrize("count", [12, pytest.param(1000, marks=pytest.mark.full)])


@pytest.fixture(scope="module")
def _running_server(furnished_server: tuple[Path, Folk]) -> Iterator[tuple[Cluster, Folk]]:
    files, folk = furnished_server
    with cluster(files) as server:
        yield server, folk


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def served(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str, Site, Folk]:
    """An engine, a site on it and the people in it."""
    if request.param == "SQLite":
        url, folk = request.getfixturevalue("furnished")
        return request.param, Site(url, tmp_path, workers=2), folk
    server, folk = request.getfixturevalue("_running_server")
    name = f"copy_{uuid4().hex}"
    server.ask(f"CREATE DATABASE {name} TEMPLATE settle")
    return request.param, Site(server.url(name), tmp_path, workers=2), folk


def form(number: int) -> dict[str, Any]:
    said = {"pain": str(number % 11), "note": f"entry {number}", "when": "now"}
    return {"id": str(uuid4()), "typed_at": str(int(time.time() * 1000))} | said


def send(site: Site, cookies: str, fields: dict[str, Any], turn: int) -> tuple[int, str]:
    """Send a form as its page does, or as a device does that waited for the network; again where there is no place."""
    while (answer := send_once(site, cookies, fields, turn))[0] == 503:
        time.sleep(0.2)
    return answer


def send_once(site: Site, cookies: str, fields: dict[str, Any], turn: int) -> tuple[int, str]:
    if turn % 2:
        return Browser(site, cookies, accept="application/json").post("/entries/add/", **fields)
    return Browser(site, cookies).post("/entries/add/", **{name: fields[name] for name in fields if name != "typed_at"})


def sent(site: Site, folk: Folk, forms: list[dict[str, Any]]) -> list[int]:
    """Send each form `SENDS` times, `AT_ONCE` at a time; return what each was answered."""
    jobs = [
        (site, folk.patients[number % len(folk.patients)], fields, turn)
        for number, fields in enumerate(forms)
        for turn in range(SENDS)
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [status for status, _ in pool.map(lambda job: send(*job), jobs)]


def duplicates(site: Site, forms: Iterable[dict[str, Any]]) -> int:
    """Return by how many rows there are more than forms."""
    ((rows,),) = asking(site.url)("SELECT COUNT(*) FROM diary_entry")
    return rows - len([*forms])


@few_and_many
def test_an_entry_sent_again_is_one_entry(served: tuple[str, Site, Folk], figure: Figure, count: int):
    engine, site, folk = served
    site.start()
    forms = [form(number) for number in range(count)]
    answers = sent(site, folk, forms)
    assert set(answers) <= {200, 201, 302}, site.log()
    assert answers.count(200) <= 2 * count, "a page asks which of two is meant, and both are the same"
    more = duplicates(site, forms)
    figure(f"{engine}: duplicates", more, f"{count:,} entries × {SENDS} sends, {AT_ONCE} at once")
    assert more == 0


def test_control_without_the_constraint_there_are_duplicates(served: tuple[str, Site, Folk], figure: Figure):
    engine, site, folk = served
    drop_the_constraint(site.url)
    site.start()
    forms = [form(number) for number in range(6)]
    sent(site, folk, forms)
    more = duplicates(site, forms)
    figure(f"control: {engine}: duplicates without the constraint", more, f"6 entries × {SENDS} sends")
    assert more > 0


def drop_the_constraint(url: str) -> None:
    if url.startswith("postgres"):
        with psycopg.connect(url) as server:
            server.execute("ALTER TABLE diary_entry DROP CONSTRAINT diary_entry_pkey CASCADE")
        return
    file = sqlite3.connect(url.removeprefix("sqlite:///"))
    file.executescript(
        "PRAGMA foreign_keys=OFF; ALTER TABLE diary_entry RENAME TO kept;"
        "CREATE TABLE diary_entry AS SELECT * FROM kept WHERE 0;"
    )
    file.close()


@pytest.mark.parametrize("count", [6, pytest.param(200, marks=pytest.mark.full)])
def test_of_two_texts_under_one_id_both_are_kept(served: tuple[str, Site, Folk], figure: Figure, count: int):
    """Sent at the same moment: one is saved, and the answer to the other holds both, to choose from."""
    engine, site, folk = served
    site.start()
    gone = 0
    for number in range(count):
        first, second = form(number), {}
        second = first | {"note": f"another text {number}"}
        browser = Browser(site, folk.patients[number % len(folk.patients)], accept="application/json")
        with ThreadPoolExecutor(2) as pool:
            posts = [pool.submit(browser.post, "/entries/add/", **fields) for fields in (first, second)]
            answers = [post.result() for post in posts]
        told = [json.loads(page) for status, page in answers if status == 409]
        texts = {said["note"] for one in told for said in (one["saved"], one["typed"])}
        gone += len({first["note"], second["note"]} - texts)
    figure(f"{engine}: texts lost under one id", gone, f"{count} pairs at the same moment")
    assert gone == 0


@pytest.mark.parametrize("count", [6, pytest.param(200, marks=pytest.mark.full)])
def test_of_two_edits_at_the_same_moment_one_is_shown_both(served: tuple[str, Site, Folk], figure: Figure, count: int):
    engine, site, folk = served
    site.start()
    unseen = 0
    for number in range(count):
        browser, fields = Browser(site, folk.patients[number % len(folk.patients)]), form(number)
        browser.post("/entries/add/", **fields)
        edits = [fields | {"version": "1", "note": f"{tab} tab {number}"} for tab in ("left", "right")]
        with ThreadPoolExecutor(2) as pool:
            posts = [pool.submit(browser.post, f"/entries/{fields['id']}/amend/", **edit) for edit in edits]
            answers = [post.result() for post in posts]
        refused = [page for status, page in answers if status == 200]
        unseen += len(refused) != 1 or any(edit["note"] not in refused[0] for edit in edits)
    figure(f"{engine}: edits at the same moment that were lost", unseen, f"{count} pairs")
    assert unseen == 0
