import re
from datetime import timedelta

import pytest

from diary.actions import sessions
from diary.models import Flag, User

HOUR = timedelta(hours=1)


def text(page):
    """What a person reads: without tags, with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace(" ,", ",").replace(" .", ".")


def test_show_says_where_i_am(signed_in, ana, paula, treat):
    treat(ana, by=paula, ago=200 * HOUR)
    treat(ana, by=paula, ago=20 * HOUR)
    read = text(signed_in(ana).get("/today/"))
    assert "Session 2 with Paula Pinho, yesterday 16:00. This is day 1." in read


def test_show_without_a_session_says_what_entries_are_good_for(signed_in, ben):
    page = signed_in(ben).get("/today/")
    assert "No session yet." in text(page)
    assert b'href="/sessions/add/"' in page.content


def test_show_leaves_out_a_deleted_session(signed_in, ana, treat, now):
    session = treat(ana, ago=5 * HOUR)
    sessions.withdraw(by=ana, now=now, session=session)
    assert "No session yet." in text(signed_in(ana).get("/today/"))


def test_show_offers_eleven_numbers_with_none_chosen(signed_in, ana):
    page = signed_in(ana).get("/today/").content.decode()
    assert len(re.findall(r'type="radio" name="pain"', page)) == 11
    assert not re.search(r'name="(pain|soreness|compared|stiffness)"[^>]*checked', page)


def test_show_makes_a_fresh_id_at_each_rendering(signed_in, ana):
    client = signed_in(ana)
    ids = {re.search(r'name="id" value="([^"]+)"', client.get("/today/").content.decode())[1] for _ in range(3)}
    assert len(ids) == 3


def test_show_asks_whether_a_reaction_is_still_there(signed_in, ana, log):
    log(ana, 4, ago=20 * HOUR, stiffness=2, soreness=3)
    read = text(signed_in(ana).get("/today/"))
    assert "Last time: moderate. Still there?" in read
    assert "Last time: 3. Still there?" in read


def test_show_has_an_open_flag_in_one_line(signed_in, ana, treat, log):
    treat(ana, ago=72 * HOUR)
    log(ana, 4, ago=HOUR, soreness=4)
    page = signed_in(ana).get("/today/")
    assert "For review Soreness has not settled" in text(page)
    assert "What to do:" not in text(page)
    assert f'href="/flags/{Flag.objects.get().pk}/"' in page.content.decode()


def test_show_says_what_to_do_where_it_cannot_wait(signed_in, ana, treat, log):
    treat(ana, ago=20 * HOUR, pain_before=2)
    log(ana, 9, ago=HOUR)
    assert "Priority Severe pain What to do: Get in touch with your practice today." in text(
        signed_in(ana).get("/today/")
    )


def test_show_marks_the_hidden_zone_for_the_browser_to_fill(signed_in, ana):
    assert b"data-zone" in signed_in(ana).get("/today/").content


def test_show_is_for_patients_only(signed_in, paula):
    assert signed_in(paula).get("/today/").status_code == 404


@pytest.mark.parametrize("days", [1, 20])
def test_show_needs_six_statements_however_long_the_diary(
    signed_in, ana, paula, treat, log, days, django_assert_max_num_queries
):
    for day in range(days):
        treat(ana, by=paula, ago=(day * 96 + 73) * HOUR)
        log(ana, 5, ago=(day * 96 + 1) * HOUR, soreness=4)
    client = signed_in(User.objects.get(pk=ana.pk))
    with django_assert_max_num_queries(6):
        assert b"has not settled" in client.get("/today/").content
