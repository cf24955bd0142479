"""A patient's rows as the clinical core reads them."""

from diary.clinical import diary as clinical
from diary.models.entries import Entry
from diary.models.sessions import TreatmentSession

ENTRY = ("id", "observed_at", "recorded_at", "pain", "soreness", "compared", "red_flags", *clinical.REACTIONS)
SESSION = ("id", "ended_at", "pain_before", "pain_after", "sharp_increase")


def diary_of(patient):
    """Return everything standing that the rules read of one patient; two statements where the intake is at hand."""
    return clinical.Diary(
        time_zone=patient.time_zone,
        intake=clinical_intake(patient.intake),
        sessions=tuple(map(clinical_session, TreatmentSession.objects.standing().of(patient).values_list(*SESSION))),
        entries=tuple(map(clinical_entry, Entry.objects.standing().of(patient).values_list(*ENTRY))),
    )


def clinical_entry(row):
    id, observed_at, recorded_at, pain, soreness, compared, red_flags, *grades = row
    answered = {symptom: grade for symptom, grade in zip(clinical.REACTIONS, grades, strict=True) if grade is not None}
    return clinical.Entry(
        id=str(id),
        observed_at=instant(observed_at),
        recorded_at=instant(recorded_at),
        pain=pain,
        soreness=soreness,
        reactions=answered,
        compared=compared or None,
        red_flags=tuple(red_flags),
    )


def clinical_session(row):
    id, ended_at, *scores = row
    return clinical.Session(str(id), instant(ended_at), *scores)


def clinical_intake(intake):
    grades = {symptom: getattr(intake, f"usual_{symptom}") for symptom in clinical.REACTIONS}
    return clinical.Intake(
        usual_pain=intake.usual_pain,
        usual_soreness=intake.usual_soreness,
        usual_reactions={symptom: grade for symptom, grade in grades.items() if grade is not None},
        conditions=frozenset(intake.conditions),
    )


def instant(moment):
    """Return a moment as the rules count it: whole seconds since 1970, UTC."""
    return int(moment.timestamp())
