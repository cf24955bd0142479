import re
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from diary.actions import accounts, entries, flags, intakes, messages, shares
from diary.models import Event, Flag, User
from tests.views.test_today import text

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)


@pytest.fixture
def flag(ana, paula, treat, log):
    """Ana's severe pain, a day after her first session."""
    treat(ana, by=paula, ago=1 * DAYS, pain_before=3)
    log(ana, 8, compared="worse", note="canary: could not sleep", stiffness=2)
    return Flag.objects.get(rule="severe-pain")


@pytest.fixture
def other(join, verify, ana, now):
    """A second practitioner who reads Ana's diary, without notes and without the intake."""
    person = verify(join("Olga Other", "practitioner"))
    shares.grant(by=ana, now=now, code=person.practitioner.spoken_code, with_notes=False, with_intake=False)
    return person


def post(client, flag, verb="handle", **typed):
    return client.post(reverse(f"review-{verb}", args=[flag.pk]), typed)


def get(client, flag):
    return client.get(reverse("review-show", args=[flag.pk]))


def test_show_says_why_and_on_what_it_rests(signed_in, paula, flag):
    answer = get(signed_in(paula), flag)
    page = answer.content.decode()
    assert "Since session 1, pain reached 7 or more, clearly above the usual" in page
    assert "It closes when" in page
    assert [str(entry.pk) for entry in answer.context["evidence"]] == flag.evidence
    assert "Stiffness: moderate" in page


@pytest.mark.parametrize(("seconds", "said"), [(0, "raised just now"), (59, "raised just now"), (60, "waiting for")])
def test_show_says_how_long_it_waits(signed_in, paula, flag, seconds, said):
    with time_machine.travel(flag.raised_at + timedelta(seconds=seconds), tick=False):
        page = get(signed_in(paula), flag).content.decode()
    assert said in page
    assert ">0\xa0minutes" not in page


def test_show_tells_on_one_clock_when_it_came_and_what_was_done(signed_in, paula, ana, flag, now):
    User.objects.filter(pk=paula.pk).update(time_zone="Asia/Tokyo")
    flags.handle(by=paula, now=now, flag=flag, outcome="contacted", note="")
    shown = " ".join(get(signed_in(User.objects.get(pk=paula.pk)), flag).content.decode().split())
    assert "patient's clock (Europe/Lisbon); what the practice was told and did is on yours (Asia/Tokyo)." in shown
    raised, done = flag.raised_at.astimezone(ZoneInfo("Asia/Tokyo")), now.astimezone(ZoneInfo("Asia/Tokyo"))
    assert f'On the worklist since</dt><dd><time datetime="{raised.isoformat()}"' in shown
    assert f'<time datetime="{done.isoformat()}"' in shown
    User.objects.filter(pk=paula.pk).update(time_zone=ana.time_zone)
    assert "patient's clock" not in get(signed_in(User.objects.get(pk=paula.pk)), flag).content.decode()


def test_show_records_the_read(signed_in, paula, ana, flag):
    get(signed_in(paula), flag)
    assert Event.objects.about(ana.pk).reads().filter(actor=str(paula.pk)).count() == 1


def test_show_puts_conditions_first_where_the_intake_is_shared(signed_in, paula, other, ana, flag, now):
    intakes.save(by=ana, now=now, conditions=["blood_thinners"], medicines="canary pills", usual_pain=3)
    page = get(signed_in(paula), flag).content.decode()
    assert "takes blood thinners" in page
    assert "canary pills" in page
    hidden = get(signed_in(other), flag).content.decode()
    assert "blood thinners" not in hidden
    assert "canary pills" not in hidden
    assert "The health background is not shared with you" in hidden


def test_show_shows_notes_only_where_they_are_shared(signed_in, paula, other, flag):
    assert "canary: could not sleep" in get(signed_in(paula), flag).content.decode()
    assert "canary" not in get(signed_in(other), flag).content.decode()


def test_show_marks_evidence_that_was_withdrawn(signed_in, paula, ana, log, now):
    urgent = log(ana, 3, red_flags=["fever"])
    entries.withdraw(by=ana, now=now, entry=urgent.entry)
    assert "deleted by the patient" in get(signed_in(paula), Flag.objects.get()).content.decode()


