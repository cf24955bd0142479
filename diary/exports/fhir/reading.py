"""A bundle of ours read back into the document that it was made of: strictly, and with an equal digest.

It reads the answers, what was done to them and the sessions; the scores beside them say the same once more, and a
bundle in which they say something else is refused. A bundle that another system made is none of ours.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from diary.clinical import diary as clinical
from diary.clinical.document import FORMAT, InvalidDiary, compose
from diary.clinical.instants import instant_of
from diary.exports.document import FORM
from diary.exports.fhir import codes
from diary.exports.fhir.codes import BACKGROUND, ENTRY, SCORES, Question
from diary.exports.fhir.elements import ID

Resource = dict[str, Any]
AROUND = ("pain_before", "pain_after")


class InvalidBundle(ValueError):
    """It is no bundle of ours, or was changed; the message says where."""


def document_of(bundle: Any, name: str = "") -> dict[str, Any]:
    """Return the document of a bundle, as much of it as is the diary itself; `name` is the patient's, left out there.

    Under `settle` stand the parts that an import writes, with the digest that the bundle was given. Raises
    InvalidBundle.
    """
    try:
        return Reader(bundle, name).document()
    except InvalidBundle:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as problem:
        raise InvalidBundle(f"{type(problem).__name__}: {problem}") from problem


class Reader:
    """Reads one bundle; what is missing or of another shape raises whatever Python says of it."""

    def __init__(self, bundle: Any, name: str) -> None:
        if bundle["resourceType"] != "Bundle" or bundle["identifier"]["system"] != codes.DIGEST:
            raise InvalidBundle("not a bundle of this product")
        self.bundle, self.name = bundle, name
        self.resources = [entry["resource"] for entry in bundle["entry"]]
        self.by_id = {ID + resource["id"]: resource for resource in self.resources}
        self.scores = dict(map(observation, self.of_type("Observation")))
        (patient,) = self.of_type("Patient")
        self.subject = ID + patient["id"]
        self.time_zone = patient["extension"][0]["valueString"]
        self.deeds = {deed_of(resource): resource for resource in self.of_type("Provenance")}

    def of_type(self, kind: str) -> list[Resource]:
        return [resource for resource in self.resources if resource["resourceType"] == kind]

    def document(self) -> dict[str, Any]:
        responses = [one for one in self.of_type("QuestionnaireResponse") if one["questionnaire"] == codes.DIARY]
        changes = [deed for (_, kind, _), deed in self.deeds.items() if kind == "UPDATE"]
        earlier = {deed["entity"][0]["what"]["reference"] for deed in changes}
        entries = [self.entry(one) for one in responses if ID + one["id"] not in earlier]
        sessions = [self.session(one) for one in self.of_type("Procedure")]
        amendments = [self.amendment(deed) for deed in changes]
        self.compare(entries, sessions)
        said = {"intake": self.intake(), "sessions": sessions, "entries": entries, "amendments": amendments}
        digest, made = self.bundle["identifier"]["value"], self.bundle["timestamp"]
        return self.read_by_rules(said) | {"settle": {"form": FORM, "exported_at": made, "digest": digest, **said}}

    # Part by part

    def intake(self) -> Any:
        found = [one for one in self.of_type("QuestionnaireResponse") if one["questionnaire"] == codes.INTAKE]
        if not found:
            return []
        return {**answers(BACKGROUND, found[0]), "saved_at": found[0].get("authored")}

    def entry(self, response: Resource) -> dict[str, Any]:
        taken = self.when("NULLIFY", response)
        if (response["status"] == "entered-in-error") != (taken is not None):
            raise InvalidBundle(f"QuestionnaireResponse {response['id']}: status")
        named = {"id": response["id"], "recorded_at": response["authored"], "withdrawn_at": taken}
        return named | self.answered(response) | {"version": int(response["meta"]["versionId"])}

    def answered(self, response: Resource) -> dict[str, Any]:
        said = answers(ENTRY, response)
        observed = datetime.fromisoformat(said["observed_at"])
        offset = observed.utcoffset()
        if offset is None:
            raise InvalidBundle(f"QuestionnaireResponse {response['id']}: observed_at without an offset")
        clock = {"zone": zone_of(response), "offset_minutes": int(offset.total_seconds() // 60)}
        return said | {"observed_at": observed.astimezone(UTC).isoformat()} | clock

    def amendment(self, deed: Resource) -> dict[str, Any]:
        former = self.by_id[deed["entity"][0]["what"]["reference"]]
        return {
            "entry": deed["target"][0]["reference"].removeprefix(ID),
            "version": int(former["meta"]["versionId"]),
            "values": self.answered(former),
            "amended_at": deed["recorded"],
            "amended_by": self.who(deed["agent"][0]["who"]),
        }

    def session(self, procedure: Resource) -> dict[str, Any]:
        made = self.deeds[ID + procedure["id"], "CREATE", ""]
        performer = procedure.get("performer")
        ended = datetime.fromisoformat(procedure["performedPeriod"]["end"]).astimezone(UTC).isoformat()
        return {
            "id": procedure["id"],
            "practitioner": self.who(performer[0]["actor"]) if performer else None,
            "ended_at": ended,
            "zone": zone_of(procedure),
            **{name: self.scores.get((procedure["id"], name)) for name in AROUND},
            "sharp_increase": "complication" in procedure,
            "response": "".join(one["text"] for one in procedure.get("followUp", []) if "text" in one),
            "sites": [code_of(one) for one in procedure.get("bodySite", [])],
            "aftercare": [code_of(one) for one in procedure.get("followUp", []) if "coding" in one],
            "note": procedure["note"][0]["text"] if "note" in procedure else "",
            "recorded_at": made["recorded"],
            "recorded_by": self.who(made["agent"][0]["who"]),
            "version": int(procedure["meta"]["versionId"]),
            "withdrawn_at": self.when("NULLIFY", procedure),
        }

    # What belongs to what

    def when(self, deed: str, resource: Resource) -> Any:
        done = self.deeds.get((ID + resource["id"], deed, ""))
        return done and done["recorded"]

    def who(self, person: Resource) -> Any:
        """Return whose name stands there: the patient's own, a practitioner's, nobody's."""
        if person["type"] == "Device":
            return None
        return self.name if person.get("reference") == self.subject else person["display"]

    def compare(self, entries: list[dict[str, Any]], sessions: list[dict[str, Any]]) -> None:
        """Refuse a bundle whose observations say something else than the answers they are taken from."""
        said = {(row["id"], asked.name): row[asked.name] for row in entries for asked in SCORES}
        said |= {(row["id"], name): row[name] for row in sessions for name in AROUND}
        empty = (None, "")
        if self.scores != {key: value for key, value in said.items() if value not in empty}:
            raise InvalidBundle("Observation: not what the answers say")

    def read_by_rules(self, said: dict[str, Any]) -> dict[str, Any]:
        """Return the diary as the rules read it, from its rows."""
        intake = said["intake"] or {}
        diary = clinical.Diary(
            time_zone=self.time_zone,
            intake=clinical.Intake(
                intake.get("usual_pain"),
                intake.get("usual_soreness"),
                reactions(intake, "usual_"),
                frozenset(intake.get("conditions", [])),
            ),
            sessions=tuple(standing(said["sessions"], clinical_session)),
            entries=tuple(standing(said["entries"], clinical_entry)),
        )
        try:
            return {"format": FORMAT} | compose(diary, instant_of(self.bundle["timestamp"]))
        except InvalidDiary as problem:
            raise InvalidBundle(str(problem)) from problem


