"""What is kept of a person, field by field: what they get in their export, what they do not and why.

Every table and every field of the database stands here; a test fails for one that does not. What stands as exported
is exported by that alone: `diary.exports` reads this list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, QuerySet

from diary.models import Practice, User

SECRET = "a secret, or the digest of one: whoever holds it could use it"  # noqa: S105
WHOSE = "names the patient, of whom the whole document is"
WORKED_OUT = "worked out from what is exported, and again whenever it is missing"
MACHINERY = "how the product works, nothing about the person"
ACCOUNT_NUMBER = "the number of an account here; the name stands beside it"
PATIENT = {"patient": WHOSE}
USER = {"user": WHOSE}
ID = {"id": MACHINERY}
IMPORTED = {
    "imported_at": "when it was taken from a file here: the part `imports` says so, and what it says is the same"
}


@dataclass(frozen=True, slots=True)
class Part:
    """One table that holds rows of patients: under which key they are exported, and how a patient's are found."""

    key: str
    model: str
    whose: str
    exported: tuple[str, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)

    def rows(self, patient: User) -> QuerySet[Any]:
        """Return this patient's rows, in the order in which they were made."""
        found = apps.get_model(self.model)._base_manager.filter(**{self.whose: patient.pk})
        columns = [apps.get_model(self.model)._meta.get_field(name) for name in self.exported]
        made_at = [column.name for column in columns if isinstance(column, DateTimeField) and not column.null][:1]
        named = [column.name for column in columns if points_to_a_name(column)]
        return found.select_related(*named).order_by(*made_at, "pk")


def points_to_a_name(column: Any) -> bool:
    """Tell whether a field points to a person or a practice: those are named, other rows are said by their id."""
    return column.related_model in {User, Practice}


PARTS = (
    Part(
        "account",
        "diary.User",
        "pk",
        ("email", "name", "role", "time_zone", "language", "is_active", "date_joined", "last_login"),
        ID | {"password": SECRET, "session_round": MACHINERY, "is_superuser": MACHINERY},
    ),
    Part("addresses", "account.EmailAddress", "user", ("email", "verified", "primary"), ID | USER),
    Part(
        "second_steps",
        "mfa.Authenticator",
        "user",
        ("type", "created_at", "last_used_at"),
        ID | USER | {"data": SECRET},
    ),
    Part(
        "signed_in",
        "usersessions.UserSession",
        "user",
        ("created_at", "last_seen_at", "ip", "user_agent"),
        ID | USER | {"session_key": SECRET, "data": MACHINERY},
    ),
    Part(
        "tokens",
        "diary.Token",
        "user",
        ("name", "scope", "created_at", "expires_at", "last_used_at", "revoked_at"),
        ID | USER | {"digest": SECRET, "seal": SECRET},
    ),
    Part("tries", "diary.Tries", "user", ("at", "last_at", "locked_until"), USER | {"who": SECRET, "device": SECRET}),
    Part(
        "invitations",
        "diary.Invitation",
        "accepted_by",
        ("email", "name", "role", "practice", "invited_by", "created_at", "expires_at", "revoked_at", "accepted_at"),
        ID | {"token_digest": SECRET, "code_digest": SECRET, "accepted_by": WHOSE},
    ),
    Part(
        "consents",
        "diary.Consent",
        "patient",
        ("version", "language", "text_digest", "given_at", "withdrawn_at"),
        ID | PATIENT,
    ),
    Part(
        "intake",
        "diary.Intake",
        "patient",
        (
            *("usual_pain", "usual_soreness", "usual_stiffness", "usual_fatigue", "usual_dizziness", "usual_low_mood"),
            *("usual_bruising", "conditions", "blood_thinners", "medicines", "allergies", "earlier_treatments"),
            *("expectation", "needle_nervousness", "saved_at"),
        ),
        PATIENT,
    ),
    Part(
        "sessions",
        "diary.TreatmentSession",
        "patient",
        (
            *("id", "practitioner", "ended_at", "zone", "pain_before", "pain_after", "sharp_increase", "response"),
            *("sites", "aftercare", "note", "recorded_at", "recorded_by", "version", "withdrawn_at"),
        ),
        PATIENT | IMPORTED,
    ),
    Part(
        "entries",
        "diary.Entry",
        "patient",
        (
            *("id", "observed_at", "zone", "offset_minutes", "recorded_at", "pain", "soreness", "stiffness", "fatigue"),
            *("dizziness", "low_mood", "bruising", "compared", "red_flags", "regions", "good", "aftercare", "note"),
            *("version", "withdrawn_at"),
        ),
        PATIENT | IMPORTED,
    ),
    Part(
        "amendments",
        "diary.Amendment",
        "patient",
        ("entry", "version", "values", "amended_at", "amended_by"),
        ID | PATIENT,
    ),
    Part(
        "flags",
        "diary.Flag",
        "patient",
        (
            *("id", "rule", "session", "entry", "symptom", "code", "level", "evidence", "rules_version", "inputs"),
            *("fired_at", "raised_at", "status", "outcome", "handled_at", "handled_by", "resolved_at", "withdrawn_at"),
            *("patient_urgency", "patient_urgency_at"),
        ),
        PATIENT,
    ),
    Part("flag_steps", "diary.Step", "patient", ("flag", "at", "by", "action", "note", "before"), ID | PATIENT),
    Part("passed_on", "diary.Escalation", "patient", ("flag", "steps", "due_at", "unattended_at"), PATIENT),
    Part(
        "shares",
        "diary.Share",
        "patient",
        (
            *("id", "address", "named", "with_notes", "with_intake", "with_cover", "granted_at", "expires_at"),
            "revoked_at",
        ),
        PATIENT | {"practitioner": "an address that was typed must not tell whether somebody here answers to it"},
    ),
    Part(
        "imports",
        "diary.Import",
        "patient",
        ("id", "kind", "made_at", "taken_at", "digest", "result"),
        PATIENT | {"text": "a file of the patient's own, gone once it is taken in", "choices": MACHINERY},
    ),
    Part(
        "links",
        "diary.Link",
        "patient",
        (
            *("id", "reader", "with_scores", "with_sessions", "with_flags", "with_signs", "with_notes", "with_intake"),
            *("first_day", "last_day", "made_at", "expires_at", "revoked_at", "opened_at", "openings"),
        ),
        PATIENT | {"token_digest": SECRET},
    ),
    Part(
        "messages",
        "diary.Message",
        "patient",
        ("id", "practitioner", "by_patient", "written_by", "body", "sent_at", "read_at"),
        PATIENT,
    ),
    Part(
        "reminders",
        "diary.ReminderPlan",
        "patient",
        (
            *("by_mail", "in_app", "quiet_from", "quiet_until", "snoozed_until", "reminded_at", "look_at"),
            *("with_sessions", "calendar_since"),
        ),
        PATIENT | {"calendar_digest": SECRET},
    ),
    Part(
        "subscriptions",
        "diary.Subscription",
        "patient",
        ("made_at",),
        ID | PATIENT | {"session": MACHINERY, "endpoint": SECRET, "point": SECRET, "secret": SECRET},
    ),
    Part(
        "mails",
        "diary.Notification",
        "recipient",
        ("kind", "key", "flag", "created_at", "due_at", "sent_at", "failed_at"),
        ID | {"recipient": WHOSE, "held_until": MACHINERY, "attempts": MACHINERY, "error": MACHINERY},
    ),
    Part(
        "what_happened",
        "diary.Event",
        "stream",
        ("at", "actor_name", "verb", "subject", "old", "new"),
        ID
        | {"actor": ACCOUNT_NUMBER, "stream": WHOSE}
        | dict.fromkeys(("position", "salt", "texts_digest", "link"), "the audit's chain, nothing about the person"),
    ),
)
"""What an export holds, in this order."""

