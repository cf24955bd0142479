import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from diary.actions import hours, messages, shares
from diary.models import Message, Practice
from diary.parts import conversations
from tests.views.test_today import text

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def asked(ana, paula, now):
    return messages.send(by=ana, now=now - HOUR, to=paula, id=uuid4(), body="May I swim?")


def thread(client, practitioner, **typed):
    address = reverse("messages-show", args=[practitioner.pk])
    return client.post(address, {"id": str(uuid4())} | typed) if typed else client.get(address)


def test_list_has_who_may_be_written_to(signed_in, ana, paula, remy, former):
    read = text(signed_in(ana).get("/messages/"))
    assert "Paula Pinho" in read
    assert "Remy" not in read
    assert "Fay" not in read


def test_list_puts_the_latest_first_and_counts_what_is_new(signed_in, ana, ben, paula, join, asked, now):
    later = join("Zoe Zweig", "patient", by=paula)
    messages.send(by=later, now=now, to=paula, id=uuid4(), body="Good morning")
    answer = signed_in(paula).get("/messages/")
    assert [(one.other.name, one.unread) for one in answer.context["page"]] == [("Zoe Zweig", 1), ("Ana Alves", 1)]
    assert "Ben" not in text(answer)


@pytest.mark.parametrize("count", [1, 20])
def test_list_costs_the_same_for_one_and_for_many(signed_in, paula, join, now, count, django_assert_num_queries):
    for number in range(count):
        person = join(f"Nr{number} Patient", "patient", by=paula)
        messages.send(by=person, now=now, to=paula, id=uuid4(), body="Good morning")
    client = signed_in(paula)
    with django_assert_num_queries(4):
        assert len(client.get("/messages/").context["page"]) == count


def test_list_leads_who_stands_in_to_a_thread_whose_answers_carry_their_name(signed_in, ana, paula, remy, asked, now):
    shares.let_cover(by=ana, now=now, share=ana.shares.get(practitioner=paula), allowed=True)
    hours.cover(by=paula, now=now - HOUR, practitioner=paula, covered_by=remy, starts_at=now - HOUR)
    client, address = signed_in(remy), f"/patients/{ana.pk}/messages/?of={paula.pk}"
    page = client.get("/messages/")
    assert "in place of Paula Pinho" in text(page)
    assert f'href="{address}"' in page.content.decode()
    assert "You answer here in place of Paula Pinho; Ana Alves sees that it is you." in text(client.get(address))
    asked.refresh_from_db()
    assert asked.read_at is None
    client.post(address, {"id": str(uuid4()), "body": "Yes, from tomorrow."})
    assert "Yes, from tomorrow. Remy Roche · today" in text(thread(signed_in(ana), paula))
    assert "Yes, from tomorrow. Remy Roche · today" in text(signed_in(paula).get(f"/patients/{ana.pk}/messages/"))
    for wrong in (ana.pk, 0, "x"):
        assert client.get(f"/patients/{ana.pk}/messages/?of={wrong}").status_code == 404


def test_list_without_anybody_offers_the_next_step(signed_in, ben, remy):
    assert "as soon as you share your diary" in text(signed_in(ben).get("/messages/"))
    assert "as soon as they share their diary" in text(signed_in(remy).get("/messages/"))


def test_show_says_that_nobody_watches_and_whom_to_call(signed_in, ana, paula):
    page = thread(signed_in(ana), paula)
    read = text(page)
    assert "Not watched live." in read
    assert "Paula Pinho reads messages Mon–Fri 9:00–17:00 (UTC time)." in read
    assert "In an emergency call 112." in read
    assert "The rules do not read messages" in read
    assert b'href="tel:112"' in page.content


def test_show_gives_the_numbers_of_that_practitioners_practice(signed_in, ana, paula, remy, now):
    remy.practitioner.practice = Practice.objects.create(name="Elsewhere", emergency_number="999")
    remy.practitioner.save()
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    client = signed_in(ana)
    assert "In an emergency call 999." in text(thread(client, remy))
    assert "In an emergency call 112." in text(thread(client, paula))


def test_show_sends_and_shows_what_was_sent(signed_in, ana, paula, now):
    client = signed_in(ana)
    answer = thread(client, paula, body="May I swim?")
    assert answer.status_code == 302
    message = Message.objects.get()
    assert (message.body, message.sent_at, message.read_at) == ("May I swim?", now, None)
    assert "May I swim?" in text(client.get(answer.url))