def deed_of(provenance: Resource) -> tuple[str, str, str]:
    """Return to what something was done, what, and to which version of it where it was changed."""
    kind = code_of(provenance["activity"])
    about = provenance["entity"][0]["what"]["reference"] if kind == "UPDATE" else ""
    return provenance["target"][0]["reference"], kind, about


def zone_of(resource: Resource) -> str:
    (zone,) = [one["valueString"] for one in resource["extension"] if one["url"] == codes.ZONE]
    return zone


def code_of(concept: Resource) -> str:
    code: str = concept["coding"][0]["code"]
    return code


def answers(questions: tuple[Question, ...], response: Resource) -> dict[str, Any]:
    """Return every question with its answer, with nothing where there is none; refuses a question it does not know."""
    given = {item["linkId"]: item["answer"] for item in response.get("item", [])}
    if unknown := given.keys() - {question.name for question in questions}:
        raise InvalidBundle(f"QuestionnaireResponse {response['id']}: unknown {', '.join(sorted(unknown))}")
    return {question.name: answer(question, given.get(question.name)) for question in questions}


def answer(question: Question, given: list[Resource] | None) -> Any:
    if given is None:
        return question.nothing
    said = [codes.said(question, one) for one in given]
    return said if question.many else said[0]


def observation(resource: Resource) -> tuple[tuple[str, str], Any]:
    """Return what a score is of, its name, and the score."""
    name = resource["code"]["coding"][-1]["code"]
    of = (resource.get("derivedFrom") or resource["partOf"])[0]["reference"].removeprefix(ID)
    if "valueInteger" in resource:
        return (of, name), resource["valueInteger"]
    question = next(question for question in SCORES if question.name == name)
    return (of, name), codes.said(question, {"valueCoding": resource["valueCodeableConcept"]["coding"][0]})


# As the rules read it


def standing(rows: list[dict[str, Any]], read: Callable[[dict[str, Any]], Any]) -> list[Any]:
    return [read(row) for row in rows if not row["withdrawn_at"]]


def reactions(row: dict[str, Any], prefix: str = "") -> dict[str, int]:
    grades = {name: row.get(prefix + name) for name in clinical.REACTIONS}
    return {name: grade for name, grade in grades.items() if grade is not None}


def clinical_session(row: dict[str, Any]) -> clinical.Session:
    scores = row["pain_before"], row["pain_after"], row["sharp_increase"]
    return clinical.Session(row["id"], instant_of(row["ended_at"]), *scores)


def clinical_entry(row: dict[str, Any]) -> clinical.Entry:
    return clinical.Entry(
        id=row["id"],
        observed_at=instant_of(row["observed_at"]),
        recorded_at=instant_of(row["recorded_at"]),
        pain=row["pain"],
        soreness=row["soreness"],
        reactions=reactions(row),
        compared=row["compared"] or None,
        red_flags=tuple(row["red_flags"]),
    )
