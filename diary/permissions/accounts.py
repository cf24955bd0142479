"""Who sees accounts and practices: admins, and each person what is their own."""

from datetime import datetime

from django.db.models import Q, QuerySet

from diary.models import (
    Absence,
    Alert,
    Cover,
    Credential,
    Escalation,
    Invitation,
    Practice,
    Practitioner,
    Share,
    Token,
    User,
)
from diary.models.alerts import AlertQuerySet
from diary.models.covers import CoverQuerySet
from diary.models.invitations import InvitationQuerySet
from diary.models.practices import AbsenceQuerySet, PractitionerQuerySet
from diary.models.tokens import TokenQuerySet
from diary.models.users import UserQuerySet


def visible_people(user: User, now: datetime) -> UserQuerySet:
    return User.objects.all() if user.is_admin else User.objects.none()


def visible_credentials(user: User, now: datetime) -> QuerySet[Credential]:
    """Return the credentials that count now: of whom a patient shares with by code, a practitioner's own, or all."""
    valid = Credential.objects.valid(now.date()).order_by("expires_on")
    if user.is_admin:
        return valid
    if user.is_practitioner:
        return valid.filter(practitioner=user.pk)
    named = Share.objects.live(now).filter(patient=user, named=True)
    return valid.filter(practitioner__in=named.values("practitioner"))


def unattended_since(user: User, now: datetime) -> list[datetime]:
    """Return for an admin since when each flag has waited that nobody answered, without whose and what it is."""
    if not user.is_admin:
        return []
    return [escalation.unattended_at for escalation in Escalation.objects.unattended() if escalation.unattended_at]


def has_second_step(user: User, person: User) -> bool:
    """Tell an admin whether somebody signs in with a second step."""
    return user.is_admin and User.objects.with_second_step().filter(pk=person.pk).exists()


def visible_practitioners(user: User, now: datetime) -> PractitionerQuerySet:
    return Practitioner.objects.all() if user.is_admin else Practitioner.objects.filter(pk=user.pk)


def visible_alerts(user: User, now: datetime) -> AlertQuerySet:
    """Return a practitioner's own test alerts, everybody's for an admin."""
    return Alert.objects.all() if user.is_admin else Alert.objects.filter(practitioner=user.pk)


def visible_absences(user: User, now: datetime) -> AbsenceQuerySet:
    """Return a practitioner's own days away, everybody's for an admin."""
    return Absence.objects.all() if user.is_admin else Absence.objects.filter(practitioner=user.pk)


def visible_covers(user: User, now: datetime) -> CoverQuerySet:
    """Return who stands in for a practitioner and for whom they do, everybody's for an admin."""
    if user.is_admin:
        return Cover.objects.all()
    return Cover.objects.filter(Q(practitioner=user) | Q(covered_by=user))


def visible_colleagues(practitioner: User, now: datetime) -> PractitionerQuerySet:
    """Return who could stand in for a practitioner: colleagues of the same practice who may read."""
    same = Practice.objects.filter(practitioners=practitioner.pk)
    return Practitioner.objects.readers(now.date()).filter(practice__in=same).exclude(pk=practitioner.pk)


def visible_invitations(user: User, now: datetime) -> InvitationQuerySet:
    """Return every invitation for an admin, a practitioner's own for a practitioner."""
    if user.is_admin:
        return Invitation.objects.all()
    return Invitation.objects.filter(invited_by=user) if user.is_practitioner else Invitation.objects.none()


def visible_hooks(user: User, now: datetime) -> QuerySet[Practice]:
    """Return for an admin the practices, each with where its own system is called."""
    rows = Practice.objects.select_related("hook").order_by("name", "pk")
    return rows if user.is_admin else rows.none()


def visible_tokens(user: User, now: datetime) -> TokenQuerySet:
    """Return the tokens of a person's own apps and devices."""
    return Token.objects.filter(user=user)


def is_verified(user: User, now: datetime) -> bool:
    """Tell whether a practitioner's credential was checked at its source and has not expired."""
    return Practitioner.objects.verified(now.date()).filter(pk=user.pk).exists()


def is_reader(user: User, now: datetime) -> bool:
    """Tell whether a practitioner may read what is shared with them: verified, and with reading hours."""
    return Practitioner.objects.readers(now.date()).filter(pk=user.pk).exists()


def has_hours(user: User) -> bool:
    return Practitioner.objects.with_hours().filter(pk=user.pk).exists()


def is_secured(user: User) -> bool:
    """Tell whether a person signs in as is asked of them: staff with a second step."""
    return user.is_patient or User.objects.with_second_step().filter(pk=user.pk).exists()
