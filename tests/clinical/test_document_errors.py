"""Every error names its field (section 6 of the rules)."""

import pytest

from diary.clinical.document import InvalidDiary, read
from tests.clinical.documents import ENTRY, EXAMPLE, MISSING, SESSION, example, wrong

SCORES = [-1, 11, 5.0, 5.5, "5", True, False, [], {}, float("nan"), float("inf"), 10**400]
NO_INSTANTS = [
    "2026-03-02T10:00:00",
    "2026-03-02",
    "yesterday",
    "",
    0,
    1772445600,
    True,
    [],
    {},
    "9999-12-31T23:59:59-01:00",
]
NO_ZONES = [
    "",
    "Lisbon",
    "Europe",
    "Europe/",
    "europe/lisbon",
    "../x",
    "/etc/passwd",
    "a\0b",
    "\ud800",
    "zone.tab",
    "x" * 9999,
    1,
    [],
    {},
]
NO_LISTS = [{}, "x", 1, True, 0, "", False]
NO_OBJECTS = [[], "x", 1, True, 0, "", False]


class TestErrorsThatNameTheField:
    @pytest.mark.parametrize("document", [None, [], "x", 1, True, 1.5])
    def test_the_file_as_a_whole(self, document):
        assert wrong(document) == "diary"

    @pytest.mark.parametrize("value", [MISSING, None, "", "symptom-diary/2", 1, True, [], {}, ["symptom-diary/1"]])
    def test_format(self, value):
        assert wrong(example("format", value)) == "format"

    @pytest.mark.parametrize("value", NO_ZONES)
    def test_a_time_zone_that_does_not_exist(self, value):
        assert wrong(example("time_zone", value)) == "time_zone"

    @pytest.mark.parametrize("value", SCORES)
    @pytest.mark.parametrize(
        ("path", "field"),
        [
            ("intake.usual_pain", "intake.usual_pain"),
            ("intake.usual_soreness", "intake.usual_soreness"),
            ("sessions.0.pain_before", "sessions[0].pain_before"),
            ("sessions.0.pain_after", "sessions[0].pain_after"),
            ("entries.0.pain", "entries[0].pain"),
            ("entries.0.soreness", "entries[0].soreness"),
        ],
    )
    def test_a_score_outside_its_range_or_not_an_integer(self, path, field, value):
        assert wrong(example(path, value)) == field

    @pytest.mark.parametrize("value", [0, 10])
    def test_the_ends_of_the_scale_are_scores(self, value):
        assert read(example("entries.0.pain", value), None)[0].entries[0].pain == value

    @pytest.mark.parametrize("value", NO_INSTANTS)
    @pytest.mark.parametrize(
        ("path", "field"),
        [
            ("sessions.0.ended_at", "sessions[0].ended_at"),
            ("entries.0.observed_at", "entries[0].observed_at"),
            ("entries.0.recorded_at", "entries[0].recorded_at"),
        ],
    )
    def test_an_instant_without_an_offset_or_none_at_all(self, path, field, value):
        assert wrong(example(path, value)) == field

    @pytest.mark.parametrize("value", [MISSING, None])
    @pytest.mark.parametrize(
        ("path", "field"),
        [
            ("sessions.0.id", "sessions[0].id"),
            ("sessions.0.ended_at", "sessions[0].ended_at"),
            ("entries.0.id", "entries[0].id"),
            ("entries.0.observed_at", "entries[0].observed_at"),
            ("entries.0.pain", "entries[0].pain"),
        ],
    )
    def test_what_is_required_and_missing(self, path, field, value):
        with pytest.raises(InvalidDiary, match="missing"):
            read(example(path, value), None)
        assert wrong(example(path, value)) == field

    @pytest.mark.parametrize("value", ["", 1, True, [], {}, 1.5])
    @pytest.mark.parametrize(
        ("path", "field"), [("sessions.0.id", "sessions[0].id"), ("entries.0.id", "entries[0].id")]
    )
    def test_an_id_that_is_no_text(self, path, field, value):
        assert wrong(example(path, value)) == field

    @pytest.mark.parametrize("value", [0, 1, "yes", "true", [], {}])
    def test_a_sharp_increase_that_is_neither_true_nor_false(self, value):
        assert wrong(example("sessions.0.sharp_increase", value)) == "sessions[0].sharp_increase"

    @pytest.mark.parametrize("value", ["Better", "", "much worse", 0, True, [], {}])
    def test_an_unknown_comparison(self, value):
        assert wrong(example("entries.0.compared", value)) == "entries[0].compared"

    @pytest.mark.parametrize("value", ["Mild", "", "agony", 1, True, [], {}])
    def test_an_unknown_grade(self, value):
        assert wrong(example("entries.0.reactions.stiffness", value)) == "entries[0].reactions.stiffness"
        assert wrong(example("intake.usual_reactions.stiffness", value)) == "intake.usual_reactions.stiffness"

    def test_an_unknown_reaction(self):
        assert wrong(example("entries.0.reactions.itching", "mild")) == "entries[0].reactions.itching"
        assert wrong(example("entries.0.reactions.itching", None)) == "entries[0].reactions.itching"
        assert wrong(example("intake.usual_reactions.soreness", "mild")) == "intake.usual_reactions.soreness"

    def test_an_unknown_reaction_with_an_odd_name_is_not_repeated(self):
        assert wrong(example("entries.0.reactions", {"a\nb": "mild"})) == "entries[0].reactions"

    @pytest.mark.parametrize("value", ["cough", "Head", "", 1, None, True, [], {}])
    def test_an_unknown_red_flag(self, value):
        assert wrong(example("entries.0.red_flags", ["head", value])) == "entries[0].red_flags[1]"

    @pytest.mark.parametrize("value", ["asthma", "", 1, None, True, [], {}])
    def test_an_unknown_condition(self, value):
        assert wrong(example("intake.conditions", ["allergy", value])) == "intake.conditions[1]"

    @pytest.mark.parametrize("value", NO_LISTS)
    @pytest.mark.parametrize(
        ("path", "field"),
        [
            ("sessions", "sessions"),
            ("entries", "entries"),
            ("intake.conditions", "intake.conditions"),
            ("entries.0.red_flags", "entries[0].red_flags"),
        ],
    )
    def test_what_should_be_a_list(self, path, field, value):
        assert wrong(example(path, value)) == field

    @pytest.mark.parametrize("value", NO_OBJECTS)
    @pytest.mark.parametrize(
        ("path", "field"),
        [
            ("intake", "intake"),
            ("intake.usual_reactions", "intake.usual_reactions"),
            ("sessions.0", "sessions[0]"),
            ("entries.0", "entries[0]"),
            ("entries.0.reactions", "entries[0].reactions"),
        ],
    )
    def test_what_should_be_an_object(self, path, field, value):
        assert wrong(example(path, value)) == field

    def test_null_in_a_list_is_no_session_and_no_entry(self):
        assert wrong(example("sessions.0", None)) == "sessions[0]"
        assert wrong(example("entries.0", None)) == "entries[0]"

    def test_two_sessions_with_one_id(self):
        assert wrong(example("sessions", [*EXAMPLE["sessions"], SESSION | {"id": "s1"}])) == "sessions[1].id"

    def test_two_entries_with_one_id(self):
        assert wrong(example("entries", [*EXAMPLE["entries"], ENTRY | {"id": "e1"}])) == "entries[1].id"

    @pytest.mark.parametrize(
        "ended_at", ["2026-03-02T10:00:00Z", "2026-03-02T11:00:00+01:00", "2026-03-02T10:00:00.5Z"]
    )
    def test_two_sessions_at_one_instant(self, ended_at):
        assert (
            wrong(example("sessions", [*EXAMPLE["sessions"], SESSION | {"ended_at": ended_at}]))
            == "sessions[1].ended_at"
        )

    def test_the_first_in_the_order_of_the_form_is_named(self):
        document = example("sessions.0.pain_before", 11)
        document["entries"].append({"id": "e1"})
        assert wrong(document) == "sessions[0].pain_before"
        document["time_zone"] = "x"
        assert wrong(document) == "time_zone"

    @pytest.mark.parametrize(
        ("path", "value", "problem"),
        [
            ("entries.0", 5, "not an object"),
            ("entries.0.pain", MISSING, "missing"),
            ("entries", {}, "not a list"),
            ("sessions.0.sharp_increase", 1, "neither true nor false"),
            ("entries.0.id", "", "not a text of at least one character"),
            ("time_zone", "Europe/Nowhere", "a time zone that does not exist"),
            ("entries.0.compared", "fine", "not one of better, same, worse"),
            (
                "entries.0.reactions.itching",
                "mild",
                "not one of stiffness, fatigue, dizziness, low_mood, bruising",
            ),
            ("sessions", [SESSION, SESSION | {"ended_at": "2026-03-04T10:00:00Z"}], "another session has this id"),
            ("sessions", [SESSION, SESSION | {"id": "s3"}], "another session ended at this instant"),
            ("entries", [ENTRY, ENTRY], "another entry has this id"),
            ("now", "2026-03-02T12:00:00+01:00", "later than now, 2026-03-02T11:00:00Z"),
        ],
    )
    def test_each_problem_is_said_in_words(self, path, value, problem):
        with pytest.raises(InvalidDiary) as raised:
            read(example(path, value), None)
        assert raised.value.problem == problem

    def test_the_error_says_field_and_problem(self):
        with pytest.raises(InvalidDiary) as raised:
            read(example("entries.0.pain", 11), None)
        assert str(raised.value) == "entries[0].pain: not a whole number from 0 to 10"
        assert raised.value.problem == "not a whole number from 0 to 10"
