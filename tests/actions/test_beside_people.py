"""Admins who act on accounts at the same moment, and people who are closed while they do something."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from diary.actions import accounts, people, shares
from diary.actions.handovers import PATIENTS_CHOOSE, HandoverNeeded
from diary.models import Departure, Event, Invitation, Notification, Practice, User
from tests.actions.beside import beside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def otto(admin, now):
    return User.objects.create_user(email="otto@example.org", role=User.Role.ADMIN, name="Otto", date_joined=now)


@pytest.fixture
def eva(admin, now):
    return User.objects.create_user(email="eva@example.org", role=User.Role.ADMIN, name="Eva", date_joined=now)


def again(person):
    """Return a person as another request has them."""
    return User.objects.get(pk=person.pk)


def closing(by, user, now):
    return partial(accounts.deactivate, by=again(by), now=now, user=again(user), handover=PATIENTS_CHOOSE)


@pytest.mark.parametrize("act", ["invite", "resend"])
def test_an_admin_who_is_closed_leaves_no_way_back_in_behind(admin, otto, now, act):
    """What was being invited at that moment was not ended with the rest: it opened an admin's account for two weeks."""
    sent = accounts.invite(by=otto, now=now, email="first@example.org", role="admin").invitation
    verbs = {
        "invite": partial(accounts.invite, by=again(otto), now=now, email="second@example.org", role="admin"),
        "resend": partial(accounts.resend, by=again(otto), now=now, invitation=sent),
    }
    where = {"invite": "INSERT INTO diary_event", "resend": 'UPDATE "diary_invitation"'}
    beside(verbs[act], where[act], closing(admin, otto, now))
    assert not User.objects.get(pk=otto.pk).is_active
    assert not Invitation.objects.usable(now).filter(invited_by=otto).exists()


def test_an_invitation_of_who_is_closed_meanwhile_is_refused(admin, otto, now):
    invite = partial(accounts.invite, by=again(otto), now=now, email="second@example.org", role="admin")
    assert beside(closing(admin, otto, now), "INSERT INTO diary_event", invite) == [None, PermissionDenied]


def test_of_two_who_are_last_to_answer_and_go_at_once_one_passes_on(admin, otto, paula, other, remy, now):
    """Each was left to the other, and nobody was told of whoever had left."""
    departure = Departure.objects.create(left_at=now)
    departure.told.set([paula, other])
    beside(closing(admin, paula, now), 'UPDATE "diary_user"', closing(otto, other, now))
    assert remy in departure.told.all()
    assert Notification.objects.filter(recipient=remy, kind="departure").exists()


def test_who_is_closed_by_two_admins_at_once_hands_over_once(admin, otto, paula, now):
    beside(closing(admin, paula, now), 'UPDATE "diary_user"', closing(otto, paula, now))
    assert Event.objects.about(paula.pk).filter(verb="handed-over").count() == 1


def test_a_role_given_by_two_admins_at_once_is_given_once_and_told_once(admin, otto, eva, now):
    practice = Practice.objects.create(name="Riverside", emergency_number="112", same_day_number="5550100")
    said = {"role": "practitioner", "practice": practice}
    give = partial(people.change_role, by=again(admin), now=now, user=again(otto), **said)
    twice = partial(people.change_role, by=again(eva), now=now.replace(second=1), user=again(otto), **said)
    assert beside(give, 'UPDATE "diary_user"', twice) == [None, None]
    assert Event.objects.about(otto.pk).filter(verb="role-changed").count() == 1
    assert Notification.objects.filter(recipient=otto, kind="role-changed").count() == 1


def test_nobody_shares_by_code_with_a_practitioner_who_is_closed_at_that_moment(admin, ana, remy, now):
    """They were closed as one with whom nobody shares, and the patient was told that it is shared."""
    code, person = remy.practitioner.spoken_code, again(ana)
    share = partial(shares.grant, by=person, now=now, code=code)
    close = partial(accounts.deactivate, by=again(admin), now=now, user=again(remy))
    assert beside(share, 'INSERT INTO "diary_share"', close) == [None, HandoverNeeded]
    assert User.objects.get(pk=remy.pk).is_active


def test_the_code_of_who_is_closed_at_that_moment_names_nobody(admin, ana, remy, now):
    share = partial(shares.grant, by=again(ana), now=now, code=remy.practitioner.spoken_code)
    close = partial(accounts.deactivate, by=again(admin), now=now, user=again(remy))
    assert beside(close, 'UPDATE "diary_user"', share) == [None, shares.UnknownCode]
