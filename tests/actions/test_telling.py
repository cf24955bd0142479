"""Who is told of what, and when it leaves."""

from datetime import UTC, datetime, timedelta

import pytest

from diary.actions import flags, hours, notifications, shares
from diary.models import Flag, Notification, Share
from tests.actions.test_notifications import work

DAY = timedelta(days=1)


def test_an_urgent_flag_is_told_to_who_reads_the_diary(queued, paula, former, remy, now):
    assert (queued.recipient, queued.kind, queued.due_at, queued.sent_at) == (paula, "urgent", now, None)


def test_a_priority_flag_is_told_too(ana, log, now):
    log(ana, 9, soreness=8, now=now)  # no session yet: nothing follows one
    assert not Notification.objects.exists()


def test_severe_pain_after_a_session_is_told_once(ana, log, treat):
    treat(ana, ago=timedelta(hours=20), pain_before=3)
    log(ana, 9, soreness=8, compared="worse", ago=timedelta(hours=2))
    log(ana, 9, soreness=8, compared="worse", ago=timedelta(hours=1))
    assert Notification.objects.count() == 1


def test_what_can_wait_is_one_number_at_the_start_of_the_next_day_of_reading(ana, paula, log, treat, post, now):
    treat(ana, ago=timedelta(hours=60), pain_before=3)
    log(ana, 3, soreness=4, stiffness=3, ago=timedelta(hours=1))
    assert ana.flags.filter(level=2).count() == 2
    digest, tomorrow = Notification.objects.get(), datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    assert (digest.kind, digest.key, digest.flag, digest.due_at) == ("digest", "2026-03-11", None, tomorrow)
    assert work(tomorrow) == [True]
    [message] = post.received
    assert message["Subject"] == "Settle: 2 on your worklist"
    assert "2 entries wait on your worklist." in message.get_content()


def test_a_digest_of_nothing_is_not_sent(ana, paula, log, treat, post, now):
    treat(ana, ago=timedelta(hours=60), pain_before=3)
    log(ana, 3, soreness=4, ago=timedelta(hours=1))
    flags.handle(by=paula, now=now, flag=ana.flags.get(level=2), outcome="contacted")
    assert work(now + timedelta(days=1)) == [False]
    assert post.received == []


def test_what_nobody_handles_is_counted_each_morning_until_somebody_does(ana, paula, log, treat, post, now):
    treat(ana, ago=timedelta(hours=60), pain_before=3)
    log(ana, 3, soreness=4, ago=timedelta(hours=1))
    [flag] = ana.flags.filter(level=2)
    for hour in range(24 * 8):  # Tuesday noon to the next Wednesday
        work(now + timedelta(hours=hour))
    mornings = [f"2026-03-{day}" for day in (11, 12, 13, 16, 17, 18)]
    assert [*sent_digests()] == mornings
    flags.handle(by=paula, now=now + timedelta(days=8), flag=flag, outcome="contacted")
    for hour in range(24 * 8, 24 * 11):
        work(now + timedelta(hours=hour))
    assert [*sent_digests()] == mornings
    assert not Notification.objects.unsent().exists()
    flags.reopen(by=paula, now=now + timedelta(days=11), flag=flag)
    assert Notification.objects.unsent().get().key == "2026-03-23"


def test_who_may_read_what_waits_only_since_it_came_is_told_the_next_morning(ben, remy, newcomer, log, now):
    log(ben, 5, red_flags=["saddle"])
    Share.objects.create(patient=ben, practitioner=remy, address=remy.email, granted_at=now)
    later = now + timedelta(hours=1)
    assert [notifications.count_missing(now=at) for at in (now, later, later)] == [0, 1, 0]
    assert [*Notification.objects.values_list("recipient", "kind", "key")] == [(remy.pk, "digest", "2026-03-11")]


