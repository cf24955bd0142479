"""A word of its own in every field of everybody that can hold one, and who may read it: by rules, never cell by cell.

Which fields there are `diary.personal` knows. One that neither stands in SUNG nor has its reason here fails the build.
What is random already, such as the digest of a secret, is its own word.
"""

import re
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from django.apps import apps
from django.db import models
from django.utils import timezone

from diary import personal
from diary.models import Note, Notification
from tests.world import CANARY

WORD, RANDOM = re.compile(r"zq\d{4}qz"), re.compile(r"[0-9a-z]{32,64}")

# Who reads what, in this world

LENT = {  # of whose diary, which part of it, to whom; "sheet" is what the holder of the link reads
    "ana": {part: {"paula", "cover"} for part in ("diary", "notes", "intake", "practice")} | {"sheet": {"holder"}},
    "ben": {"diary": {"narrow"}, "practice": {"narrow"}},
    "paula": {"treated": {"holder"}},  # who gave a session stands beside it on the sheet
}
KNOWN = {  # with whom a patient has ever shared, who stands in for them, and who invited the patient
    "ana": {"paula", "cover", "former", "newcomer", "expired", "lapsed", "deactivated", "stepless"},
    "ben": {"narrow", "admin"},
}
COLLEAGUES = {"paula", "remy", "narrow"} | KNOWN["ana"]  # all of one practice


def circle(name, whose, row, names):
    """Return the people of a circle around one row; `names` are those of the accounts by their number."""
    if name == "inviter":
        return {names[row.invited_by_id]}
    if name == "told":
        return {names[person.pk] for person in row.told.all()}
    around = {
        "own": {whose},
        "admins": {"admin"},
        "nobody": set(),
        "patients": {patient for patient, known in KNOWN.items() if whose in known},
        "colleagues": COLLEAGUES if whose in COLLEAGUES else set(),
    }
    return around[name] if name in around else LENT.get(whose, {}).get(name, set())


