from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from diary.actions import accounts, consents, leaving, links
from diary.models import Event, Link

DAY = timedelta(days=1)


@pytest.fixture
def made(ana, now):
    return links.make(by=ana, now=now, reader="Dr Weber", parts={"scores"}, first_day=(now - 30 * DAY).date())


def test_the_secret_is_kept_only_as_its_digest(made):
    assert len(made.token) >= 43  # 256 bits
    assert made.token not in str(Link.objects.values_list().get(pk=made.link.pk))
    assert made.token not in str([*Event.objects.values_list()])


def test_a_link_lasts_two_weeks_unless_said_and_ninety_days_at_most(made, ana, now):
    assert made.link.expires_at == now + 14 * DAY
    for ends in (now, now + 90 * DAY + timedelta(seconds=1)):
        with pytest.raises(links.LastsTooLong):
            links.make(by=ana, now=now, reader="x", parts={"scores"}, first_day=now.date(), expires_at=ends)


def test_only_the_patient_makes_and_ends(made, ben, paula, now):
    for person in (ben, paula):
        with pytest.raises(PermissionDenied):
            links.revoke(by=person, now=now, link=made.link)
    with pytest.raises(PermissionDenied):
        links.make(by=paula, now=now, reader="x", parts={"scores"}, first_day=now.date())


def test_an_opening_is_noted_as_the_readers(made, ana, now):
    assert links.open_by(made.token, by=None, now=now) == made.link
    links.open_by(made.token, by=None, now=now + DAY)
    link = Link.objects.get(pk=made.link.pk)
    assert (link.openings, link.opened_at) == (2, now + DAY)
    noted = Event.objects.about(ana.pk).by_others(ana.pk).filter(verb="link-opened")
    assert [*noted.values_list("actor_name", flat=True)] == ["Dr Weber"] * 2


def test_a_patient_who_tries_their_own_link_is_no_second_reader(made, ana, now):
    assert links.open_by(made.token, by=ana, now=now) == made.link
    assert Link.objects.get(pk=made.link.pk).opened_at is None
    assert Event.objects.about(ana.pk).filter(verb="link-tried", actor=str(ana.pk)).count() == 1


@pytest.mark.parametrize("how", ["ended", "out of date", "closed", "agreement taken back", "erased", "damaged"])
def test_what_has_ended_opens_nothing_and_is_no_opening(how, made, ana, admin, now, settings, tmp_path):
    settings.ERASED_LIST = tmp_path / "erased.list"
    token, later = made.token, now + timedelta(hours=1)
    if how == "ended":
        links.revoke(by=ana, now=now, link=made.link)
    elif how == "out of date":
        later = made.link.expires_at
    elif how == "closed":
        accounts.deactivate(by=admin, now=now, user=ana)
    elif how == "agreement taken back":
        consents.withdraw(by=ana, now=now)
    elif how == "erased":
        leaving.erase(by=ana, now=now)
    else:
        token = token[:-1]
    assert links.open_by(token, by=None, now=later) is None
    assert not Event.objects.filter(verb="link-opened").exists()
