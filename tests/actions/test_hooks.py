"""A practice's own system is told that something waits, through the outbox, and nothing of what."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from diary import calling
from diary.actions import accounts, flags, hooks, notifications, shares
from diary.actions.handovers import PATIENTS_CHOOSE
from diary.models import Flag, Hook, Notification
from tests.people import NOW
from tests.test_calling import OK, certificate, system  # noqa: F401

MINUTE = timedelta(minutes=1)


@pytest.fixture
def hook(admin, practice):
    hooks.save(by=admin, now=NOW - timedelta(days=1), practice=practice, url="https://system.example/settle")
    return Hook.objects.get()


@pytest.fixture
def calls(monkeypatch):
    made = []
    monkeypatch.setattr(calling, "post", lambda url, body, headers: made.append((url, json.loads(body), headers)))
    return made


def rows():
    return Notification.objects.filter(kind="hook")


def deliver(now=NOW):
    """Take all that is due, what presses first; return what became of the calls."""
    made = []
    while claimed := notifications.claim(now=now):
        made += [notifications.deliver(row, now=now) for row in claimed if row.kind == "hook"]
    return made


def test_a_flag_queues_a_call_to_the_practice(hook, ana, paula, log, calls):
    log(ana, 9, red_flags=["breathing"], note="said to nobody")
    row = rows().get()
    assert (row.recipient, row.flag) == (paula, None)
    assert deliver() == [True]
    ((url, said, headers),) = calls
    assert url == hook.url
    assert said == {"type": "something-waits", "id": str(row.pk), "link": said["link"]}
    assert said["link"].endswith("/worklist/")
    assert headers["Settle-Delivery"] == str(row.pk)
    assert headers["Settle-Signature"].startswith("t=")


def test_without_a_hook_nothing_is_queued(ana, paula, log):
    log(ana, 9, red_flags=["breathing"])
    assert not rows().exists()
    assert Notification.objects.filter(kind="urgent").exists()


def test_two_of_one_practice_are_one_call(hook, ana, paula, remy, log, now):
    shares.grant(by=ana, now=now - MINUTE, code=remy.practitioner.spoken_code)
    log(ana, 9, red_flags=["breathing"])
    assert rows().count() == 1


def test_a_call_not_taken_is_tried_again_later(hook, ana, paula, log, monkeypatch):
    def refuse(url, body, headers):
        raise calling.Refused("answered 500")

    monkeypatch.setattr(calling, "post", refuse)
    log(ana, 9, red_flags=["breathing"])
    assert deliver() == [False]
    row = rows().get()
    assert (row.sent_at, row.error, row.held_until > NOW) == (None, "Refused", True)
    assert not Notification.objects.filter(kind="urgent", failed_at__isnull=False).exists()


def test_a_later_call_says_it_for_all(hook, ana, paula, log, calls, now):
    log(ana, 9, red_flags=["breathing"], ago=2 * MINUTE)
    Notification.objects.filter(kind="hook").update(created_at=now - MINUTE, due_at=now - MINUTE)
    log(ana, 9, red_flags=["fever"], ago=MINUTE)
    assert rows().count() == 2
    assert sorted(deliver()) == [False, True]
    assert len(calls) == 1


@pytest.mark.parametrize("over", ["handled", "closed", "revoked"])
def test_what_is_over_is_not_called(hook, admin, ana, paula, practice, log, calls, now, over):
    log(ana, 9, red_flags=["breathing"])
    if over == "handled":
        for flag in Flag.objects.waiting():
            flags.handle(by=paula, now=now, flag=flag, outcome="contacted", note="x")
    elif over == "closed":
        hooks.close(by=admin, now=now, practice=practice)
    else:
        for share in ana.shares.all():
            shares.revoke(by=ana, now=now, share=share)
    assert deliver() == [False]
    assert calls == []
    assert not rows().exists()


@pytest.mark.parametrize("gone", ["deactivated", "revoked"])
def test_a_call_is_made_for_whoever_of_the_practice_still_reads(hook, admin, ana, paula, remy, log, calls, now, gone):
    share = shares.grant(by=ana, now=now - MINUTE, code=remy.practitioner.spoken_code)
    log(ana, 9, red_flags=["breathing"])
    stood = rows().get().recipient
    if gone == "deactivated":
        accounts.deactivate(by=admin, now=now, user=stood, handover=PATIENTS_CHOOSE)
    else:
        theirs = share if stood == remy else ana.shares.get(practitioner=paula)
        shares.revoke(by=ana, now=now, share=theirs)
    assert deliver() == [True]
    assert len(calls) == 1


def test_a_new_secret_each_time_and_kept_nowhere(hook, admin, practice, now):
    before = hook.secret
    after = hooks.save(by=admin, now=now, practice=practice, url=hook.url)
    assert after != before
    assert after == Hook.objects.get().secret
    assert after not in str(Hook.objects.values())


def test_only_admins_say_where(ana, paula, practice, now):
    for person in (ana, paula):
        with pytest.raises(PermissionDenied):
            hooks.save(by=person, now=now, practice=practice, url="https://system.example/")
        with pytest.raises(PermissionDenied):
            hooks.close(by=person, now=now, practice=practice)


def test_it_arrives_at_a_real_system(hook, ana, paula, log, system):  # noqa: F811
    there = system(OK)
    Hook.objects.update(url=there.url)
    log(ana, 9, red_flags=["breathing"])
    assert deliver() == [True]
    ((head, body),) = there.heard
    told = dict(line.split(": ", 1) for line in head.splitlines()[1:])
    at = int(told["Settle-Signature"].partition(",")[0].removeprefix("t="))
    assert told["Settle-Signature"] == calling.signature(Hook.objects.get().secret, at, body)
