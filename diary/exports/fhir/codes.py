"""The names under which a diary is said in FHIR: public codes where there are any, our own where there are none.

Our own are URNs made once: they never change, and belong to no server that could go away. docs/fhir.md lists them.
"""

from dataclasses import dataclass
from typing import Any

from diary.clinical.diary import GRADES, REACTIONS

LOINC = "http://loinc.org"
PAIN_SEVERITY = "72514-3"  # pain severity, 0-10 verbal numeric rating: a number, never one of its answer codes
SURVEY = "http://terminology.hl7.org/CodeSystem/observation-category"
CLINICAL = "http://terminology.hl7.org/CodeSystem/flag-category"
PART_TAKEN = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
DEED = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
PRIORITY = "http://hl7.org/fhir/StructureDefinition/flag-priority"
PRIORITIES = "http://hl7.org/fhir/flag-priority-code"
DETAIL = "http://hl7.org/fhir/StructureDefinition/flag-detail"

DIARY = "urn:uuid:e34318ca-ef4b-4155-b0d5-5a089e28c652"
INTAKE = "urn:uuid:ce0c3149-964d-42d8-b4cc-059f10fe5a1a"
ASKED = "urn:uuid:c06508b0-0a48-492b-bd3d-4b17d213d390"
GRADE = "urn:uuid:7af1db25-2720-4829-a847-a55b17a225c3"
COMPARED = "urn:uuid:f3f9a180-231c-4152-92e8-9241be9ae496"
SIGNS = "urn:uuid:a1b024df-edb9-4c88-ba74-f4c4f2a4ef69"
REGIONS = "urn:uuid:b9a4cdc1-8e49-49a6-bee1-a66224250d4a"
GOOD = "urn:uuid:38cb546a-f541-461f-8019-6cf47cf71959"
AFTERCARE = "urn:uuid:bd49a47b-f73e-402c-9a30-8f6b90ec2c29"
CONDITIONS = "urn:uuid:d6ba6b37-2599-4ffa-8275-e5480b92edfc"
THINNERS = "urn:uuid:494c75a0-5916-4122-974a-2559cd1eebd9"
RULES = "urn:uuid:be0b940f-7fa1-42c3-ae6c-ef4290a4b5a9"
ZONE = "urn:uuid:8b8dea54-cf52-4f73-9c4e-77f49ba73da9"
DIGEST = "urn:uuid:142b794a-d05e-4732-831a-abf91f06e114"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked: its name as a column and a linkId, the type of its answer, whose codes it has."""

    name: str
    kind: str
    system: str = ""
    many: bool = False

    @property
    def nothing(self) -> Any:
        """Return what the column holds where it was not answered."""
        if self.many:
            return []
        return "" if self.kind == "text" or self.system == COMPARED else None


def grades(prefix: str = "") -> tuple[Question, ...]:
    return tuple(Question(f"{prefix}{name}", "choice", GRADE) for name in REACTIONS)


ENTRY = (
    Question("observed_at", "dateTime"),
    Question("pain", "integer"),
    Question("soreness", "integer"),
    *grades(),
    Question("compared", "choice", COMPARED),
    Question("red_flags", "choice", SIGNS, many=True),
    Question("regions", "choice", REGIONS, many=True),
    Question("good", "choice", GOOD, many=True),
    Question("aftercare", "choice", AFTERCARE, many=True),
    Question("note", "text"),
)
BACKGROUND = (
    Question("usual_pain", "integer"),
    Question("usual_soreness", "integer"),
    *grades("usual_"),
    Question("conditions", "choice", CONDITIONS, many=True),
    Question("blood_thinners", "choice", THINNERS, many=True),
    Question("medicines", "text"),
    Question("allergies", "text"),
    Question("earlier_treatments", "text"),
    Question("expectation", "text"),
    Question("needle_nervousness", "integer"),
)
SCORES = [question for question in ENTRY if question.kind == "integer" or question.system in {GRADE, COMPARED}]
"""What becomes an observation of its own besides the answer in the questionnaire."""


def coding(system: str, code: str) -> dict[str, str]:
    """Return a code with its plain English display: `slept_well` is said "Slept well"."""
    return {"system": system, "code": code, "display": code.replace("_", " ").replace("-", " ").capitalize()}


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [coding(system, code)]}


def asked(name: str) -> dict[str, Any]:
    """Return what a score is a score of; pain has a public code before ours."""
    severity = {"system": LOINC, "code": PAIN_SEVERITY, "display": "Pain severity - 0-10 verbal numeric rating"}
    public = [severity] if name in {"pain", "pain_before", "pain_after"} else []
    return {"coding": [*public, coding(ASKED, name)]}


def value(question: Question, said: Any) -> dict[str, Any]:
    """Return one answer as FHIR says a value: a number, a text, a code."""
    if question.kind == "choice":
        return {"valueCoding": coding(question.system, GRADES[said] if question.system == GRADE else said)}
    return {{"integer": "valueInteger", "text": "valueString", "dateTime": "valueDateTime"}[question.kind]: said}


def said(question: Question, value: dict[str, Any]) -> Any:
    """Return what a value says. Raises KeyError, ValueError, IndexError where it is none of this question."""
    if question.kind != "choice":
        (answer,) = value.values()
        return answer
    if value["valueCoding"]["system"] != question.system:
        raise ValueError(value["valueCoding"]["system"])
    code = value["valueCoding"]["code"]
    return GRADES.index(code) if question.system == GRADE else code