WORKED_OUT_TABLES = {
    "diary.Diary": ("patient", "due_at", "past"),
    "diary.Tally": ("id", "patient", "practitioner", "first", "months", "ever"),
}
"""Tables of patients that hold nothing but what is worked out again from the others."""

KEPT_BACK = {
    "diary.Note": (
        ("id", "patient", "practice", "author", "body", "earlier", "written_at", "amended_at", "withdrawn_at"),
        "a practitioner's private note: its page promises that no patient reads it; the practice answers for it",
    ),
    "sessions.Session": (("session_key", "session_data", "expire_date"), SECRET),
    "diary.Departure": (
        ("id", "left_at", "name", "email", "closed_at", "closed_by"),
        "only of people who have left: it is gone once somebody has seen to what was urgent",
    ),
    "account.EmailConfirmation": (("id", "email_address", "created", "sent", "key"), SECRET),
}
"""Tables with rows about patients of which an export says nothing, and why."""

NOT_OF_PATIENTS = {
    "admin.LogEntry": "what admins did in the accounts' own site",
    "auth.Group": MACHINERY,
    "auth.Permission": MACHINERY,
    "contenttypes.ContentType": MACHINERY,
    "diary.Absence": "practitioners only",
    "diary.Alert": "practitioners only",
    "diary.Cover": "practitioners only",
    "diary.Credential": "practitioners only",
    "diary.Heartbeat": MACHINERY,
    "diary.Hook": "no person",
    "diary.Opening": "practitioners only",
    "diary.Practice": "no person",
    "diary.Practitioner": "practitioners only",
    "diary.Tallying": MACHINERY,
}
"""Tables that hold nothing of a patient."""


def unlisted() -> set[str]:
    """Return the fields of the database that stand nowhere in this list: a new one must be decided about."""
    return {
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models()
        if model._meta.managed and model._meta.label not in NOT_OF_PATIENTS
        for column in model._meta.concrete_fields
        if column.name not in _listed(model._meta.label)
    }


def _listed(model: str) -> set[str]:
    known = {name for part in PARTS if part.model == model for name in (*part.exported, *part.left_out)}
    return known | set(KEPT_BACK.get(model, ((), ""))[0]) | set(WORKED_OUT_TABLES.get(model, ()))
