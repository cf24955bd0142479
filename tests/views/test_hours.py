import re
from datetime import date, timedelta

import pytest

from diary import permissions
from diary.actions import accounts, hours
from diary.actions.handovers import PATIENTS_CHOOSE
from diary.models import Absence, Cover, Opening
from tests.views.test_today import text

DAY = timedelta(days=1)
WEEK = {f"day_{day}": "" for day in range(7)} | {"zone": "UTC", "note": ""}


@pytest.fixture(autouse=True)
def _today(monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def hourless(remy):
    remy.practitioner.openings.all().delete()
    return remy


def openings_of(person):
    return list(Opening.objects.filter(practitioner=person.pk).values_list("weekday", "opens", "closes"))


def test_show_says_the_week_and_when_next(signed_in, paula):
    page = text(signed_in(paula).get("/hours/"))
    assert "Mon–Fri 9:00–17:00" in page
    assert "You read next: now." in page
    assert "Nobody yet. What you do not answer in time then stays with you" in page


def test_show_leads_to_what_is_not_said_yet(signed_in, hourless):
    assert "Not said yet." in text(signed_in(hourless).get("/hours/"))


def test_show_tells_who_reads_in_whose_place(signed_in, paula, remy, now):
    last = date(2026, 3, 14)
    hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date(), last_day=last, covered_by=remy)
    hours.cover(by=paula, now=now, practitioner=paula, covered_by=remy, starts_at=now)
    page = text(signed_in(paula).get("/hours/"))
    assert "Tuesday 10 March 2026 to Saturday 14 March 2026 Remy Roche reads in your place." in page
    assert "Remy Roche until you end it" in page
    assert "Paula Pinho until the end of Saturday 14 March 2026" in text(signed_in(remy).get("/hours/"))


@pytest.mark.parametrize("days", [True, False])
def test_show_says_who_cannot_read_in_ones_place_any_more(signed_in, paula, remy, admin, now, days):
    """With the colleague's account closed it went on saying that they read, to the practitioner and to the admin."""
    if days:
        hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date(), covered_by=remy)
    else:
        hours.cover(by=paula, now=now, practitioner=paula, covered_by=remy, starts_at=now)
    pages = [(paula, "/hours/"), (admin, f"/people/{paula.pk}/")]
    said = "Remy Roche cannot read at the moment"
    assert not any(said in text(signed_in(person).get(address)) for person, address in pages)
    accounts.deactivate(by=admin, now=now, user=remy)
    assert all(said in text(signed_in(person).get(address)) for person, address in pages)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9-17", [(0, 540, 1020)]),
        ("14:30–18:00, 9:00 – 12:15", [(0, 540, 735), (0, 870, 1080)]),
        ("9.30 to 17", [(0, 570, 1020)]),
        ("22:00-0:00", [(0, 1320, 1440)]),
        ("0-24", [(0, 0, 1440)]),
        ("９-１７", [(0, 540, 1020)]),
    ],
)
def test_amend_reads_times_as_people_write_them(signed_in, hourless, typed, kept):
    assert signed_in(hourless).post("/hours/amend/", WEEK | {"day_0": typed}).status_code == 302
    assert openings_of(hourless) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mornings", "“mornings” is no time to read."),
        ("9-25", "“9-25” is no time to read."),
        ("9:75-10", "is no time to read."),
        ("17-9", "“17-9” ends before it begins."),
        ("9-12, 11-13", "Two of these times overlap."),
        ("9-12, 9-12", "Two of these times overlap."),
        ("", "Say at least one time in the week at which you read."),
    ],
)
def test_amend_gives_back_what_it_cannot_read(signed_in, paula, typed, said):
    before = openings_of(paula)
    page = signed_in(paula).post("/hours/amend/", WEEK | {"day_0": typed})
    assert said in text(page)
    assert f'value="{typed}"' in page.content.decode() or not typed
    assert openings_of(paula) == before