def test_who_is_back_before_their_days_away_were_over_is_told_the_next_morning(ana, paula, log, treat, now):
    last_day = now.date() + 20 * DAY
    absence = hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date(), last_day=last_day)
    treat(ana, ago=3 * DAY)
    log(ana, 3, soreness=4)
    after = Notification.objects.get(kind="digest").due_at
    assert after.date() > last_day
    assert notifications.count_missing(now=now + DAY) == 0
    hours.come_back(by=paula, now=now + DAY, absence=absence)
    assert [notifications.count_missing(now=now + DAY) for _ in range(2)] == [1, 0]
    dues = Notification.objects.filter(kind="digest").order_by("due_at").values_list("due_at", flat=True)
    assert [*dues] == [datetime(2026, 3, 12, 9, tzinfo=UTC), after]


def test_where_nothing_waits_nobody_is_told_in_the_morning(ana, paula, remy, log, now):
    log(ana, 3)
    assert notifications.count_missing(now=now) == 0


def test_a_late_count_is_the_only_one_of_its_day(ana, paula, log, treat, post, now):
    treat(ana, ago=timedelta(hours=60), pain_before=3)
    log(ana, 3, soreness=4, ago=timedelta(hours=1))
    work(datetime(2026, 3, 12, 8, tzinfo=UTC))  # a day late, an hour before that morning's
    assert Notification.objects.unsent().get().key == "2026-03-13"


def test_a_late_count_leaves_out_what_is_no_longer_shared(ana, paula, log, treat, post, now):
    treat(ana, ago=timedelta(hours=60), pain_before=3)
    log(ana, 3, soreness=4, ago=timedelta(hours=1))
    late = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)  # due at nine, and shared until ten
    Share.objects.filter(patient=ana, practitioner=paula).update(expires_at=late - timedelta(hours=2))
    assert work(late) == [False]
    assert post.received == []


def sent_digests():
    return (
        Notification.objects.filter(kind="digest", sent_at__isnull=False)
        .order_by("sent_at")
        .values_list("key", flat=True)
    )


@pytest.mark.parametrize(("at", "due_at"), [(12, 12), (3, 9), (20, 24 + 9)])
def test_priority_waits_for_the_reading_hours(ana, paula, log, treat, at, due_at):
    midnight = datetime(2026, 3, 10, tzinfo=UTC)
    now = midnight + timedelta(hours=at)
    treat(ana, ago=timedelta(hours=20), pain_before=3, now=now)
    log(ana, 9, soreness=8, compared="worse", ago=timedelta(hours=2), now=now)
    assert Notification.objects.get(kind="priority").due_at == midnight + timedelta(hours=due_at)


def test_urgent_does_not_wait_for_the_reading_hours(ana, paula, log):
    night = datetime(2026, 3, 10, 3, tzinfo=UTC)
    log(ana, 5, red_flags=["saddle"], now=night)
    assert Notification.objects.get().due_at == night


def test_a_flag_that_has_become_more_pressing_is_told(ana, paula, log, treat, now):
    treat(ana, ago=timedelta(hours=20), pain_before=3)
    log(ana, 9, soreness=8, compared="worse", ago=timedelta(hours=2))
    Notification.objects.all().delete()
    Flag.objects.filter(level=3).update(level=2)
    log(ana, 9, soreness=8, compared="worse", ago=timedelta(hours=1))
    assert Notification.objects.filter(kind="priority").count() == 1


def test_readers_are_counted_for_in_one_order_whoever_was_shared_with_first(
    ana, ben, paula, remy, log, treat, now, monkeypatch
):
    """Two diaries at once, each with the first count of two readers' mornings: in two orders PostgreSQL ends one."""
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    shares.grant(by=ben, now=now - DAY, code=remy.practitioner.spoken_code)
    shares.grant(by=ben, now=now, code=paula.practitioner.spoken_code)
    asked, queue = [], notifications.queue
    monkeypatch.setattr(notifications, "queue", lambda **row: (asked.append(row["to"]), queue(**row)))
    for patient in (ana, ben):
        treat(patient, ago=3 * DAY)
        log(patient, 3, soreness=4)
    assert asked == [paula, remy, paula, remy]


def test_each_reader_is_told(ana, remy, log, now):
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    log(ana, 5, red_flags=["fever", "legs"])
    assert Notification.objects.filter(recipient=remy).count() == 2
    assert Notification.objects.count() == 4
