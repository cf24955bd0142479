from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from diary import permissions
from diary.actions import accounts, hours, shares
from diary.actions.handovers import PATIENTS_CHOOSE
from diary.hours import Away, Hours, Opening
from diary.models import Absence, Cover, Event, Share

DAY = timedelta(days=1)
LONG = timedelta(days=60)


@pytest.fixture
def flagged(ana, log):
    """A red flag of Ana's, which nobody has looked at."""
    return log(ana, 4, red_flags=["infection"]).raised[0]


@pytest.fixture
def covered(paula, remy, now):
    return hours.cover(by=paula, now=now, practitioner=paula, covered_by=remy, starts_at=now)


def told(flag, now):
    return [person.name.split()[0] for person in permissions.escalation_of(flag.patient_id, now)]


def at_once(flag, now):
    return {person.name.split()[0] for person in permissions.notified_of(flag.patient_id, now)}


# Saying when one reads


def test_save_replaces_the_hours_and_keeps_what_they_were(paula, now):
    openings = [Opening(2, 600, 720), Opening(2, 780, 1440)]
    hours.save(by=paula, now=now, practitioner=paula, zone="Europe/Lisbon", openings=openings, note="By phone too.")
    paula.practitioner.refresh_from_db()
    assert paula.practitioner.hours == Hours("Europe/Lisbon", tuple(openings))
    event = Event.objects.about(paula.pk).filter(verb="hours-saved").latest("pk")
    assert '"zone": "UTC"' in event.old
    assert "[2, 600, 720]" in event.new


def test_only_the_practitioner_or_an_admin_says_when_they_read(ana, paula, remy, admin, now):
    for by in (ana, remy):
        with pytest.raises(PermissionDenied):
            hours.save(by=by, now=now, practitioner=paula, zone="UTC", openings=[])
        with pytest.raises(PermissionDenied):
            hours.go_away(by=by, now=now, practitioner=paula, first_day=now.date())
    with pytest.raises(PermissionDenied):
        hours.save(by=admin, now=now, practitioner=ana, zone="UTC", openings=[])
    hours.go_away(by=admin, now=now, practitioner=paula, first_day=now.date())


# Without hours


def test_a_share_by_code_is_refused_until_there_are_hours(ben, remy, now):
    remy.practitioner.openings.all().delete()
    with pytest.raises(shares.NoReadingHours):
        shares.grant(by=ben, now=now, code=remy.practitioner.spoken_code)
    assert not Share.objects.filter(patient=ben).exists()


def test_a_share_by_address_answers_as_for_anybody_and_waits_for_the_hours(ben, remy, now):
    remy.practitioner.openings.all().delete()
    shares.grant(by=ben, now=now, address=remy.email)
    assert not permissions.visible_diaries(remy, now).exists()
    hours.save(by=remy, now=now, practitioner=remy, zone="UTC", openings=[Opening(0, 540, 600)])
    assert permissions.visible_diaries(remy, now).exists()


def test_without_hours_nobody_invites_patients(paula, now):
    assert permissions.can_invite(paula, "patient", now)
    paula.practitioner.openings.all().delete()
    assert not permissions.can_invite(paula, "patient", now)


def test_who_joins_by_an_older_invitation_shares_and_the_share_waits(paula, now):
    invited = accounts.invite(by=paula, now=now, email="late@settle.example", role="patient")
    paula.practitioner.openings.all().delete()
    late = accounts.accept(now=now, invitation=invited.invitation, name="Late", password="a long enough sentence")
    assert Share.objects.get(patient=late).practitioner == paula
    assert not permissions.visible_diaries(paula, now).exists()


def test_who_has_no_hours_is_still_told_that_something_waits(flagged, paula, now):
    paula.practitioner.openings.all().delete()
    assert at_once(flagged, now) == {"Paula"}
    assert not permissions.can_handle(paula, flagged, now)


# Standing in


def test_a_cover_reads_while_it_lasts_and_no_longer(ana, paula, remy, flagged, now):
    assert not permissions.visible_entries(remy, now).exists()
    cover = hours.cover(
        by=paula, now=now, practitioner=paula, covered_by=remy, starts_at=now + DAY, last_day=(now + 2 * DAY).date()
    )
    read = [day for day in range(5) if permissions.visible_entries(remy, now + day * DAY).exists()]
    assert read == [1, 2]  # to the end of the second day
    assert permissions.can_handle(remy, flagged, now + DAY)
    hours.uncover(by=paula, now=now + DAY, cover=cover)
    assert not permissions.visible_flags(remy, now + DAY).exists()


def test_a_cover_reads_only_where_the_patient_lets_them(ana, paula, remy, covered, flagged, now):
    Share.objects.filter(patient=ana, practitioner=paula).update(with_cover=False)
    assert not permissions.visible_diaries(remy, now).exists()
    assert told(flagged, now) == ["Paula"]


def test_a_cover_reads_no_more_than_the_share_says(ana, paula, remy, covered, log, now):
    log(ana, 3, note="private")
    assert permissions.visible_notes(remy, now).exists()
    Share.objects.filter(patient=ana, practitioner=paula).update(with_notes=False, with_intake=False)
    assert not permissions.visible_notes(remy, now).exists()
    assert not permissions.visible_intakes(remy, now).exists()


@pytest.mark.parametrize("lacking", ["credential", "hours", "practice", "account"])
def test_a_cover_who_may_not_read_does_not(ana, paula, remy, covered, admin, flagged, now, lacking):
    assert permissions.visible_diaries(remy, now).exists()
    if lacking == "credential":
        remy.practitioner.credentials.update(expires_on=now.date() - DAY)
    elif lacking == "hours":
        remy.practitioner.openings.all().delete()
    elif lacking == "practice":
        remy.practitioner.practice = type(remy.practitioner.practice).objects.create(name="Elsewhere")
        remy.practitioner.save()
    else:
        accounts.deactivate(by=admin, now=now, user=remy)
    assert not permissions.visible_diaries(remy, now).exists()
    assert told(flagged, now) == ["Paula"]


