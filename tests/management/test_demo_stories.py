"""The stories of the demo practice, without a database."""

from datetime import UTC, datetime

import pytest

from diary.clinical import diary as clinical
from diary.clinical.assess import assess
from diary.demo import making
from diary.demo.courses import steps_of
from diary.demo.people import DOMAIN
from diary.demo.steps import Amended, Logged, ToldIntake, Treated
from diary.forms import choices
from diary.models import (
    instant,
)
from tests.management.test_demo import FLAGS, MADE_AT

NIGHT = datetime(2026, 3, 10, 0, 5, tzinfo=UTC)
AFTER_CLOCKS_CHANGED = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
IN_AUTUMN = datetime(2026, 10, 26, 22, 0, tzinfo=UTC)
LEAP_DAY = datetime(2028, 2, 29, 17, 0, tzinfo=UTC)


def test_the_stories_are_the_same_again():
    once, again = ([steps_of(patient, MADE_AT) for patient in making.PATIENTS] for _ in range(2))
    assert once == again
    assert sum(len(steps) for steps in once) > 2000


def test_a_change_to_one_patient_leaves_the_others_as_they_are():
    reversed_order = {patient.name: steps_of(patient, MADE_AT) for patient in reversed(making.PATIENTS)}
    assert all(reversed_order[patient.name] == steps_of(patient, MADE_AT) for patient in making.PATIENTS)


def test_names_and_addresses_are_one_each():
    assert len({patient.name for patient in making.PATIENTS}) == 40
    assert len({patient.email for patient in making.PATIENTS}) == 40
    assert all(patient.email.isascii() and patient.email.endswith(f"@{DOMAIN}") for patient in making.PATIENTS)


@pytest.mark.parametrize("moment", [MADE_AT, NIGHT, AFTER_CLOCKS_CHANGED, IN_AUTUMN, LEAP_DAY])
def test_the_stories_hold_whenever_they_are_told(moment):
    found = {(patient.name, rule, level) for patient in making.PATIENTS for rule, level in findings(patient, moment)}
    assert found == {(name, rule, level) for name, rule, level, _ in FLAGS}


def findings(patient, now):
    return {(finding.rule, finding.level) for finding in assess(told(patient, now), instant(now)).findings}


def told(patient, now):
    """The clinical diary of a patient, straight from the steps."""
    steps = steps_of(patient, now)
    right = {step.id: step.answers for step in steps if isinstance(step, Amended)}
    intake = next((step.answers for step in steps if isinstance(step, ToldIntake)), {})
    return clinical.Diary(
        intake=clinical.Intake(
            usual_pain=intake.get("usual_pain"),
            usual_soreness=intake.get("usual_soreness"),
            conditions=frozenset(intake.get("conditions", ())),
        ),
        sessions=tuple(session(step) for step in steps if isinstance(step, Treated)),
        entries=tuple(entry(step, right.get(step.id, {})) for step in steps if isinstance(step, Logged)),
    )


def session(step):
    names = ("pain_before", "pain_after", "sharp_increase")
    scores = {name: step.answers[name] for name in names if name in step.answers}
    return clinical.Session(id=str(step.id), ended_at=instant(step.ended_at), **scores)


def entry(step, right):
    answers = step.answers | right
    return clinical.Entry(
        id=str(step.id),
        observed_at=instant(step.observed_at),
        recorded_at=instant(step.at),
        pain=right.get("pain", step.pain),
        soreness=step.soreness,
        reactions={name: answers[name] for name in clinical.REACTIONS if name in answers},
        compared=answers.get("compared"),
        red_flags=tuple(answers.get("red_flags", ())),
    )


@pytest.mark.parametrize("patient", making.PATIENTS, ids=lambda patient: patient.name)
def test_every_answer_is_one_that_the_forms_offer(patient):
    offered = {name: {code for code, _ in getattr(choices, name.upper())} for name in ("good", "aftercare", "regions")}
    offered |= {"red_flags": set(clinical.RED_FLAGS), "conditions": set(clinical.CONDITIONS)}
    offered["sites"] = offered["regions"]
    for step in steps_of(patient, MADE_AT):
        for name, answer in getattr(step, "answers", {}).items():
            if name in offered:
                assert set(answer) <= offered[name]
            if isinstance(answer, str):
                assert len(answer) <= 400