def test_show_costs_the_same_for_one_and_for_many_entries(signed_in, paula, ana, log, flag, django_assert_num_queries):
    client = signed_in(paula)
    get(client, flag)  # the look is noted once
    with django_assert_num_queries(23):
        get(client, flag)
    for hours in range(2, 22):
        log(ana, 3, ago=timedelta(hours=hours))
    with django_assert_num_queries(23):
        get(client, flag)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [("contacted", "closed"), ("acknowledged", "acknowledged"), ("referred", "closed"), ("not_a_concern", "closed")],
)
def test_handle_notes_what_was_done(signed_in, paula, flag, outcome, status):
    answer = post(signed_in(paula), flag, outcome=outcome, note="We spoke.")
    assert answer.status_code == 302
    flag.refresh_from_db()
    assert (flag.status, flag.outcome, flag.handled_by) == (status, outcome, paula)
    assert flag.steps.get().note == "We spoke."


def test_handle_asks_for_the_reason_of_not_a_concern(signed_in, paula, flag):
    answer = post(signed_in(paula), flag, outcome="not_a_concern", note="  ")
    assert answer.status_code == 200
    assert "Say why this is not a concern." in answer.content.decode()
    flag.refresh_from_db()
    assert flag.status == "open"


@pytest.mark.parametrize(
    "typed", [{"outcome": ""}, {"outcome": "deleted"}, {"outcome": "contacted", "note": "x" * 2001}]
)
def test_handle_keeps_a_note_that_cannot_be_saved(signed_in, paula, flag, typed):
    answer = post(signed_in(paula), flag, **{"note": "typed words"} | typed)
    assert answer.status_code == 200
    assert typed.get("note", "typed words") in answer.content.decode()
    flag.refresh_from_db()
    assert flag.status == "open"


