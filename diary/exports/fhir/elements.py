"""What resources are made of: moments, references, what was asked, what was answered."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from diary.exports.fhir import codes
from diary.exports.fhir.codes import Question, coding

Resource = dict[str, Any]
MINUTE = timedelta(minutes=1)
ID = "urn:uuid:"


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


def status_of(row: dict[str, Any], first: str) -> str:
    """Return the status of what was said: as it was at first, put right, or taken back."""
    return "entered-in-error" if row["withdrawn_at"] else "amended" if row["version"] > 1 else first
