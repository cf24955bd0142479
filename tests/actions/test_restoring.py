"""Restoring: what is wrong is refused before any write, nobody erased comes back, and everybody signs in anew."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection, transaction

from diary.actions import backups, erased, links, reminders, tokens
from diary.actions.backups import container, sqlite
from diary.models import Entry, Event, Flag, User
from tests import digests
from tests.figures import Figure

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_own_list")]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture
def earlier(kept: None, shelf: Path, now) -> backups.Taken:
    """A backup of a diary such as is there, taken once: for tests in which nothing of it is written."""
    path = next(shelf.iterdir(), None)
    return backups.Taken(path, container.read(path)) if path else backups.take(shelf, now=now)


def without_audit() -> list:
    return [*User.objects.values_list().order_by("pk"), *Entry.objects.values_list().order_by("pk")]


def test_what_is_restored_is_what_was_there(taken: backups.Taken, ana, log, now):
    before = without_audit()
    log(ana, 9)
    assert backups.restore(taken.path, now=now, over=connection.settings_dict["NAME"]) == 0
    assert without_audit() == before
    assert Flag.objects.filter(rule="red-flag").count() == 1
    assert Event.objects.latest("pk").verb == "backup-restored"


@pytest.mark.parametrize("tries", [12, pytest.param(1000, marks=pytest.mark.full)])
def test_a_changed_or_shortened_file_is_refused_before_anything_is_written(
    earlier: backups.Taken, now, figure: Figure, tries: int, tmp_path: Path
):
    whole, before, chance, refused = earlier.path.read_bytes(), digests.of_the_database(), Random(tries), 0
    wrong = tmp_path / "wrong.backup"
    for number in range(tries):
        at = chance.randrange(len(whole))
        changed = (
            whole[:at] if number % 2 else whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
        )
        wrong.write_bytes(changed)
        try:
            backups.restore(wrong, now=now, over=connection.settings_dict["NAME"])
        except backups.Refused:
            refused += 1
    assert digests.of_the_database() == before
    figure("backups cut short or with one bit changed that were refused", refused, f"of {tries}")
    assert refused == tries


@pytest.mark.parametrize("content", [b"", b"settle", b"SQLite format 3\0", b"PK\3\4", b"PGDMP"])
def test_a_foreign_file_is_refused(kept: None, tmp_path: Path, now, content: bytes):
    (tmp_path / "foreign").write_bytes(content)
    with pytest.raises(backups.Refused, match="not a backup of Settle"):
        backups.restore(tmp_path / "foreign", now=now)


def rewritten(taken: backups.Taken, tmp_path: Path, **facts: object) -> Path:
    """A backup that says something else of itself, with a digest that fits."""
    container.unpack(taken.path, tmp_path / "database")
    said = {name: getattr(taken.facts, name) for name in taken.facts.__slots__} | facts
    container.write(tmp_path / "rewritten", container.Facts(**said), tmp_path / "database")
    return tmp_path / "rewritten"


def test_a_newer_schema_is_refused(earlier: backups.Taken, tmp_path: Path, now):
    newer = rewritten(earlier, tmp_path, migrations=[*earlier.facts.migrations, ["diary", "9999_from_the_future"]])
    with pytest.raises(backups.Refused, match=r"newer Settle: diary\.9999_from_the_future"):
        backups.restore(newer, now=now, over=connection.settings_dict["NAME"])


def test_another_engine_is_refused(earlier: backups.Taken, tmp_path: Path, now):
    with pytest.raises(backups.Refused, match="is of oracle"):
        backups.restore(rewritten(earlier, tmp_path, engine="oracle"), now=now)


def test_other_rows_than_promised_are_refused(earlier: backups.Taken, tmp_path: Path, now):
    before = digests.of_the_database()
    with pytest.raises(backups.Refused, match="does not restore to the rows"):
        backups.restore(rewritten(earlier, tmp_path, content="0" * 64), now=now, over=connection.settings_dict["NAME"])
    assert digests.of_the_database() == before


def test_a_database_in_use_is_replaced_only_by_its_name(earlier: backups.Taken, now):
    for over in ("", "another"):
        with pytest.raises(backups.Refused, match="holds accounts"):
            backups.restore(earlier.path, now=now, over=over)


def test_a_restore_onto_a_file_that_somebody_holds_ends_and_says_so(tmp_path: Path, monkeypatch):
    """It waited for ever, without a word."""
    monkeypatch.setattr(sqlite, "WAITS", 0.5)
    monkeypatch.setattr(sqlite, "path", lambda: str(tmp_path / "held"))
    with closing(sqlite3.connect(tmp_path / "new")) as new, closing(sqlite3.connect(tmp_path / "held")) as held:
        new.execute("CREATE TABLE diary (note)")
        held.execute("CREATE TABLE here (note)")
        held.execute("BEGIN IMMEDIATE")
        with pytest.raises(backups.Refused, match="Somebody else holds the database"):
            sqlite.pour(str(tmp_path / "new"))
        held.rollback()
        sqlite.pour(str(tmp_path / "new"))
        assert held.execute("SELECT name FROM sqlite_master").fetchall() == [("diary",)]


def test_who_was_erased_does_not_come_back(taken: backups.Taken, ana, ben, now):
    """Ana is erased after the backup; Ben's account stays, though the list knows only digests."""
    mark = erased.mark_of(ana)
    with transaction.atomic():
        erased.note(ana, by=None, now=now)
        erased.remove(ana)
    assert erased.listed() == {mark}
    assert not User.objects.filter(email=ana.email).exists()
    again = backups.restore(taken.path, now=now, over=connection.settings_dict["NAME"])
    assert again == 1
    assert not User.objects.filter(email=ana.email).exists()
    assert not Entry.objects.exists()
    assert Event.objects.about(erased.ERASED).count() == 1


