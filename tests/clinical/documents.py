"""The example of section 6, and what is said of one that is changed."""

import copy

import pytest

from diary.clinical.document import InvalidDiary, read

EXAMPLE = {
    "format": "symptom-diary/1",
    "time_zone": "Europe/Lisbon",
    "intake": {
        "usual_pain": 5,
        "usual_soreness": 0,
        "usual_reactions": {"stiffness": "mild"},
        "conditions": ["herniated_disc", "blood_thinners"],
    },
    "sessions": [
        {
            "id": "s1",
            "ended_at": "2026-03-02T10:00:00+00:00",
            "pain_before": 5,
            "pain_after": 4,
            "sharp_increase": False,
        }
    ],
    "entries": [
        {
            "id": "e1",
            "observed_at": "2026-03-02T20:00:00+00:00",
            "recorded_at": "2026-03-02T20:01:00+00:00",
            "pain": 5,
            "soreness": 3,
            "reactions": {"stiffness": "mild"},
            "compared": "same",
            "red_flags": [],
        }
    ],
}
SESSION = {"id": "s2", "ended_at": "2026-03-03T10:00:00Z"}
ENTRY = {"id": "e2", "observed_at": "2026-03-03T10:00:00Z", "pain": 5}
MISSING = object()


def example(path="format", value="symptom-diary/1"):
    """The example with one member set to a value, or taken away."""
    document = copy.deepcopy(EXAMPLE)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    holder = document
    for parent in parents:
        holder = holder[parent]
    if value is MISSING:
        del holder[last]
    else:
        holder[last] = value
    return document


def wrong(document, now=None):
    with pytest.raises(InvalidDiary) as raised:
        read(document, now)
    return raised.value.field