@pytest.mark.parametrize("wrong", ["", "   ", "x" * 4001, "\0"])
def test_show_keeps_what_cannot_be_sent(signed_in, ana, paula, wrong):
    answer = thread(signed_in(ana), paula, body=wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert wrong.replace("\0", "").strip() in answer.content.decode()
    assert not Message.objects.exists()


def test_show_of_the_patient_marks_as_read(signed_in, ana, paula, asked, now):
    answer = messages.send(by=paula, now=now - HOUR, to=ana, id=uuid4(), body="Yes, tomorrow.")
    assert "Yes, tomorrow." in text(thread(signed_in(ana), paula))
    for message, read_at in ((answer, now), (asked, None)):
        message.refresh_from_db()
        assert message.read_at == read_at


def test_show_keeps_the_history_when_the_share_has_ended(signed_in, ana, paula, asked, now):
    shares.revoke(by=ana, now=now, share=ana.shares.get(practitioner=paula))
    client = signed_in(ana)
    read = text(thread(client, paula))
    assert "May I swim?" in read
    assert "not shared with Paula Pinho any more" in read
    late = thread(client, paula, body="typed meanwhile")
    assert late.status_code == 409
    assert "typed meanwhile" in text(late)
    assert Message.objects.count() == 1
    assert "The sharing has ended." in text(client.get("/messages/"))


def test_show_goes_back_by_pages(signed_in, ana, paula, now):
    for number in range(31):
        messages.send(by=ana, now=now - number * HOUR, to=paula, id=uuid4(), body=f"Number {number}.")
    client = signed_in(ana)
    page = thread(client, paula)
    assert [message.body for message in page.context["written"]][-1] == "Number 0."
    assert "Number 30." not in text(page)
    assert "Number 30." in text(client.get(page.request["PATH_INFO"], {"page": "2"}))


@pytest.mark.parametrize("person", ["remy", "former", "newcomer", "ben", "admin", "ana"])
def test_show_does_not_exist_with_anybody_else(signed_in, request, ana, person):
    assert thread(signed_in(ana), request.getfixturevalue(person)).status_code == 404


def test_show_escapes_what_is_written(signed_in, ana, paula, now):
    messages.send(by=paula, now=now, to=ana, id=uuid4(), body="<script>alert(1)</script>")
    page = thread(signed_in(ana), paula).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("page", ["/today/", "/messages/"])
def test_list_is_led_to_from_the_menu_with_how_many_wait(signed_in, ana, paula, now, page):
    client = signed_in(ana)
    assert "new" not in menu(client.get(page))
    for _ in range(2):
        messages.send(by=paula, now=now, to=ana, id=uuid4(), body="Good morning")
    messages.send(by=ana, now=now, to=paula, id=uuid4(), body="Good morning")
    assert "Messages 2 2 new" in menu(client.get(page))
    assert page != "/today/" or "2 messages wait to be read" in text(client.get(page))
    thread(client, paula)
    assert "new" not in menu(client.get(page))


def test_list_is_led_to_from_the_worklist_with_how_many_wait(signed_in, paula, remy, asked):
    assert "Messages 1 1 new" in menu(signed_in(paula).get("/worklist/"))
    assert "new" not in menu(signed_in(remy).get("/worklist/"))


def menu(page):
    """What the links say that lead to the messages, wherever they are."""
    links = re.findall(r'<a href="/messages/"[^>]*>.*?</a>', page.content.decode(), re.DOTALL)
    assert links
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(links)).split())


def test_show_is_led_to_from_the_saved_entry(signed_in, ana, paula, log, now):
    client, entry = signed_in(ana), log(ana, 3).entry
    assert "waits to be read" not in text(client.get(f"/entries/{entry.pk}/saved/"))
    messages.send(by=paula, now=now, to=ana, id=uuid4(), body="Good morning")
    assert "1 message waits to be read" in text(client.get(f"/entries/{entry.pk}/saved/"))


def test_show_says_when_they_read_next(signed_in, ana, paula, now):
    client = signed_in(ana)
    assert "Next:" not in text(thread(client, paula))
    with time_machine.travel(now + timedelta(days=4), tick=False):  # a Saturday
        assert "Next: Monday 16 March at 09:00." in text(thread(client, paula))


def test_list_holds_nothing_that_another_practitioner_was_written(signed_in, ana, paula, remy, now):
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    messages.send(by=ana, now=now, to=remy, id=uuid4(), body="canary")
    client = signed_in(paula)
    assert "canary" not in client.get("/messages/").content.decode()
    assert "waits to be read" not in client.get("/worklist/").content.decode()


def test_show_opens_what_it_shows_and_not_what_comes_meanwhile(signed_in, ana, paula, now, monkeypatch):
    first = messages.send(by=paula, now=now - HOUR, to=ana, id=uuid4(), body="Rest today")
    written = conversations.written

    def slowly(*given):
        said = written(*given)
        messages.send(by=paula, now=now, to=ana, id=uuid4(), body="And call me, please")
        return said

    monkeypatch.setattr(conversations, "written", slowly)
    assert "call me" not in text(thread(signed_in(ana), paula))
    assert Message.objects.get(read_at=None).body == "And call me, please"
    assert Message.objects.exclude(read_at=None).get() == first