def test_without_the_list_she_would_come_back(taken: backups.Taken, ana, now, settings):
    """The control of the test above."""
    with transaction.atomic():
        erased.note(ana, by=None, now=now)
        erased.remove(ana)
    Event.objects.about(erased.ERASED).delete()
    Path(settings.ERASED_LIST).unlink()
    assert backups.restore(taken.path, now=now, over=connection.settings_dict["NAME"]) == 0
    assert User.objects.filter(email=ana.email).exists()


def test_a_crash_between_the_erasure_and_its_line_is_made_good_from_the_audit(ana, now, tmp_path: Path, settings):
    mark = erased.mark_of(ana)
    with transaction.atomic():
        erased.note(ana, by=None, now=now)
        erased.remove(ana)
    Path(settings.ERASED_LIST).unlink()
    backups.take(tmp_path / "backups", now=now)
    assert erased.listed() == {mark}


def test_the_same_number_given_anew_is_another_account(ana):
    twin = User(pk=ana.pk, date_joined=ana.date_joined + timedelta(microseconds=1))
    assert erased.mark_of(twin) != erased.mark_of(ana)


def test_everybody_signs_in_anew_after_a_restore(signed_in, ana, tmp_path: Path, now):
    client = signed_in(ana)
    assert client.get("/today/").status_code == 200
    taken = backups.take(tmp_path, now=now)
    backups.restore(taken.path, now=now, over=connection.settings_dict["NAME"])
    assert client.get("/today/").status_code == 302


def test_what_opens_without_signing_in_opens_nothing_after_a_restore(ana, tmp_path: Path, now):
    """Some of it was ended since the backup, which knows nothing of that."""
    day = timedelta(days=1)
    link = links.make(by=ana, now=now, reader="Dr Weber", parts={"scores"}, first_day=now.date())
    app = tokens.add(by=ana, now=now, name="phone", scope="own", lasts=day)
    calendar = reminders.renew_calendar(by=ana, now=now)

    def opens():
        seen = links.open_by(link.token, by=None, now=now), tokens.opened(app, now=now)
        return [*map(bool, [*seen, reminders.plan_of_calendar(calendar)])]

    assert opens() == [True] * 3
    taken = backups.take(tmp_path, now=now)
    links.revoke(by=ana, now=now, link=link.link)
    backups.restore(taken.path, now=now, over=connection.settings_dict["NAME"])
    assert opens() == [False] * 3
