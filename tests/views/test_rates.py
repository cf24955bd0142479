from collections import Counter, defaultdict
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diary import reactions
from diary.actions import chain, entries, sessions, shares, tallies
from diary.actions.audit import record_event
from diary.models import Share, Tally, Tallying
from diary.models.tallies import COLUMNS, by_month, by_patient, side_by_side
from tests.people import NOW
from tests.views.test_today import text

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _today(monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def treated(ana, paula, treat, log, now):
    """Three sessions of Paula's: bruised after the first, nothing after the second, nothing said after the third."""
    given = [treat(ana, by=paula, ago=days * DAY) for days in (60, 30, 10)]
    log(ana, 3, ago=59 * DAY, bruising=1, soreness=2)
    log(ana, 3, ago=58 * DAY, bruising=0)
    log(ana, 2, ago=29 * DAY, bruising=0, soreness=0)
    counted(now)
    return given


def counted(now):
    """Do as the worker does each minute; return how many diaries were counted."""
    chain.seal(now=now)
    return sum(tallies.count_if_written(line, now=now) for line in tallies.due(now=now))


def rates_of(user, now):
    found, _ = reactions.of_practitioner(user, now)
    return {rate.symptom: (rate.reported, rate.answered, rate.sessions) for rate in found}


def summary():
    rows = Tally.objects.values_list("patient", "practitioner", "first", "months", "ever")
    return sorted((*others, bytes(months), ever) for *others, months, ever in rows)


def test_show_counts_sessions_with_an_answer_and_says_how_complete_that_is(signed_in, paula, treated):
    read = text(signed_in(paula).get("/rates/"))
    assert "3 sessions, and what was reported within seven days" in read
    assert "Bruising or bleeding 1 of 2 50 % (9.5 %–91 %) 67 %" in read
    assert "1 of 1" in read
    assert "too few to say" in read
    assert "10–20 %" in read


def test_show_without_sessions_says_what_comes(signed_in, remy):
    assert "Nothing to count yet" in text(signed_in(remy).get("/rates/"))


def test_show_is_ones_own_alone(signed_in, ana, paula, remy, treated, now):
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    assert "Nothing to count yet" in text(signed_in(remy).get("/rates/"))
    assert rates_of(paula, now)["bruising"] == (1, 2, 3)
    shares.revoke(by=ana, now=now, share=Share.objects.get(patient=ana, practitioner=paula))
    assert rates_of(paula, now)["bruising"] == (0, 0, 0)


def test_show_says_since_when_nothing_was_counted(signed_in, paula, treated, monkeypatch, now):
    assert "last counted" not in text(signed_in(paula).get("/rates/"))
    later = now + 6 * MINUTE
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    at = now.astimezone(ZoneInfo(paula.time_zone))
    assert f"last counted on {at:%A %-d %B %Y, %H:%M} : what was" in text(signed_in(paula).get("/rates/"))
    counted(later)
    assert "last counted" not in text(signed_in(paula).get("/rates/"))


def test_the_summary_follows_whatever_is_written(ana, paula, treated, log, now):
    """After each kind of write the worker brings the summary to what counting everything anew gives."""
    entry = log(ana, 5, now=now + HOUR, ago=9 * DAY, bruising=2, red_flags=["breathing"]).entry
    writes = [
        lambda at: entries.withdraw(by=ana, now=at, entry=entry),
        lambda at: entries.restore(by=ana, now=at, entry=entry),
        lambda at: sessions.withdraw(by=paula, now=at, session=treated[0]),
        lambda at: sessions.restore(by=paula, now=at, session=treated[0]),
    ]
    seen = []
    for step, write in enumerate([lambda at: None, *writes], 2):
        write(now + step * HOUR)
        assert counted(now + step * HOUR) == 1
        kept = summary()
        Tally.objects.all().delete()
        tallies.count_again(ana.pk)
        assert summary() == kept
        seen.append(kept)
    assert seen[0] != seen[1]
    assert seen[1] != seen[2]
    assert seen[2] != seen[3]
    assert seen[4] == seen[0]


def test_a_diary_nobody_wrote_in_is_not_counted_again(ana, ben, paula, treated, log, now):
    assert counted(now) == 0
    log(ben, 3)
    assert counted(now) == 1


def test_a_diary_brought_along_is_counted(ana, paula, treated, now):
    record_event(by=ana, now=now, stream=ana.pk, verb="diary-imported", subject="1")
    assert counted(now) == 1


def test_counting_broken_off_goes_on_where_it_was(ana, ben, paula, treated, treat, log, now):
    """Whatever was counted is not lost, and what was not has its turn, however the lines of two diaries mix."""
    for patient in (ben, ana, ben):
        log(patient, 3)
    chain.seal(now=now)
    first, *rest = tallies.due(now=now)
    assert (first.patient, [line.patient for line in rest]) == (ana.pk, [ben.pk, None])
    tallies.count_if_written(first, now=now)
    assert [line.patient for line in tallies.due(now=now)] == [ben.pk, None]
    assert counted(now) == 1
    assert counted(now) == 0


def test_what_cannot_be_counted_stands_in_nobodys_way(ana, ben, paula, treated, log, now):
    for patient in (ben, ana):
        log(patient, 3)
    chain.seal(now=now)
    tallies.put_off(tallies.due(now=now)[0], ValueError(), now=now)
    assert [line.patient for line in tallies.due(now=now)] == [ana.pk, None]


def test_a_long_audit_is_followed_a_part_at_a_time(ana, ben, paula, treated, log, now, monkeypatch):
    """Then the page says up to when, even where the next part holds nothing to count."""
    monkeypatch.setattr(tallies, "LINES_AT_ONCE", 1)
    for hours, patient in enumerate((ben, ana, ben)):
        log(patient, 3, now=now + hours * HOUR)
        record_event(by=patient, now=now + hours * HOUR, stream=patient.pk, verb="diary-read")
    at = now + 9 * HOUR
    assert [counted(at) for _ in range(7)] == [1, 0, 1, 0, 1, 0, 0]
    assert Tallying.objects.reached().at == at


def test_what_has_no_place_in_the_audit_yet_is_not_said_to_be_counted(ana, treated, log, now, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 1)
    for minutes in range(3):
        log(ana, 3, now=now + minutes * MINUTE)
    counted(now + 9 * MINUTE)
    assert Tallying.objects.reached().at == now + MINUTE


def test_erased_meanwhile_is_passed_over(ana, ben, paula, treated, log, now):
    log(ben, 3)
    chain.seal(now=now)
    [line, _] = tallies.due(now=now)
    ben.delete()
    tallies.count_if_written(line, now=now)
    assert counted(now) == 0


def test_a_month_outside_its_limits_is_marked(paula):
    months = {
        (NOW - place * 30 * DAY).date(): dict.fromkeys(COLUMNS, 0)
        | {"sessions": 50, "bruising_answered": 50, "bruising_reported": 30 if place == 0 else 3}
        for place in range(6)
    }
    people = dict.fromkeys(COLUMNS, 1)
    [bruising] = reactions.charts(reactions.rates(months.values(), people), months)
    assert [month.is_outside for month in bruising.months] == [True, False, False, False, False, False]


@pytest.mark.parametrize(("answered", "stands"), [(50, "above"), (49, "unanswered")])
def test_a_rate_with_few_answers_is_set_beside_nothing(answered, stands):
    """Who answers only when something is there would make every rate a high one."""
    month = dict.fromkeys(COLUMNS, 0) | {"sessions": 100, "bruising_answered": answered, "bruising_reported": 40}
    people = dict.fromkeys(COLUMNS, 1)
    assert reactions.rate("bruising", [month], people).stands == stands


@pytest.mark.parametrize("count", [1, 12])
def test_show_costs_the_same_for_one_patient_and_for_many(
    signed_in, join, paula, treat, log, now, count, django_assert_num_queries
):
    for number in range(count):
        patient = join(f"Patient{number} P", "patient", by=paula)
        treat(patient, by=paula, ago=5 * DAY)
        log(patient, 3, ago=4 * DAY, bruising=1)
    counted(now)
    client = signed_in(paula)
    client.get("/rates/")
    with django_assert_num_queries(4):
        client.get("/rates/")


# Counts side by side in one number

MONTHS = st.dates(date(1999, 1, 1), date(2040, 12, 31)).map(lambda day: day.replace(day=1))
COUNTS = st.fixed_dictionaries({column: st.integers(0, 9) for column in COLUMNS}).map(lambda one: one | {"sessions": 9})


@pytest.mark.engineless
@settings(max_examples=30)
@given(st.lists(st.dictionaries(MONTHS, COUNTS, min_size=1, max_size=8), max_size=8))
def test_added_up_as_one_number_each_count_is_the_sum_of_its_own(tallied):
    rows = [side_by_side(counted) for counted in tallied]
    wanted = defaultdict(Counter)
    for counted in tallied:
        for month, counts in counted.items():
            wanted[month].update(counts)
    assert by_month(rows) == {month: dict(wanted[month]) for month in sorted(wanted)}
    ever = [{column for counts in counted.values() for column in counts if counts[column]} for counted in tallied]
    assert by_patient(rows) == {column: sum(column in one for one in ever) for column in COLUMNS}
