"""What a patient agrees to, and takes back."""

from datetime import datetime

from django.db import transaction

from diary.actions import links, reminders, shares
from diary.actions.audit import record_event
from diary.actions.diaries import hold
from diary.consenting import Agreement
from diary.models import Consent, Link, Share, User
from diary.permissions import can_log, require


@transaction.atomic
def give(*, by: User, now: datetime, agreed: Agreement) -> Consent:
    """Note that a patient agreed to a text; the same version agreed to again is one agreement."""
    require(can_log(by))
    hold(by)
    consent, given = Consent.objects.standing().get_or_create(
        patient=by,
        version=agreed.version,
        defaults={"language": agreed.language, "text_digest": agreed.digest, "given_at": now},
    )
    if given:
        said = f"{agreed.version} {agreed.language}"
        record_event(by=by, now=now, stream=by.pk, verb="consent-given", subject=consent.pk, new=said)
    return consent


@transaction.atomic
def withdraw(*, by: User, now: datetime) -> None:
    """Take every standing agreement back: from now on nobody but the patient reads the diary."""
    require(can_log(by))
    hold(by)  # before its shares and links, as whoever deletes the diary does
    if Consent.objects.standing().filter(patient=by).update(withdrawn_at=now):
        record_event(by=by, now=now, stream=by.pk, verb="consent-withdrawn")
    for share in Share.objects.live(now).filter(patient=by):
        shares.revoke(by=by, now=now, share=share)
    for link in Link.objects.live(now).filter(patient=by):
        links.revoke(by=by, now=now, link=link)
    reminders.stop_mail(of=by, now=now)