SUNG = {  # field: the circles in which it may be heard
    "account.EmailAddress.email": "own",
    "admin.LogEntry.change_message": "admins",
    "admin.LogEntry.object_repr": "admins",
    "diary.Amendment.values": "own notes",
    "diary.Credential.board": "own admins patients",
    "diary.Credential.evidence": "own admins",
    "diary.Credential.number": "own admins",
    "diary.Departure.email": "told",
    "diary.Departure.name": "told",
    "diary.Entry.aftercare": "own diary",
    "diary.Entry.note": "own notes",
    "diary.Event.actor_name": "own diary admins",
    "diary.Event.new": "own",
    "diary.Event.old": "own",
    "diary.Hook.url": "admins",
    "diary.Import.text": "own",
    "diary.Intake.allergies": "own intake",
    "diary.Intake.earlier_treatments": "own intake",
    "diary.Intake.expectation": "own intake",
    "diary.Intake.medicines": "own intake",
    "diary.Invitation.code_digest": "nobody",
    "diary.Invitation.email": "own inviter admins",
    "diary.Invitation.name": "own inviter admins",
    "diary.Invitation.token_digest": "nobody",
    "diary.Link.reader": "own sheet",
    "diary.Link.token_digest": "nobody",
    "diary.Message.body": "own diary",
    "diary.Note.body": "practice",
    "diary.Note.earlier": "practice",
    "diary.Notification.error": "nobody",
    "diary.Practitioner.hours_note": "own admins patients",
    "diary.Practitioner.spoken_code": "own admins patients",  # to share with them again
    "diary.ReminderPlan.calendar_digest": "nobody",
    "diary.Share.address": "own",
    "diary.Step.note": "own diary",
    "diary.Subscription.endpoint": "nobody",
    "diary.Subscription.point": "nobody",
    "diary.Subscription.secret": "nobody",
    "diary.Token.digest": "nobody",
    "diary.Token.name": "own",
    "diary.Token.seal": "nobody",
    "diary.TreatmentSession.aftercare": "own diary",
    "diary.TreatmentSession.note": "own diary sheet",
    "diary.TreatmentSession.response": "own diary sheet",
    "diary.Tries.device": "nobody",
    "diary.Tries.who": "nobody",
    "diary.User.email": "own admins",
    "diary.User.name": "own diary sheet admins patients colleagues treated",
    "diary.User.password": "nobody",
    "mfa.Authenticator.data": "nobody",
    "usersessions.UserSession.data": "nobody",
    "usersessions.UserSession.session_key": "nobody",
    "usersessions.UserSession.user_agent": "own",
}
KINDS = {  # of fields that hold no word
    **dict.fromkeys(("AutoField", "BigAutoField", "IntegerField", "SmallIntegerField", "BigIntegerField"), "a number"),
    **dict.fromkeys(("PositiveIntegerField", "PositiveSmallIntegerField"), "a number"),
    **dict.fromkeys(("DateField", "DateTimeField", "TimeField"), "a moment"),
    "BinaryField": "numbers",
    "BooleanField": "yes or no",
    "GenericIPAddressField": "an address of the network: all tests come from one",
    "UUIDField": "an id, which stands in addresses",
}
CODES = "codes of the product's own: a form takes no other"
ZONE = "the name of a zone or a language: a page fails on another"
MADE = "made by the product of numbers, codes and ids"
CANNOT = {
    "account.EmailConfirmation.key": "no row is written: addresses are confirmed by a code in the session",
    "admin.LogEntry.object_id": "the number of an account",
    "diary.Consent.language": ZONE,
    "diary.Consent.text_digest": "the digest of a text that is the same for everybody",
    "diary.Entry.good": CODES,
    "diary.Entry.red_flags": CODES,
    "diary.Entry.regions": CODES,
    "diary.Entry.zone": ZONE,
    "diary.Event.actor": "the number of an account",
    "diary.Event.stream": "the number of an account",
    "diary.Event.subject": "the id of a row",
    "diary.Event.verb": CODES,
    "diary.Event.link": "the audit's chain: nothing is sealed yet in this world",
    "diary.Event.salt": "the audit's chain",
    "diary.Event.texts_digest": "the audit's chain",
    "diary.Flag.code": CODES,
    "diary.Flag.evidence": MADE,
    "diary.Flag.inputs": MADE,
    "diary.Flag.rule": CODES,
    "diary.Flag.rules_version": MADE,
    "diary.Flag.symptom": CODES,
    "diary.Import.choices": MADE,
    "diary.Import.digest": "empty for a table; of an export the digest that its owner is shown",
    "diary.Import.result": MADE,
    "diary.Intake.blood_thinners": CODES,
    "diary.Intake.conditions": CODES,
    "diary.Notification.key": "an id or a day",
    "diary.Notification.kind": CODES,
    "diary.Practitioner.hours_zone": ZONE,
    "diary.Step.action": CODES,
    "diary.Step.before": MADE,
    "diary.Tries.at": "moments",
    "diary.TreatmentSession.sites": CODES,
    "diary.TreatmentSession.zone": ZONE,
    "diary.User.language": ZONE,
    "diary.User.time_zone": ZONE,
    "sessions.Session.session_data": "sealed, and not read by any page",
    "sessions.Session.session_key": "the same as usersessions.UserSession.session_key, which sings",
}


def label(field):
    return f"{field.model._meta.label}.{field.name}"


def reason(field):
    """Return why a field holds no word; None where it has to."""
    model = field.model._meta.label
    if personal.NOT_OF_PATIENTS.get(model) in {personal.MACHINERY, "no person"}:
        return personal.NOT_OF_PATIENTS[model]
    if model in personal.WORKED_OUT_TABLES:
        return personal.WORKED_OUT
    if field.is_relation:
        return "points to a row"
    return "one of a few words" if field.choices else KINDS.get(field.get_internal_type(), CANNOT.get(label(field)))


