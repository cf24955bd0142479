"""Mail trouble of every kind: all is delivered once it is over, and while it lasts it is shown and passed on.

Time is an argument: hours of trouble take no time here. Rows 8 and 9 of docs/reliability.md.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from diary import notices
from diary.actions import escalations, notifications, shares
from diary.models import Escalation, Flag, Notification
from diary.watching import reach
from tests.production import free_port
from tests.smtp import DROP, HANG

TROUBLES = {
    "down": {"port": True},
    "4xx at the text": {"answer": "451 later, please"},
    "4xx at the address": {"to": "450 mailbox busy"},
    "5xx at the text": {"answer": "554 no"},
    "5xx at the address": {"to": "550 nobody of that name"},
    "hanging": {"answer": HANG},
    "dropped after the text": {"answer": DROP},
}
RIGHT = {"answer": "250 taken", "to": "250 known"}
SHOWN_WITHIN = timedelta(minutes=15)  # long before the half hour of an unanswered flag
DELIVERED_WITHIN = timedelta(minutes=6)  # of the end of the trouble, however long it lasted
DOWN = {
    "mail down": TROUBLES["down"],
    "mail hanging": TROUBLES["hanging"],
    "mail refused": TROUBLES["5xx at the text"],
    "worker dead": {},
    "nobody to tell": {},
}


@pytest.fixture
def post(post, settings):
    settings.EMAIL_TIMEOUT = 0.2
    return post


@pytest.fixture
def urgent(ana, paula, log):
    """Return a function that has Ana report something urgent so many times: the flags."""

    def reported(count):
        for _ in range(count):
            log(ana, 5, red_flags=["saddle"])
        return Flag.objects.filter(level=4)

    return reported


def begin(trouble, post, settings):
    for name, value in trouble.items():
        if name == "port":
            settings.EMAIL_PORT = free_port()
        else:
            setattr(post, name, value)


def end(post, settings):
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = post.port, 60
    for name, value in RIGHT.items():
        setattr(post, name, value)


def worked(now, until, deliver=notifications.deliver):
    """Run the worker's rounds from now to then, jumping to what is due next; return when it stopped."""
    while now <= until:
        for row in notifications.claim(now=now):
            deliver(row, now=now)
        for flag in escalations.due(now=now):
            escalations.pass_on(flag, now=now)
        now += timedelta(minutes=1)
    return now


def message_ids(rows):
    return {f"<{row.pk}@localhost>" for row in rows}


@pytest.mark.asvs("V16.5.2")
@pytest.mark.parametrize("count", [1, pytest.param(50, marks=pytest.mark.full)])
@pytest.mark.parametrize("name", TROUBLES)
def test_all_is_delivered_after_mail_trouble_and_shown_while_it_lasts(urgent, post, settings, now, figure, name, count):
    flags = urgent(count).select_related("escalation")
    settings.EMAIL_TIMEOUT = 0.05 if name == "hanging" else 60
    begin(TROUBLES[name], post, settings)
    later = worked(now, now + SHOWN_WITHIN)
    waiting = list(Notification.objects.filter(kind="urgent"))
    assert all(row.failed_at and not row.sent_at for row in waiting)
    assert {reach(flag, [*flag.notifications.all()]) for flag in flags} == {"unreached"}
    assert Escalation.objects.unattended().count() == count
    end(post, settings)
    worked(later, later + DELIVERED_WITHIN)
    undelivered = message_ids(waiting) - set(post.message_ids)
    figure(f"notices not delivered after mail trouble ({name})", len(undelivered), f"{count} notices")
    assert not undelivered
    assert not Notification.objects.failed().exists()


def three_tries(row, *, now):
    """Give up after three tries, as a queue in memory does."""
    for _ in range(3):
        try:
            notices.compose(row, now).send()
        except OSError:
            continue
        break
    Notification.objects.filter(pk=row.pk).update(sent_at=now, held_until=None)


def test_control_three_tries_in_memory_lose(urgent, post, settings, now, figure):
    urgent(2)
    begin(TROUBLES["4xx at the text"], post, settings)
    later = worked(now, now + timedelta(minutes=3), three_tries)
    end(post, settings)
    worked(later, later + DELIVERED_WITHIN, three_tries)
    lost = message_ids(Notification.objects.filter(kind="urgent")) - set(post.message_ids)
    figure("control: notices not delivered with three tries in memory", len(lost), "2 notices")
    assert len(lost) == 2


# The patient's advice never depends on mail


def posted(client, **answers):
    form = {"id": "7d1f1c0e-3a56-4a0e-9d8b-0a2f4c7f9a11", "pain": "6", "red_flags": "saddle"} | answers
    return client.post(reverse("entries-add"), form)


@pytest.mark.parametrize("state", DOWN)
def test_the_advice_is_in_the_same_response_whatever_the_mail_does(
    signed_in, ana, paula, post, settings, now, figure, monkeypatch, state
):
    if state == "worker dead":
        monkeypatch.setattr("diary.watching.last_beat", lambda now: None)
    if state == "nobody to tell":
        shares.revoke(by=ana, now=now, share=ana.shares.get(practitioner=paula))
    begin(DOWN[state], post, settings)
    answer = posted(signed_in(ana))
    said = answer.content.decode()
    figure(f"advice in the same response ({state})", answer.status_code, "1 urgent entry")
    assert answer.status_code == 200
    assert 'class="urgent' in said
    assert 'href="tel:112"' in said
    assert ana.entries.count() == ana.flags.count() == 1
    assert post.received == []


def test_the_mail_of_an_entry_is_sent_by_the_worker_and_never_by_the_page(signed_in, ana, paula, post):
    posted(signed_in(ana))
    assert post.received == []
    assert Notification.objects.get().attempts == 0