def test_handle_says_who_was_first_and_keeps_the_note(signed_in, paula, other, flag, now):
    flags.handle(by=other, now=now, flag=flag, outcome="contacted", note="Rang her.")
    answer = post(signed_in(paula), flag, outcome="referred", note="I typed this.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Olga Other was first" in page
    assert "contacted" in page
    assert "I typed this." in page
    flag.refresh_from_db()
    assert flag.handled_by == other


def test_handle_says_that_a_flag_has_risen_since_it_was_opened_and_keeps_the_note(signed_in, paula, flag):
    client = signed_in(paula)
    assert f'name="seen" value="{flag.level}"' in get(client, flag).content.decode()
    seen = flag.level
    Flag.objects.update(level=seen + 1)
    answer = post(client, flag, outcome="not_a_concern", note="I typed this.", seen=seen)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This flag has become more pressing" in page
    assert "I typed this." in page
    flag.refresh_from_db()
    assert flag.status == "open"
    assert post(client, flag, outcome="contacted", note="I typed this.", seen=seen + 1).status_code == 302


def test_handle_is_a_post_by_who_reads_the_diary(signed_in, paula, remy, flag):
    assert post(signed_in(remy), flag, outcome="contacted").status_code == 404
    assert signed_in(paula).get(reverse("review-handle", args=[flag.pk])).status_code == 405


def test_handle_is_closed_to_a_practitioner_whose_share_was_revoked(signed_in, paula, ana, flag, now):
    client = signed_in(paula)
    shares.revoke(by=ana, now=now, share=ana.shares.get(practitioner=paula))
    assert post(client, flag, outcome="contacted").status_code == 404


def test_reopen_puts_it_back_on_the_list(signed_in, paula, flag, now):
    flags.handle(by=paula, now=now, flag=flag, outcome="contacted")
    assert post(signed_in(paula), flag, "reopen", note="She rang again.").status_code == 302
    flag.refresh_from_db()
    assert flag.status == "open"
    assert "She rang again." in get(signed_in(paula), flag).content.decode()


def test_reopen_of_an_open_flag_says_that_it_is_open(signed_in, paula, flag):
    answer = signed_in(paula).post(reverse("review-reopen", args=[flag.pk]), {}, follow=True)
    assert "reopened it already" in answer.content.decode()


def test_undo_takes_back_ones_own_step_on_the_same_day(signed_in, paula, flag, now):
    client = signed_in(paula)
    post(client, flag, outcome="contacted")
    assert "Undo my last step" in get(client, flag).content.decode()
    assert post(client, flag, "undo").status_code == 302
    flag.refresh_from_db()
    assert flag.status == "open"
    assert "Last step undone" in get(client, flag).content.decode()


@pytest.mark.parametrize("verb", ["reopen", "undo"])
def test_undo_or_reopen_leads_to_the_worse_flag_that_is_open(client, signed_in, paula, ana, treat, log, now, verb):
    intakes.save(by=ana, now=now, conditions=["blood_thinners"])
    treat(ana, ago=1 * DAYS)
    log(ana, 3, bruising=2, ago=timedelta(hours=2))
    flag = flags.handle(by=paula, now=now, flag=Flag.objects.get(), outcome="acknowledged")
    log(ana, 3, bruising=3)
    with time_machine.travel(now, tick=False):
        answer = post(signed_in(paula), flag, verb, note="")
        assert answer.url == reverse("review-show", args=[Flag.objects.waiting().get().pk])
        assert "it is open already" in client.get(answer.url).content.decode()


def test_undo_is_over_the_next_day(signed_in, paula, flag, now):
    flags.handle(by=paula, now=now, flag=flag, outcome="contacted")
    with time_machine.travel(now + DAYS, tick=False):
        client = signed_in(paula)
        assert "Undo my last step" not in get(client, flag).content.decode()
        assert post(client, flag, "undo").status_code == 403


def test_undo_is_ones_own(signed_in, paula, other, flag, now):
    flags.handle(by=paula, now=now, flag=flag, outcome="contacted")
    assert post(signed_in(other), flag, "undo").status_code == 403


def test_show_says_who_was_told_by_mail_and_who_could_not_be(signed_in, ana, paula, log, now):
    log(ana, 5, red_flags=["saddle"])
    [flag] = ana.flags.all()
    page = reverse("review-show", args=[flag.pk])
    assert "not yet" in signed_in(paula).get(page).content.decode()
    flag.notifications.update(failed_at=now)
    said = signed_in(paula).get(page).content.decode()
    assert "could not be told; tried again" in said
    assert "Nobody could be told of this by mail." in said
    flag.notifications.update(sent_at=now)
    assert "could not be told" not in signed_in(paula).get(page).content.decode()


def test_show_says_how_urgent_it_is_to_the_patient(signed_in, paula, ana, flag, now):
    client = signed_in(paula)
    assert "To the patient" not in get(client, flag).content.decode()
    flags.say_urgency(by=ana, now=now, flag=flag, urgency="can_wait")
    page = get(client, flag).content.decode()
    assert "To the patient" in page
    assert "can wait" in page


def test_show_leads_to_the_next_on_the_worklist(signed_in, paula, ana, flag, join, log):
    client = signed_in(paula)
    assert get(client, flag).context["following"] is None
    log(join("Uma Urgent", "patient", by=paula), 2, red_flags=["fever"])
    urgent = Flag.objects.get(rule="red-flag")
    assert get(client, urgent).context["following"] == (flag.pk, "Ana Alves")
    assert "Next: Ana Alves" in get(client, urgent).content.decode()
    post(client, urgent, outcome="contacted")
    assert get(client, urgent).context["following"] == (flag.pk, "Ana Alves")


def test_show_has_the_curves(signed_in, paula, flag):
    assert "After each session" in get(signed_in(paula), flag).content.decode()


def test_show_offers_no_page_that_does_not_open_of_a_patient_whose_account_is_closed(
    signed_in, admin, ana, paula, flag, now
):
    messages.send(by=ana, now=now, to=paula, id=uuid4(), body="May I swim?")
    client, chart = signed_in(paula), reverse("patients-show", args=[ana.pk])
    letters = reverse("patients-messages", args=[ana.pk])
    assert {chart, letters} <= linked(get(client, flag))
    assert letters in linked(client.get(reverse("messages-list")))
    accounts.deactivate(by=admin, now=now, user=ana)
    said = get(client, flag)
    assert "This account is closed" in said.content.decode()
    assert "data-chart=" not in said.content.decode()  # its numbers do not open either: it could not be drawn
    assert not {chart, letters} & linked(said)
    assert letters not in linked(client.get(reverse("messages-list")))
    assert client.get(reverse("worklist-show")).context["letters"] == 0


def linked(answer):
    return set(re.findall(r'href="([^"?]+)', answer.content.decode()))


def test_show_begins_what_was_done_with_a_capital_as_the_history_does(signed_in, paula, flag, now):
    flags.handle(by=paula, now=now, flag=flag, outcome="contacted")
    read = text(get(signed_in(paula), flag))
    assert "What was done Contacted, by Paula Pinho" in read