def test_a_cover_goes_on_when_the_covered_one_may_read_no_longer(ana, paula, remy, covered, admin, flagged, now):
    accounts.deactivate(by=admin, now=now, user=paula, handover=PATIENTS_CHOOSE)
    assert permissions.can_handle(remy, flagged, now)
    assert told(flagged, now) == ["Remy"]


def test_a_cover_is_no_licence_to_cover_again(ana, paula, remy, covered, newcomer, verify, flagged, now):
    verify(newcomer)
    hours.cover(by=remy, now=now, practitioner=remy, covered_by=newcomer, starts_at=now)
    assert permissions.visible_diaries(remy, now).exists()
    assert not permissions.visible_diaries(newcomer, now).exists()


def test_only_a_verified_colleague_of_the_practice_with_hours_stands_in(paula, newcomer, admin, ana, remy, now):
    remy.practitioner.openings.all().delete()
    for colleague in (paula, newcomer, admin, ana, remy):
        with pytest.raises(PermissionDenied):
            hours.cover(by=paula, now=now, practitioner=paula, covered_by=colleague, starts_at=now)


def test_what_a_cover_reads_is_noted_as_that(ana, paula, remy, covered, now):
    shares.look(by=remy, now=now, patient=ana)
    look = Event.objects.about(ana.pk).reads().get()
    assert (look.actor_name, look.subject, look.new) == (remy.name, str(paula.pk), paula.name)


def test_who_holds_a_share_themselves_reads_for_themselves(ana, paula, remy, covered, now):
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    shares.look(by=remy, now=now, patient=ana)
    assert Event.objects.about(ana.pk).reads().get().new == ""


def test_uncover_by_who_stands_in_or_who_is_stood_in_for(paula, remy, newcomer, covered, now):
    with pytest.raises(PermissionDenied):
        hours.uncover(by=newcomer, now=now, cover=covered)
    hours.uncover(by=remy, now=now, cover=covered)
    assert not Cover.objects.in_force(now).exists()


# Away


def test_what_is_sent_twice_is_noted_once_and_ended_for_good(ana, paula, remy, flagged, now):
    for later in (now, now + timedelta(seconds=1)):
        cover = hours.cover(by=paula, now=later, practitioner=paula, covered_by=remy, starts_at=later)
        absence = hours.go_away(
            by=paula,
            now=later,
            practitioner=paula,
            first_day=now.date() + DAY,
            last_day=now.date() + LONG,
            covered_by=remy,
        )
    assert permissions.visible_diaries(remy, now + DAY).exists()
    hours.uncover(by=paula, now=now + DAY, cover=cover)
    hours.come_back(by=paula, now=now + 2 * DAY, absence=absence)
    assert not permissions.visible_diaries(remy, now + 2 * DAY).exists()
    assert not paula.practitioner.absences.filter(last_day__gt=now + 2 * DAY).exists()
    assert Event.objects.filter(verb="away").count() == 1


def test_days_away_are_those_of_the_zone_and_so_is_the_cover(ana, paula, remy, now):
    hours.save(by=paula, now=now, practitioner=paula, zone="Pacific/Auckland", openings=[Opening(0, 540, 600)])
    first, last = date(2026, 3, 12), date(2026, 3, 13)
    paula.practitioner.refresh_from_db()
    hours.go_away(by=paula, now=now, practitioner=paula, first_day=first, last_day=last, covered_by=remy)
    cover = Cover.objects.get()
    assert (cover.starts_at, cover.ends_at) == (
        datetime(2026, 3, 11, 11, tzinfo=UTC),
        datetime(2026, 3, 13, 11, tzinfo=UTC),
    )
    assert paula.practitioner.hours.away == (Away(first, last),)


def test_who_is_away_is_not_told_while_another_stands_in(ana, paula, remy, flagged, now):
    assert (at_once(flagged, now), told(flagged, now)) == ({"Paula"}, ["Paula"])
    hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date(), covered_by=remy)
    assert (at_once(flagged, now), told(flagged, now)) == ({"Remy"}, ["Remy", "Paula"])


def test_who_is_away_and_alone_is_told_all_the_same(ana, paula, flagged, now):
    hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date())
    assert at_once(flagged, now) == {"Paula"}


def test_a_standing_cover_comes_after_who_is_there(ana, paula, covered, flagged, now):
    assert (at_once(flagged, now), told(flagged, now)) == ({"Paula"}, ["Paula", "Remy"])


def test_every_holder_who_is_there_is_told_at_once(ana, paula, remy, flagged, now):
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    assert at_once(flagged, now) == {"Paula", "Remy"}
    assert told(flagged, now) == ["Paula", "Remy"]


def test_come_back_ends_the_days_and_their_cover(ana, paula, remy, now):
    absence = hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date() - 3 * DAY, covered_by=remy)
    hours.come_back(by=paula, now=now, absence=absence)
    assert Absence.objects.get().last_day == now.date() - DAY
    assert not permissions.visible_diaries(remy, now).exists()


def test_days_still_to_come_are_struck_out(ana, paula, remy, now):
    absence = hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date() + DAY, covered_by=remy)
    hours.come_back(by=paula, now=now, absence=absence)
    assert not Absence.objects.exists()
    assert not permissions.visible_diaries(remy, now + LONG).exists()
