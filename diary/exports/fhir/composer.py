"""A diary as the resources of FHIR R4."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from diary.clinical.assess import RULES_VERSION
from diary.clinical.diary import RED_FLAGS
from diary.exports.fhir import codes
from diary.exports.fhir.codes import BACKGROUND, ENTRY, SCORES, asked, coding, concept
from diary.exports.fhir.elements import (
    ID,
    Resource,
    at,
    extension,
    filled,
    items,
    observed,
    offset_of,
    questionnaire,
    reference,
    status_of,
)

PRIORITY = {1: "PL", 2: "PL", 3: "PM", 4: "PH"}


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
