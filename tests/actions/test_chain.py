"""The audit's chain: edits, deletions, swaps and a cut-off tail are found, and honest erasure is none of them."""

import threading
from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from diary.actions import chain, erased, leaving
from diary.models import Event

TEXTS = ("actor", "actor_name", "stream", "verb", "subject", "old", "new")


@pytest.fixture(autouse=True)
def _own_files(tmp_path, settings):
    settings.ERASED_LIST, settings.AUDIT_HEADS = tmp_path / "erased.list", tmp_path / "audit.heads"


@pytest.fixture
def sealed(ana, paula, log, treat, now, django_capture_on_commit_callbacks):
    """A chain of some tens of lines, sealed in several batches."""
    for number in range(12):
        log(ana, number % 10, ago=timedelta(hours=number))
        if number % 4 == 0:
            with django_capture_on_commit_callbacks(execute=True):
                chain.seal(now=now)
    treat(ana, by=paula)
    with django_capture_on_commit_callbacks(execute=True):
        chain.seal(now=now)
    return Event.objects.sealed().count()


def edit(chance, ids):
    name, pk = chance.choice(TEXTS), chance.choice(ids)
    old = getattr(Event.objects.get(pk=pk), name)
    Event.objects.filter(pk=pk).update(**{name: old[:-1] if old and chance.random() < 0.5 else f"{old}x"[-40:]})


def date_back(chance, ids):
    row = Event.objects.get(pk=chance.choice(ids))
    Event.objects.filter(pk=row.pk).update(at=row.at - timedelta(microseconds=chance.randint(1, 10**9)))


def delete(chance, ids):
    Event.objects.filter(pk=chance.choice(ids)).delete()


def swap(chance, ids):
    """Exchange what two lines say, and leave their places and links."""
    one, other = (Event.objects.get(pk=pk) for pk in chance.sample(ids, 2))
    for row, said in ((one, other), (other, one)):
        values = {name: getattr(said, name) for name in ("at", *TEXTS, "salt", "texts_digest")}
        Event.objects.filter(pk=row.pk).update(**values)


def cut(chance, ids):
    Event.objects.filter(pk__in=ids[-chance.randint(1, len(ids) - 1) :]).delete()


def work_out_anew(chance, ids):
    """Change a line as somebody would who knows how the chain is made, and make all links after it fit."""
    Event.objects.filter(pk=chance.choice(ids)).update(verb="nothing-done")
    link = ""
    for event in Event.objects.sealed().order_by("position"):
        event.texts_digest = chain.texts_digest(event)
        event.link = link = chain.link_of(event, link)
        event.save()


def silence(chance, ids):
    """Take the texts of a line away as erasure does, where nobody was erased."""
    Event.objects.filter(pk=chance.choice(ids)).silence()


WAYS = (edit, date_back, delete, swap, cut, work_out_anew, silence)


@pytest.mark.asvs("V11.4.3", "V14.2.4")
@pytest.mark.parametrize("tries", [70, pytest.param(1000, marks=pytest.mark.full)])
def test_each_tampering_is_found(sealed, figure, tries):
    chance, found = Random(tries), 0
    ids = list(Event.objects.sealed().order_by("position").values_list("pk", flat=True))
    assert list(chain.troubles(chain.kept())) == []
    for number in range(tries):
        with transaction.atomic():
            WAYS[number % len(WAYS)](chance, ids)
            found += any(chain.troubles(chain.kept()))
            transaction.set_rollback(True)
    figure("tamperings of the audit that were found", found, f"of {tries} in {len(ids)} lines, {len(WAYS)} ways")
    assert found == tries


def test_control_without_a_head_a_cut_off_tail_is_not_found(sealed):
    ids = list(Event.objects.sealed().order_by("position").values_list("pk", flat=True))
    cut(Random(1), ids)
    assert list(chain.troubles([])) == []
    assert any(chain.troubles(chain.kept()))


def test_control_without_a_head_a_chain_worked_out_anew_is_not_found(sealed):
    work_out_anew(Random(1), list(Event.objects.sealed().values_list("pk", flat=True)))
    assert list(chain.troubles([])) == []


def test_erasing_a_diary_breaks_nothing(sealed, ana, now, django_capture_on_commit_callbacks):
    number = ana.pk
    with django_capture_on_commit_callbacks(execute=True):
        leaving.erase(by=ana, now=now)
        chain.seal(now=now)
    assert list(chain.troubles(chain.kept())) == []
    assert Event.objects.about(number).filter(salt="").exists()


def test_erasure_claimed_afterwards_is_a_line_of_its_own(sealed, ana, now):
    """Whoever silences a line must also write that its person was erased: that stands in the audit for good."""
    Event.objects.about(ana.pk).silence()
    assert any(chain.troubles(chain.kept()))
    Event.objects.append(now, "", "", erased.ERASED, "account-erased", "x", "", str(ana.pk))
    assert list(chain.troubles(chain.kept())) == []


def test_sealing_again_seals_nothing(sealed, now):
    assert chain.seal(now=now) == 0
    assert Event.objects.unsealed().count() == 0


def test_a_restored_backup_is_no_trouble(sealed, now):
    at = Event.objects.sealed().count() - 3
    link = Event.objects.get(position=at).link
    Event.objects.filter(position__gt=at).delete()
    assert any(chain.troubles(chain.kept()))
    chain.keep(chain.Head(at, link, restored=True), now=now)
    assert list(chain.troubles(chain.kept())) == []


def test_the_command_says_what_it_found(sealed, capsys):
    call_command("audit", verify=True)
    assert "0 troubles" in capsys.readouterr().out
    delete(Random(2), list(Event.objects.sealed().order_by("pk").values_list("pk", flat=True)))
    with pytest.raises(SystemExit):
        call_command("audit", verify=True)
    assert "Lines are missing" in capsys.readouterr().out


def test_logging_an_entry_writes_none_of_the_chain(ana, log):
    log(ana, 3)
    assert Event.objects.about(ana.pk).filter(verb="entry-logged", position=None, link=None).exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_erased_while_it_is_sealed_is_no_trouble(ana, log, now, monkeypatch):
    """An account is deleted seconds after its last entry; on PostgreSQL both write the same lines at once."""
    log(ana, 3)
    works_out, threads = chain.texts_digest, []

    def erase():
        try:
            leaving.erase(by=ana, now=now)
        finally:
            connection.close()

    def work_out(event):
        if not threads and event.stream == str(ana.pk):
            threads.append(threading.Thread(target=erase))
            threads[0].start()
            threads[0].join(0.5)
        return works_out(event)

    monkeypatch.setattr(chain, "texts_digest", work_out)
    chain.seal(now=now)
    threads[0].join()
    monkeypatch.undo()
    chain.seal(now=now)
    assert list(chain.troubles(chain.kept())) == []
    assert not Event.objects.unsealed().exists()
