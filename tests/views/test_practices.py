"""Practices: an admin says how they are called, and what their patients are told to call."""

import pytest

from diary.models import Event, Practice
from tests.views.test_today import text

SAID = {"name": "River Clinic", "emergency_number": "999", "same_day_number": "+44 20 7946 0000"}
SAID |= {"time_zone": "Europe/London"}


def test_list_leads_on_where_there_is_none(signed_in, admin):
    client = signed_in(admin)
    assert "No practice yet" in text(client.get("/practices/"))
    assert 'href="/practices/add/"' in client.get("/people/").content.decode()
    assert 'href="/practices/add/"' in client.get("/people/invite/").content.decode()


def test_list_says_the_numbers(signed_in, admin, practice):
    assert practice.same_day_number in text(signed_in(admin).get("/practices/"))
    assert "/practices/add/" not in signed_in(admin).get("/people/").content.decode()


def test_add_begins_in_the_zone_of_who_adds(signed_in, admin):
    admin.time_zone = "Asia/Tokyo"
    admin.save()
    assert 'value="Asia/Tokyo" selected' in signed_in(admin).get("/practices/add/").content.decode()


def test_add_makes_one_into_which_a_practitioner_can_be_invited(signed_in, admin):
    client = signed_in(admin)
    assert "River Clinic" in text(client.post("/practices/add/", SAID, follow=True))
    made = Practice.objects.get()
    assert {name: getattr(made, name) for name in SAID} == SAID
    assert Event.objects.about(admin.pk).filter(verb="practice-added").exists()
    person = {"name": "Pia", "email": "pia@settle.example", "role": "practitioner", "practice": made.pk}
    assert client.post("/people/invite/", person).status_code == 302


def test_add_sent_twice_makes_one(signed_in, admin):
    """Two that are alike would part colleagues who stand in for each other, and neither can be taken away."""
    client = signed_in(admin)
    for _press in range(2):
        assert client.post("/practices/add/", SAID).status_code == 302
    assert Practice.objects.count() == Event.objects.about(admin.pk).filter(verb="practice-added").count() == 1


WRONG = [("name", " "), ("emergency_number", ""), ("emergency_number", "help"), ("same_day_number", "0;x")]


@pytest.mark.parametrize(("name", "wrong"), [*WRONG, ("time_zone", "Mars")])
def test_add_gives_back_what_cannot_be(signed_in, admin, name, wrong):
    answer = signed_in(admin).post("/practices/add/", SAID | {name: wrong})
    assert answer.status_code == 200
    assert "Not saved yet" in text(answer)
    assert not Practice.objects.exists()


def test_amend_changes_what_patients_are_told_and_keeps_what_it_was(signed_in, admin, ana, practice):
    before = practice.same_day_number
    signed_in(admin).post(f"/practices/{practice.pk}/amend/", SAID)
    event = Event.objects.about(admin.pk).get(verb="practice-amended")
    assert (before in event.old, SAID["same_day_number"] in event.new) == (True, True)
    assert SAID["same_day_number"] in signed_in(ana).get("/offline/numbers.json").content.decode()


def test_amend_of_nothing_is_no_event(signed_in, admin, practice):
    same = {name: getattr(practice, name) for name in SAID}
    assert signed_in(admin).post(f"/practices/{practice.pk}/amend/", same).status_code == 302
    assert not Event.objects.filter(verb="practice-amended").exists()


def test_amend_in_two_tabs_puts_no_number_back_unseen(signed_in, admin, practice):
    """Who put the name right on a page opened earlier gave patients the old number again."""
    client, address = signed_in(admin), f"/practices/{practice.pk}/amend/"
    opened = client.get(address)
    typed = opened.context["form"].initial | {"version": opened.context["version"]}
    for _press in range(2):
        assert client.post(address, typed | {"emergency_number": "911"}).status_code == 302
    second = client.post(address, typed | {"name": "River Clinic"})
    assert "This was changed meanwhile" in text(second)
    assert "Emergency number 911" in text(second)
    practice.refresh_from_db()
    assert (practice.emergency_number, practice.name == "River Clinic") == ("911", False)
    shown = second.context["version"]
    assert client.post(address, typed | {"name": "River Clinic", "version": shown}).status_code == 302
