"""Section 1 and 3 of the rules: the words of a diary."""

import pytest

from diary.clinical import diary


def test_durations_are_whole_seconds():
    assert (diary.HOUR, diary.DAY) == (3600, 86400)


def test_the_grades_are_none_mild_moderate_severe_and_count_from_nought():
    assert diary.GRADES == ("none", "mild", "moderate", "severe")
    assert (diary.NONE, diary.MILD, diary.MODERATE, diary.SEVERE) == (0, 1, 2, 3)


def test_the_reactions_are_the_five_that_the_document_names():
    assert diary.REACTIONS == ("stiffness", "fatigue", "dizziness", "low_mood", "bruising")


def test_the_symptoms_that_should_settle_are_soreness_and_the_reactions_but_bruising():
    assert diary.SYMPTOMS == ("soreness", "stiffness", "fatigue", "dizziness", "low_mood")


def test_compared_is_better_same_or_worse():
    assert diary.COMPARED == ("better", "same", "worse")


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("breathing", "emergency"),
        ("saddle", "emergency"),
        ("legs", "emergency"),
        ("collapse", "emergency"),
        ("head", "emergency"),
        ("fever", "same day"),
        ("infection", "same day"),
        ("bleeding", "same day"),
    ],
)
def test_each_red_flag_has_its_advice(code, advice):
    assert diary.RED_FLAGS[code] == advice


def test_there_are_eight_red_flags_and_ten_conditions():
    assert len(diary.RED_FLAGS) == 8
    assert diary.CONDITIONS == (
        "herniated_disc",
        "nerve_compression",
        "spinal_surgery",
        "bleeding_disorder",
        "blood_thinners",
        "skin_condition",
        "lowered_immunity",
        "lung_disease",
        "pregnancy",
        "allergy",
    )


def test_the_levels_are_ordered_notice_review_priority_urgent():
    assert diary.LEVELS == ("notice", "review", "priority", "urgent")


def test_what_is_absent_was_not_answered():
    entry = diary.Entry("e", 0, 0, 5)
    assert (entry.soreness, entry.reactions, entry.compared, entry.red_flags) == (None, {}, None, ())
    assert diary.Diary() == diary.Diary("UTC", diary.Intake(None, None, {}, frozenset()), (), ())
    assert diary.Session("s", 0) == diary.Session("s", 0, None, None, False)
