"""Who takes over where a practitioner goes, changes role or is away, as an admin says it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from diary.actions import accounts, hours, people
from diary.actions.handovers import PATIENTS_CHOOSE
from diary.models import Credential, User
from diary.permissions import visible_patients
from tests.views.test_people import CREDENTIAL


def test_deactivate_of_a_practitioner_tells_numbers_and_asks_who_takes_over(signed_in, admin, ana, paula, remy, log):
    log(ana, 9, red_flags=["infection"], note="a canary")
    client, url = signed_in(admin), reverse("people-deactivate", args=[paula.pk])
    page = client.get(url).content.decode()
    assert "1 patient shares with them." in page
    assert "1 of them has nobody else who reads." in page
    assert "1 open flag" in page
    assert "Ana" not in page
    assert "infection" not in page
    refused = client.post(url)
    assert "Say who takes over" in refused.content.decode()
    assert User.objects.get(pk=paula.pk).is_active
    assert client.post(url, {"takes_over": remy.pk}).url == reverse("people-show", args=[paula.pk])
    assert not User.objects.get(pk=paula.pk).is_active
    assert "Remy Roche reads in their place" in client.get(reverse("people-show", args=[paula.pk])).content.decode()


@pytest.mark.parametrize("name", ["newcomer", "admin", "ana", "paula"])
def test_deactivate_offers_only_colleagues_who_may_read(signed_in, admin, ana, paula, newcomer, name, request):
    client, url = signed_in(admin), reverse("people-deactivate", args=[paula.pk])
    client.post(url, {"takes_over": request.getfixturevalue(name).pk})
    assert User.objects.get(pk=paula.pk).is_active


def test_deactivate_may_leave_it_to_the_patients(signed_in, admin, ana, paula, log, client):
    log(ana, 9, red_flags=["infection"])
    client = signed_in(admin)
    client.post(reverse("people-deactivate", args=[paula.pk]), {"takes_over": "nobody"})
    assert not User.objects.get(pk=paula.pk).is_active
    page = client.get(reverse("people-list"), {"status": "deactivated"}).content.decode()
    assert "Flags wait in diaries that nobody reads" in page
    assert "Ana" not in page
    assert "infection" not in page
    client.logout()
    assert "Nobody you share with can read this at the moment" in signed_in(ana).get("/today/").content.decode()


def test_deactivate_asks_when_somebody_has_shared_meanwhile(signed_in, admin, ana, paula, monkeypatch):
    monkeypatch.setattr("diary.views.people.handing_over", lambda *said: (None, None))
    url = reverse("people-deactivate", args=[paula.pk])
    assert signed_in(admin).post(url).url == url
    assert User.objects.get(pk=paula.pk).is_active


def test_role_asks_who_takes_over(signed_in, admin, ana, paula, remy, log):
    client, url = signed_in(admin), reverse("people-role", args=[paula.pk])
    assert "1 patient shares with them." in client.get(url).content.decode()
    assert client.post(url).status_code == 200
    assert User.objects.get(pk=paula.pk).is_practitioner
    client.post(url, {"takes_over": remy.pk})
    assert User.objects.get(pk=paula.pk).is_admin
    assert visible_patients(remy, timezone.now()).filter(pk=ana.pk).exists()


def test_away_notes_days_with_who_reads_on_them(signed_in, admin, ana, paula, remy, now):
    client, url = signed_in(admin), reverse("people-away", args=[paula.pk])
    assert "1 patient shares with them." in client.get(url).content.decode()
    days = {"first_day": "2026-03-10", "last_day": "2026-03-20"}
    assert client.post(url, days).status_code == 200
    assert client.post(url, days | {"takes_over": remy.pk}).status_code == 302
    assert visible_patients(remy, now).filter(pk=ana.pk).exists()
    page = client.get(reverse("people-show", args=[paula.pk])).content.decode()
    assert "Away Tuesday 10 March 2026 to Friday 20 March 2026" in page
    client.post(reverse("people-back", args=[paula.pk]))
    assert not visible_patients(remy, now + timedelta(hours=1)).exists()


@pytest.mark.parametrize("wrong", [{"first_day": "2026-03-01"}, {"first_day": ""}, {"last_day": "2026-03-10"}])
def test_away_keeps_what_was_typed_when_something_is_wrong(signed_in, admin, paula, wrong):
    typed = {"first_day": "2026-03-11", "last_day": "2026-03-20", "takes_over": "nobody"}
    answer = signed_in(admin).post(reverse("people-away", args=[paula.pk]), typed | wrong)
    assert answer.status_code == 200
    assert not paula.practitioner.absences.exists()


def test_away_is_for_practitioners_who_are_here(signed_in, admin, ana, paula, now):
    accounts.deactivate(by=admin, now=now, user=paula, handover=PATIENTS_CHOOSE)
    for person in (ana, paula):
        assert signed_in(admin).get(reverse("people-away", args=[person.pk])).status_code == 404


def test_back_ends_all_days_away(signed_in, admin, paula, now):
    hours.go_away(by=admin, now=now, practitioner=paula, first_day=now.date() + timedelta(days=3))
    signed_in(admin).post(reverse("people-back", args=[paula.pk]))
    assert not paula.practitioner.absences.exists()


def test_cover_names_a_colleague_also_for_a_closed_account(signed_in, admin, ana, paula, remy, now):
    accounts.deactivate(by=admin, now=now, user=paula, handover=PATIENTS_CHOOSE)
    client, url = signed_in(admin), reverse("people-cover", args=[paula.pk])
    assert "Who reads in the place of Paula Pinho" in client.get(url).content.decode()
    client.post(url, {"colleague": remy.pk})
    assert visible_patients(remy, now + timedelta(hours=1)).filter(pk=ana.pk).exists()


def test_uncover_ends_every_cover(signed_in, admin, ana, paula, remy, now):
    hours.cover(by=admin, now=now, practitioner=paula, covered_by=remy, starts_at=now)
    signed_in(admin).post(reverse("people-uncover", args=[paula.pk]))
    assert not visible_patients(remy, now + timedelta(hours=1)).exists()


@pytest.mark.parametrize("page", ["verify", "cover", "role"])
@pytest.mark.parametrize("id", ["9" * 30, str(2**63)])
def test_a_number_that_no_row_can_have_does_not_exist(signed_in, admin, page, id):
    assert signed_in(admin).get(f"/people/{id}/{page}/").status_code == 404


def test_verify_is_of_others_credentials(signed_in, admin, newcomer, now):
    """The page that gives somebody a role says that another admin checks: who treated before could check their own."""
    people.change_role(by=admin, now=now, user=newcomer, role="admin", handover=PATIENTS_CHOOSE)
    before = User.objects.get(pk=newcomer.pk)
    client, address = signed_in(before), reverse("people-verify", args=[before.pk])
    assert address not in client.get(reverse("people-show", args=[before.pk])).content.decode()
    assert client.post(address, CREDENTIAL).status_code == 403
    assert not Credential.objects.filter(practitioner=before.pk).exists()


def test_role_given_twice_is_not_taken_back(signed_in, admin, paula, now):
    """Pressed twice, or by two admins: the second press came to a page that would have made the opposite of it."""
    client, address = signed_in(admin), reverse("people-role", args=[paula.pk])
    page = client.get(address)
    assert 'name="role" value="admin"' in page.content.decode()
    assert f'data-draft="role-{paula.pk}-admin"' in page.content.decode()  # a draft fills in what is hidden too
    for _press in range(2):
        answer = client.post(address, {"role": "admin", "takes_over": "nobody"})
        assert answer.headers["Location"] == reverse("people-show", args=[paula.pk])
    paula.refresh_from_db()
    assert paula.role == "admin"
