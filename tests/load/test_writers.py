"""Sixteen people who save at once on SQLite, which lets one write at a time: all wait their turn, nobody is refused."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from tests.figures import Figure
from tests.reliability.site import Browser, Folk, Site, is_acknowledged, new_entry

AT_ONCE, LONGEST_WAIT = 16, 1.0  # people; seconds, of a machine that does nothing else
few_and_many = pytest.mark.parametrize("posts", [80, pytest.param(5000, marks=pytest.mark.full)])


def posted(site: Site, folk: Folk, posts: int) -> tuple[Counter[int], float]:
    """Have so many entries saved, sixteen at a time; return what was answered, and the longest wait in seconds."""
    chance = Random(posts)
    people = folk.patients[:AT_ONCE]
    jobs = [(people[number % AT_ONCE], new_entry(chance)) for number in range(posts)]
    site.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda job: post(site, *job), jobs))
    return Counter(status for status, _ in answers), max(seconds for _, seconds in answers)


def post(site: Site, cookies: str, entry: dict[str, object]) -> tuple[int, float]:
    """Return 201 for what was acknowledged, else the status, and the seconds it took."""
    began = time.monotonic()
    status, page = Browser(site, cookies).post("/entries/add/", **entry)
    return 201 if is_acknowledged(status, page, entry) else status, time.monotonic() - began


@few_and_many
def test_sixteen_write_at_once_and_none_is_refused(
    furnished: tuple[str, Folk], tmp_path: Path, figure: Figure, posts: int
):
    url, folk = furnished
    site = Site(url, tmp_path, workers=2, fault="everybody_in")  # who is refused is refused by the database alone
    answers, longest = posted(site, folk, posts)
    figure("16 writers at once on SQLite: not saved", posts - answers[201], f"{posts:,} posts, {dict(answers)}")
    figure("16 writers at once on SQLite: longest wait", f"{longest:.2f} s", f"{posts:,} posts")
    assert answers == {201: posts}, site.log()


def test_transactions_that_begin_by_reading_are_found_out(furnished: tuple[str, Folk], tmp_path: Path, figure: Figure):
    url, folk = furnished
    answers, _ = posted(Site(url, tmp_path, workers=2, fault="deferred"), folk, 80)
    figure("control: transactions that begin by reading: not saved", 80 - answers[201], f"80 posts, {dict(answers)}")
    assert answers[201] < 80