def columns() -> Iterator[models.Field]:
    for model in apps.get_models():
        if model._meta.managed:
            yield from model._meta.concrete_fields


def unsung():
    """Return the fields of the database of which nobody has decided who may read them."""
    return {label(field) for field in columns() if label(field) not in SUNG and not reason(field)}


# Singing


class Sung(NamedTuple):
    """Of a word: whose it is, in which field it stands, and who may hear it."""

    whose: str
    field: str
    may: frozenset[str]


OWNERS = {part.model: part.whose for part in personal.PARTS} | {
    "admin.LogEntry": "object_id",
    "diary.Credential": "practitioner",
    "diary.Hook": "",
    "diary.Departure": "",
    "diary.Note": "patient",
    "diary.Practitioner": "pk",
}
"""By which field a row says whose it is."""


def sing(names) -> dict[str, Sung]:
    """Put a word of its own into each field of each row; return what each is. `names` are people by number."""
    words, numbers = {}, count(1000)
    by_model = {}
    for field in columns():
        if label(field) in SUNG:
            by_model.setdefault(field.model, []).append(field)
    for model, fields in by_model.items():
        for row in model._base_manager.all():
            new = {}
            for field in fields:
                word, value = sung_in(field, row, f"zq{next(numbers)}qz")
                if word:
                    words[word] = heard_by(field, row, names)
                    new |= {field.name: value} if value is not None else {}
            if new:
                model._base_manager.filter(pk=row.pk).update(**new)
    return words


def heard_by(field, row, names):
    owner = OWNERS[field.model._meta.label]
    pk = getattr(row, f"{owner}_id", None) or getattr(row, owner, None) if owner else None
    whose = names.get(int(getattr(pk, "pk", pk)), "") if pk else ""
    may = {person for name in SUNG[label(field)].split() for person in circle(name, whose, row, names)}
    return Sung(whose, label(field), frozenset(may))


SECRETS = {name for name, circles in SUNG.items() if circles == "nobody"} - {
    "diary.Notification.error",
    "diary.Subscription.endpoint",
    "diary.Subscription.point",
    "diary.Subscription.secret",
    "mfa.Authenticator.data",
    "usersessions.UserSession.data",
}
"""What is random already, and no other value would do."""


def sung_in(field, row, word):
    """Return the word of a field, and the new value that holds it; None where its own value is the word."""
    value, name = getattr(row, field.attname), label(field)
    if name in SECRETS:
        found = RANDOM.findall(str(value or ""))
        return (found[-1], None) if found else ("", None)
    if name == "diary.Note.earlier" and not value:
        return "", None
    if name in {"diary.Departure.name", "diary.Departure.email"} and row.closed_at:
        return "", None
    new = holding(field, value, word)
    assert field.max_length is None or len(new) <= field.max_length, name
    return word, new


def holding(field, value, word):
    """Return a value in the shape that it has, with the word in it."""
    if label(field) == "diary.User.name":
        return f"{value} {word}"
    if label(field) == "diary.Import.text":
        return value.replace(CANARY, word)
    if isinstance(field, models.EmailField):
        return f"{word}@settle.example"
    if isinstance(field, models.URLField):
        return f"https://{word}.example/"
    if not isinstance(field, models.JSONField):
        return word
    if isinstance(value, dict):
        return value | {"note": word}
    return [one | {"body": word} for one in value] if field.model is Note else [word]


def heard_in(text, words):
    """Return the words that stand in a text; of the random ones each is looked for, which is quicker than a pattern."""
    random = [word for word in words if len(word) > len("zq1000qz")]
    return set(WORD.findall(text)) & words.keys() | {word for word in random if word in text}


def told(recipients, kinds, flag, keys):
    """Yield a message of each kind to each of these people, as the outbox has it."""
    about = {"flag": flag, "created_at": timezone.now(), "due_at": timezone.now()}
    for person in recipients:
        for kind in kinds:
            yield Notification(recipient=person, kind=kind, key=keys.get(kind, str(flag.pk)), **about)