def test_amend_shows_what_stands_as_it_can_be_typed_again(signed_in, paula):
    client = signed_in(paula)
    page = client.get("/hours/amend/")
    assert page.content.decode().count('value="9:00–17:00"') == 1
    assert page.content.decode().count(" checked>") == 5
    client.post("/hours/amend/", page.context["form"].initial | {"note": "By phone too."})
    assert openings_of(paula) == [(day, 540, 1020) for day in range(5)]
    assert "By phone too." in text(client.get("/hours/"))


def test_amend_takes_the_times_of_several_days_at_once_and_those_of_a_day_that_differs(signed_in, hourless):
    client, on = signed_in(hourless), ["0", "2", "4"]
    client.post("/hours/amend/", WEEK | {"usual": "9-12, 14-16", "on": on, "day_4": "9-10", "day_5": "11-12"})
    alike = [(540, 720), (840, 960)]
    assert openings_of(hourless) == [(day, *times) for day in (0, 2) for times in alike] + [
        (4, 540, 600),
        (5, 660, 720),
    ]
    form = client.get("/hours/amend/").context["form"]
    assert (form.initial["usual"], form.initial["on"]) == ("9:00–12:00, 14:00–16:00", ["0", "2"])
    assert [form.initial[f"day_{day}"] for day in (0, 4, 5)] == ["", "9:00–10:00", "11:00–12:00"]


@pytest.mark.parametrize(("typed", "is_open"), [({"day_2": "9-10"}, True), ({"day_2": "soon"}, True), ({}, False)])
def test_amend_folds_away_the_days_that_may_differ_while_none_does(signed_in, hourless, typed, is_open):
    page = signed_in(hourless).post("/hours/amend/", WEEK | {"usual": "9-12"} | typed).content.decode()
    assert ('<details class="fold" open>' in page) == is_open


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"usual": "9-17"}, "Tick the days on which you read at these times."),
        ({"on": ["0", "1"], "day_0": "9-17"}, "Say at which times you read on the days that are ticked."),
        ({"usual": "9-17", "on": ["7"]}, "“7” is not among the choices."),
    ],
)
def test_amend_never_guesses_on_which_days_or_when(signed_in, hourless, typed, said):
    assert said in text(signed_in(hourless).post("/hours/amend/", WEEK | typed))
    assert openings_of(hourless) == []


def test_amend_leads_nowhere_back_before_the_first_hours(signed_in, hourless):
    assert 'class="back"' not in signed_in(hourless).get("/hours/amend/").content.decode()


def test_amend_in_two_tabs_replaces_nothing_unseen(signed_in, paula):
    client = signed_in(paula)
    opened = client.get("/hours/amend/").context["form"]
    typed = opened.initial | {"version": opened.version}
    assert client.post("/hours/amend/", typed | {"note": "By phone on Mondays."}).status_code == 302
    second = client.post("/hours/amend/", typed | {"day_5": "10-12", "note": "Not in August."})
    read = text(second)
    assert "This was changed meanwhile" in read
    assert "Note By phone on Mondays." in read
    assert "Saturday –" in read
    assert "Monday 9:00–17:00" not in read
    assert second.context["form"]["note"].value() == "Not in August."
    assert openings_of(paula)[-1][0] == 4
    shown = re.search(r'name="version" value="(\w+)"', second.content.decode())[1]
    client.post("/hours/amend/", typed | {"note": "Not in August.", "version": shown})
    assert "Not in August." in text(client.get("/hours/"))


def test_amend_sent_twice_is_saved_and_not_changed_meanwhile(signed_in, paula):
    """The second press said that nothing was saved yet, and showed what it had saved itself."""
    client = signed_in(paula)
    opened = client.get("/hours/amend/").context["form"]
    typed = opened.initial | {"version": opened.version, "day_5": "14-16, 10-12"}
    assert [client.post("/hours/amend/", typed).status_code for _press in range(2)] == [302, 302]
    assert openings_of(paula)[-2:] == [(5, 600, 720), (5, 840, 960)]


