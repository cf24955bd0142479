"""R6: collapsed lung, infection, fainting, and the emergencies of back pain: asked about on every entry."""

from collections.abc import Iterator, Sequence

from diary.clinical.case import Case
from diary.clinical.diary import URGENT
from diary.clinical.finding import Finding
from diary.clinical.rule import Rule

CODE = "red-flag"


def find(case: Case, _: Sequence[Finding]) -> Iterator[Finding]:
    """Every entry is read by itself, doubled or not; nothing that is entered later resolves it."""
    for entry in case.diary.entries:
        for code in set(entry.red_flags) if entry.observed_at >= case.since else ():
            yield Finding(
                rule=CODE,
                session=None,
                symptom=None,
                code=code,
                level=URGENT,
                fired_at=entry.observed_at,
                evidence=(entry.id,),
                resolved_at=None,
            )


RULE = Rule(
    code=CODE,
    levels=(URGENT,),
    sources={
        "breathing": "document",
        "infection": "document",
        "collapse": "document",
        "bleeding": "literature",
        "saddle": "literature",
        "legs": "literature",
        "head": "literature",
        "fever": "literature",
    },
    find=find,
)
