"""The export of a diary as a FHIR R4 bundle, from the JSON document that is the export itself.

A collection, not a transaction: it says what is in a diary, and tells no server what to do with it. The same diary
gives the same bundle but for the moment at which it was made; every id follows from what it is of.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.crypto import salted_hmac

from diary.clinical.assess import RULES_VERSION
from diary.clinical.diary import RED_FLAGS
from diary.exports.document import check, streamed
from diary.exports.fhir import codes
from diary.exports.fhir.codes import BACKGROUND, ENTRY, SCORES, Question, asked, coding, concept
from diary.models import User

Resource = dict[str, Any]
MINUTE = timedelta(minutes=1)
PRIORITY = {1: "PL", 2: "PL", 3: "PM", 4: "PH"}
ID = "urn:uuid:"


def pseudonym(patient: User) -> UUID:
    """Return the id of a patient outside: the same each time, and nobody else can tell of whom."""
    return UUID(bytes=salted_hmac("diary.exports.fhir", str(patient.pk), algorithm="sha256").digest()[:16], version=4)


def bundle(whole: dict[str, Any], patient: UUID) -> Resource:
    """Return the bundle of an exported document; `patient` is the pseudonym under which it says whose it is."""
    return head(whole) | {"entry": [*entries(whole, patient)]}


def head(whole: dict[str, Any]) -> Resource:
    settle = whole["settle"]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "identifier": {"system": codes.DIGEST, "value": settle["digest"]},
        "timestamp": settle["exported_at"],
    }


def entries(whole: dict[str, Any], patient: UUID) -> Iterator[Resource]:
    for resource in Composer(str(patient), whole["settle"]["account"]["name"]).resources(whole):
        yield {"fullUrl": ID + resource["id"], "resource": resource}


def as_fhir(patient: User, now: datetime) -> Iterator[str]:
    """Yield a patient's bundle as JSON, piece by piece: the bundle of a long diary is a hundred times its scores.

    Raises `document.ChangedMeanwhile` before its end: the file is then none.
    """
    whole = streamed(patient, now)
    yield json.dumps(head(whole))[:-1] + ', "entry": ['
    for number, entry in enumerate(entries(whole, pseudonym(patient))):
        yield (",\n" if number else "\n") + json.dumps(entry, ensure_ascii=False)
    check(patient, whole)
    yield "\n]}\n"


def at(text: str, offset: timedelta) -> str:
    """Return an instant on the clock of an offset, cut to the minute as FHIR writes offsets."""
    return datetime.fromisoformat(text).astimezone(timezone(offset // MINUTE * MINUTE)).isoformat()


def offset_of(text: str, zone: str) -> timedelta:
    try:
        return datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a zone that this machine does not know
        return timedelta(0)


def observed(entry: dict[str, Any]) -> str:
    return at(entry["observed_at"], entry["offset_minutes"] * MINUTE)


def reference(kind: str, id: str) -> dict[str, str]:
    return {"reference": ID + id, "type": kind}


def extension(url: str, value: str) -> list[dict[str, str]]:
    return [{"url": url, "valueString": value}]


def filled(resource: Resource) -> Resource:
    """Return a resource without what says nothing: FHIR has no empty text and no empty list."""
    return {key: part for key, part in resource.items() if part not in (None, "", [], {})}


def items(questions: tuple[Question, ...], row: dict[str, Any]) -> Iterator[Resource]:
    """Yield each answered question with its answers."""
    for question in questions:
        answer = row[question.name]
        if answer != question.nothing:
            answers = [codes.value(question, one) for one in (answer if question.many else [answer])]
            yield {"linkId": question.name, "answer": answers}


class Composer:
    """Writes the resources of one patient, `whose` by pseudonym; `name` is how the document names them."""

    def __init__(self, whose: str, name: str) -> None:
        self.whose, self.name = whose, name
        self.subject = reference("Patient", whose)
        self.device = str(uuid5(UUID(whose), "device"))

    def resources(self, whole: dict[str, Any]) -> Iterator[Resource]:
        settle = whole["settle"]
        yield {"resourceType": "Patient", "id": self.whose, "extension": extension(codes.ZONE, whole["time_zone"])}
        yield self.software()
        yield questionnaire(codes.DIARY, "SymptomDiary", ENTRY)
        yield questionnaire(codes.INTAKE, "HealthBackground", BACKGROUND)
        if settle["intake"]:
            yield self.intake(settle["intake"])
        for entry in settle["entries"]:
            yield from self.entry(entry)
        for amendment in settle["amendments"]:
            yield from self.amendment(amendment)
        for session in settle["sessions"]:
            yield from self.session(session)
        for flag in settle["flags"]:
            if flag["status"] == "open" and not flag["withdrawn_at"]:
                yield self.flag(flag)

    def software(self) -> Resource:
        return {
            "resourceType": "Device",
            "id": self.device,
            "deviceName": [{"name": "Settle", "type": "model-name"}],
            "version": [{"value": RULES_VERSION}],
        }

    # What the patient said

    def intake(self, intake: dict[str, Any]) -> Resource:
        id = str(uuid5(UUID(self.whose), "intake"))
        return filled(
            {
                **self.response(id, codes.INTAKE, "completed"),
                "authored": intake["saved_at"],
                "item": [*items(BACKGROUND, intake)],
            }
        )

    def response(self, id: str, questionnaire: str, status: str) -> Resource:
        said = {"subject": self.subject, "author": self.subject, "source": self.subject}
        return {
            "resourceType": "QuestionnaireResponse",
            "id": id,
            "questionnaire": questionnaire,
            "status": status,
            **said,
        }

    def entry(self, entry: dict[str, Any]) -> Iterator[Resource]:
        yield self.answers(entry, entry["id"], status_of(entry, "completed"))
        yield from self.observations(entry)
        if entry["withdrawn_at"]:
            target = reference("QuestionnaireResponse", entry["id"])
            yield self.provenance(target, "NULLIFY", entry["withdrawn_at"], self.name)

    def answers(self, entry: dict[str, Any], id: str, status: str) -> Resource:
        said = entry | {"observed_at": observed(entry)}
        return filled(
            {
                **self.response(id, codes.DIARY, status),
                "meta": {"versionId": str(entry["version"])},
                "extension": extension(codes.ZONE, entry["zone"]),
                "authored": entry.get("recorded_at"),
                "item": [*items(ENTRY, said)],
            }
        )

    def observations(self, entry: dict[str, Any]) -> Iterator[Resource]:
        status = status_of(entry, "final")
        for question in SCORES:
            if entry[question.name] != question.nothing:
                (kind, value) = next(iter(codes.value(question, entry[question.name]).items()))
                said = {"valueCodeableConcept": {"coding": [value]}} if kind == "valueCoding" else {kind: value}
                source = {"derivedFrom": [reference("QuestionnaireResponse", entry["id"])]}
                seen = {"effectiveDateTime": observed(entry), "issued": entry["recorded_at"]}
                yield self.observation(entry["id"], question.name, status, self.subject) | seen | source | said

    def observation(self, of: str, name: str, status: str, performer: Resource) -> Resource:
        return {
            "resourceType": "Observation",
            "id": str(uuid5(UUID(of), name)),
            "status": status,
            "category": [concept(codes.SURVEY, "survey")],
            "code": asked(name),
            "subject": self.subject,
            "performer": [performer],
        }

    def amendment(self, amendment: dict[str, Any]) -> Iterator[Resource]:
        """Yield what an entry said before, and that it was put right: the former is an earlier version."""
        version = amendment["version"]
        id = str(uuid5(UUID(amendment["entry"]), f"version {version}"))
        yield self.answers(amendment["values"] | {"version": version}, id, "amended" if version > 1 else "completed")
        entity = {"role": "revision", "what": reference("QuestionnaireResponse", id)}
        target = reference("QuestionnaireResponse", amendment["entry"])
        made = self.provenance(target, "UPDATE", amendment["amended_at"], amendment["amended_by"], str(version))
        yield made | {"entity": [entity]}

    def provenance(self, target: Resource, deed: str, at: str, who: str | None, about: str = "") -> Resource:
        """Return who did what to a resource, and when; where nobody is known any more, the product says it."""
        agent = {"type": concept(codes.PART_TAKEN, "author"), "who": self.person(who)}
        if not who:
            agent = {"type": concept(codes.PART_TAKEN, "assembler"), "who": reference("Device", self.device)}
        return {
            "resourceType": "Provenance",
            "id": str(uuid5(UUID(target["reference"][len(ID) :]), f"{deed} {about}".strip())),
            "target": [target],
            "recorded": at,
            "activity": concept(codes.DEED, deed),
            "agent": [agent],
        }

    def person(self, name: str | None) -> Resource:
        """Return who it was: the patient by pseudonym, anybody else by the name that the diary has."""
        return self.subject if name == self.name else {"type": "Practitioner", "display": name}

    # What the practice did

    def session(self, session: dict[str, Any]) -> Iterator[Resource]:
        status = "entered-in-error" if session["withdrawn_at"] else "completed"
        end = at(session["ended_at"], offset_of(session["ended_at"], session["zone"]))
        target = reference("Procedure", session["id"])
        yield self.procedure(session, status, end)
        yield from self.around(session, end)
        yield self.provenance(target, "CREATE", session["recorded_at"], session["recorded_by"])
        if session["withdrawn_at"]:
            yield self.provenance(target, "NULLIFY", session["withdrawn_at"], session["recorded_by"])

    def around(self, session: dict[str, Any], end: str) -> Iterator[Resource]:
        """Yield the pain before and after a session; when the former was asked, only the end is known."""
        said = {"partOf": [reference("Procedure", session["id"])], "issued": session["recorded_at"]}
        when: dict[str, Resource] = {
            "pain_before": {"effectivePeriod": {"end": end}},
            "pain_after": {"effectiveDateTime": end},
        }
        for name in when:
            if session[name] is not None:
                score = self.observation(session["id"], name, status_of(session, "final"), self.subject)
                yield score | when[name] | said | {"valueInteger": session[name]}

    def procedure(self, session: dict[str, Any], status: str, end: str) -> Resource:
        given = [concept(codes.AFTERCARE, code) for code in session["aftercare"]]
        given += [{"text": session["response"]}] if session["response"] else []
        performer = [{"actor": self.person(session["practitioner"])}] if session["practitioner"] else []
        sharp = [concept(codes.ASKED, "sharp_increase")] if session["sharp_increase"] else []
        return filled(
            {
                "resourceType": "Procedure",
                "id": session["id"],
                "meta": {"versionId": str(session["version"])},
                "extension": extension(codes.ZONE, session["zone"]),
                "status": status,
                "code": concept(codes.ASKED, "acupuncture_session"),
                "subject": self.subject,
                "performedPeriod": {"end": end},
                "performer": performer,
                "bodySite": [concept(codes.REGIONS, code) for code in session["sites"]],
                "complication": sharp,
                "followUp": given,
                "note": [{"text": session["note"]}] if session["note"] else [],
            }
        )

    # What the rules say

    def flag(self, flag: dict[str, Any]) -> Resource:
        about = [reference("Procedure", flag["session"])] if flag["session"] else []
        about += [reference("QuestionnaireResponse", flag["entry"])] if flag["entry"] else []
        code = [coding(codes.RULES, flag["rule"])]
        code += [coding(codes.ASKED, flag["symptom"])] if flag["symptom"] else []
        code += [coding(codes.SIGNS, flag["code"])] if flag["code"] in RED_FLAGS else []
        priority = {"coding": [{"system": codes.PRIORITIES, "code": PRIORITY[flag["level"]]}]}
        details = [{"url": codes.DETAIL, "valueReference": one} for one in about]
        end = {"end": flag["resolved_at"]} if flag["resolved_at"] else {}
        return {
            "resourceType": "Flag",
            "id": flag["id"],
            "extension": [{"url": codes.PRIORITY, "valueCodeableConcept": priority}, *details],
            "status": "active",
            "category": [concept(codes.CLINICAL, "clinical")],
            "code": {"coding": code},
            "subject": self.subject,
            "period": {"start": flag["fired_at"]} | end,
            "author": reference("Device", self.device),
        }


def status_of(row: dict[str, Any], first: str) -> str:
    """Return the status of what was said: as it was at first, put right, or taken back."""
    return "entered-in-error" if row["withdrawn_at"] else "amended" if row["version"] > 1 else first


def questionnaire(url: str, name: str, questions: tuple[Question, ...]) -> Resource:
    """Return what was asked, so that the answers explain themselves."""
    asked = [
        filled(
            {
                "linkId": question.name,
                "text": coding("", question.name)["display"],
                "type": question.kind,
                "repeats": question.many or None,
            }
        )
        for question in questions
    ]
    return {
        "resourceType": "Questionnaire",
        "id": url[len(ID) :],
        "url": url,
        "name": name,
        "status": "active",
        "subjectType": ["Patient"],
        "item": asked,
    }