def test_amend_is_where_who_has_no_hours_lands_and_then_opens_what_waits(signed_in, ana, paula):
    paula.practitioner.openings.all().delete()
    client = signed_in(paula)
    assert client.get("/")["Location"] == "/hours/amend/"
    for page in ("/worklist/", "/patients/", "/invitations/"):
        assert "You have not said when you read." in text(client.get(page))
    assert "All quiet" not in text(client.get("/worklist/"))
    assert client.get(f"/patients/{ana.pk}/").status_code == 404
    assert client.post("/hours/amend/", WEEK | {"day_2": "10-11"})["Location"] == "/"
    assert client.get("/")["Location"] == "/worklist/"
    assert client.get(f"/patients/{ana.pk}/").status_code == 200


def test_away_notes_the_days_and_who_reads(signed_in, ana, paula, remy, now):
    days = {"first_day": "2026-03-11", "last_day": "2026-03-13", "colleague": remy.pk}
    assert signed_in(paula).post("/hours/away/", days)["Location"] == "/hours/"
    read = [day for day in range(6) if permissions.visible_diaries(remy, now + day * DAY).exists()]
    assert read == [1, 2, 3]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first_day": ""}, "Choose the first day."),
        ({"first_day": "2026-03-09"}, "Choose a day from today on"),
        ({"last_day": "2026-03-10"}, "The last day is before the first."),
        ({"last_day": "2029-03-10"}, "within two years"),
        ({"first_day": "2026-02-30"}, "There is no such date."),
        ({"colleague": "-" + "9" * 30}, "Select a valid choice."),
        ({"colleague": "9" * 30}, "Select a valid choice."),
        ({"colleague": "999999"}, "Select a valid choice"),
    ],
)
def test_away_refuses_days_that_cannot_be(signed_in, paula, wrong, said):
    page = signed_in(paula).post("/hours/away/", {"first_day": "2026-03-11", "last_day": "", "colleague": ""} | wrong)
    assert said in text(page)
    assert not Absence.objects.exists()


def test_away_offers_only_who_could_read(signed_in, paula, remy, newcomer, admin, ana):
    options = signed_in(paula).get("/hours/away/").context["form"].fields["colleague"].queryset
    assert [colleague.user for colleague in options] == [remy]
    refused = signed_in(paula).post("/hours/away/", {"first_day": "2026-03-11", "colleague": newcomer.pk})
    assert refused.status_code == 200


def test_back_ends_ones_own_days_alone(signed_in, paula, remy, planned):
    url = f"/hours/away/{planned.pk}/back/"
    assert signed_in(remy).post(url).status_code == 404
    assert signed_in(paula).post(url).status_code == 302
    assert not Absence.objects.exists()


def test_cover_lets_a_colleague_read_at_once(signed_in, ana, paula, remy, now):
    signed_in(paula).post("/hours/cover/", {"colleague": remy.pk, "last_day": ""})
    assert permissions.visible_diaries(remy, now).get().patient == ana


def test_uncover_closes_the_diaries_again(signed_in, ana, paula, remy, admin, now):
    standing = hours.cover(by=paula, now=now, practitioner=paula, covered_by=remy, starts_at=now)
    accounts.deactivate(by=admin, now=now, user=paula, handover=PATIENTS_CHOOSE)
    assert permissions.visible_diaries(remy, now).exists()
    signed_in(remy).post(f"/hours/cover/{standing.pk}/end/")
    assert Cover.objects.get().ends_at == now
    assert not permissions.visible_diaries(remy, now).exists()


def test_uncover_or_back_leaves_nothing_to_end_of_what_was_still_to_come(signed_in, paula, remy, now):
    absence = hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date() + 5 * DAY, covered_by=remy)
    client = signed_in(paula)
    assert "Remy Roche" in text(client.get("/hours/"))
    client.post(f"/hours/away/{absence.pk}/back/")
    assert "Remy Roche" not in text(client.get("/hours/"))
    assert "Paula Pinho" not in text(signed_in(remy).get("/hours/"))
