"""Every number of the rules, pinned beside what it rests on: changing one is a decision, never a slip."""

import inspect
import re

import pytest

from diary.clinical import thresholds
from tests.clinical.builders import lasting

RESTS_ON = {
    "DOUBLED_WITHIN": (lasting("15m"), "ours"),
    "FOLLOW_UP": (lasting("14d"), "ours"),
    "SETTLES_WITHIN": (lasting("48h"), "document"),
    "BASELINE_REACHES_BACK": (lasting("8d"), "ours"),
    "BUCKET": (lasting("24h"), "ours"),
    "FIRM_BUCKETS": (3, "ours"),
    "USUAL_ANSWERS": (2, "ours"),
    "RISE": (2, "literature"),
    "NOISY_RISE": (3, "literature"),
    "LOW_BASELINE": (2, "literature"),
    "TOP_OF_SCALE": (10, "literature"),
    "ROOM_UP_TO": (8, "ours"),
    "RISE_WITHOUT_ROOM": (1, "ours"),
    "BACK_WITHIN": (1, "literature"),
    "CALM_FOR": (lasting("24h"), "ours"),
    "CARRIED_FROM": (lasting("48h"), "ours"),
    "NEEDLED_AGAIN_WITHIN": (lasting("96h"), "ours"),
    "FAINT_SORENESS": (2, "ours"),
    "FADES_WITHIN": (lasting("72h"), "ours"),
    "ALARMING_GRADE": (3, "ours"),
    "SEVERE_PAIN": (7, "literature"),
    "SEVERE_SORENESS": (7, "literature"),
    "SEVERE_RISE": (3, "literature"),
    "OVERRULES_THE_WORD": (5, "ours"),
    "SEVERE_RUN": (lasting("4h"), "literature"),
    "SEVERE_RUN_AGAINST_THE_WORD": (lasting("12h"), "ours"),
    "SHARP_RISE": (3, "literature"),
    "ESCALATING_PAIN": (4, "literature"),
    "ESCALATING_RUN": (lasting("12h"), "literature"),
    "PERSISTING_RUN": (lasting("48h"), "document"),
    "CLIMB_APART": (lasting("4h"), "ours"),
    "CLIMB_SPANS": (lasting("24h"), "ours"),
    "CLIMB_BY": (3, "literature"),
    "STEEP": (2, "literature"),
    "MULTIPLE_SESSIONS": (3, "ours"),
    "COURSE_REACHES": (lasting("8d"), "ours"),
    "LEVELS_BACK": (2, "ours"),
    "MARKED": (2, "ours"),
    "STEP_UP_OVER": (lasting("24h"), "ours"),
    "SILENT_AFTER": (lasting("96h"), "ours"),
    "GAP": (lasting("48h"), "ours"),
    "Z_95": (1.959963984540054, "literature"),
}
SOURCE = inspect.getsource(thresholds)
STATED = dict(re.findall(r"^([A-Z_0-9]+) = .*  # (document|literature|ours): \S", SOURCE, re.MULTILINE))


@pytest.mark.parametrize(("name", "value", "rests_on"), [(name, *rest) for name, rest in RESTS_ON.items()])
def test_the_threshold_and_what_it_rests_on(name, value, rests_on):
    assert getattr(thresholds, name) == value
    assert STATED[name] == rests_on


def test_no_threshold_is_without_its_pin():
    borrowed = {"DAY", "HOUR", "MODERATE", "SEVERE"}
    assert {name for name in vars(thresholds) if name.isupper()} - borrowed == set(RESTS_ON)
