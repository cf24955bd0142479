"""Section 6 of the rules: the diary as JSON, read and written."""

import json

import pytest
from hypothesis import HealthCheck, given, settings

from diary.clinical.assess import RULES_VERSION, assess
from diary.clinical.diary import Diary, Entry, Intake, Session
from diary.clinical.document import compose, read, write
from tests.clinical.builders import START, at
from tests.clinical.diaries import diaries
from tests.clinical.documents import ENTRY, EXAMPLE, MISSING, SESSION, example, wrong


class TestReading:
    def test_the_example(self):
        diary, now = read(EXAMPLE, None)
        assert now is None
        assert diary == Diary(
            "Europe/Lisbon",
            Intake(5, 0, {"stiffness": 1}, frozenset({"herniated_disc", "blood_thinners"})),
            (Session("s1", START, 5, 4, False),),
            (Entry("e1", at("10h"), at("10h 1m"), 5, 3, {"stiffness": 1}, "same", ()),),
        )

    def test_only_the_format_is_required(self):
        assert read({"format": "symptom-diary/1"}, None) == (Diary(), None)

    def test_null_is_the_same_as_absent(self):
        optional = dict.fromkeys(EXAMPLE) | {"format": "symptom-diary/1", "now": None}
        assert read(optional, None) == (Diary(), None)

    def test_in_a_session_id_and_ended_at_are_required(self):
        bare = {"pain_before": None, "pain_after": None, "sharp_increase": None}
        diary, _ = read(example("sessions", [SESSION | bare]), None)
        assert diary.sessions == (Session("s2", at("24h"), None, None, False),)

    def test_in_an_entry_id_observed_at_and_pain_are_required(self):
        bare = {"recorded_at": None, "soreness": None, "reactions": None, "compared": None, "red_flags": None}
        diary, _ = read(example("entries", [ENTRY | bare]), None)
        assert diary.entries == (Entry("e2", at("24h"), at("24h"), 5, None, {}, None, ()),)

    def test_in_an_intake_nothing_is(self):
        bare = {"usual_pain": None, "usual_soreness": None, "usual_reactions": None, "conditions": None}
        assert read(example("intake", bare), None)[0].intake == Intake()

    def test_recorded_at_is_observed_at_where_absent(self):
        assert read(example("entries.0.recorded_at", MISSING), None)[0].entries[0].recorded_at == at("10h")

    def test_a_reaction_of_null_is_not_answered_and_none_is(self):
        diary, _ = read(example("entries.0.reactions", {"fatigue": None, "stiffness": "none"}), None)
        assert diary.entries[0].reactions == {"stiffness": 0}

    def test_unknown_keys_are_allowed_and_not_looked_at(self):
        document = example("notes", ["anything", 1.5, float("nan")])
        for holder in (document["intake"], document["sessions"][0], document["entries"][0]):
            holder["note"] = {"what": "ever"}
        assert read(document, None) == read(EXAMPLE, None)

    def test_a_red_flag_named_twice_is_one_that_was_named(self):
        diary, _ = read(example("entries.0.red_flags", ["head", "head"]), None)
        assert diary.entries[0].red_flags == ("head", "head")

    def test_a_session_and_an_entry_may_share_an_id(self):
        assert read(example("entries.0.id", "s1"), None)

    def test_two_entries_may_share_an_instant(self):
        entries = [*EXAMPLE["entries"], ENTRY | {"observed_at": "2026-03-02T20:00:00Z"}]
        assert len(read(example("entries", entries), None)[0].entries) == 2

    def test_instants_are_cut_to_the_second(self):
        assert read(example("sessions.0.ended_at", "2026-03-02T10:00:00.999Z"), None)[0].sessions[0].ended_at == START


class TestNow:
    OWN = example("now", "2026-03-06T00:00:00Z")

    def test_what_is_given_goes_first_then_the_diarys_own_then_the_clock(self):
        assert read(self.OWN, at("9d"), clock=at("99d"))[1] == at("9d")
        assert read(self.OWN, None, clock=at("99d"))[1] == at("3d 14h")
        assert read(EXAMPLE, None, clock=at("99d"))[1] == at("99d")
        assert read(EXAMPLE, None)[1] is None

    def test_1970_is_an_instant_like_any_other(self):
        assert read({"format": "symptom-diary/1"}, 0, clock=5)[1] == 0

    def test_observed_at_and_ended_at_are_not_later(self):
        assert wrong(EXAMPLE, at("10h -1s")) == "entries[0].observed_at"
        assert wrong(EXAMPLE, at("-1s")) == "sessions[0].ended_at"
        assert read(EXAMPLE, at("10h"))
        assert wrong(example("now", "2026-03-02T19:59:59Z")) == "entries[0].observed_at"

    def test_recorded_at_may_be_it_only_breaks_ties(self):
        assert read(EXAMPLE, at("10h"))[0].entries[0].recorded_at > at("10h")

    def test_later_than_now_is_judged_after_cutting_to_the_second(self):
        assert read(example("sessions.0.ended_at", "2026-03-02T20:00:00.9Z"), at("10h"))

    @pytest.mark.parametrize("now", ["2026-03-06T00:00:00", "soon", 1, True, [], {}, ""])
    def test_a_bad_one_names_it_even_where_another_is_given(self, now):
        assert wrong(example("now", now)) == "now"
        assert wrong(example("now", now), at("9d")) == "now"


class TestComposing:
    def test_the_example_comes_back(self):
        composed = compose(read(EXAMPLE, None)[0], None)
        assert json.dumps(composed).replace("Z", "+00:00") == json.dumps(
            EXAMPLE | {"intake": EXAMPLE["intake"] | {"conditions": ["blood_thinners", "herniated_disc"]}}
        )

    # mutmut runs the suite twice in one process, and a method has another self each time: nothing here rests on it.
    @given(diaries())
    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    def test_what_is_composed_reads_the_same(self, diary_and_now):
        diary, now = diary_and_now
        assert read(json.loads(json.dumps(compose(diary, now))), None) == (diary, now)


class TestWriting:
    def test_the_example_of_the_text(self):
        diary, now = read(
            {
                "format": "symptom-diary/1",
                "sessions": [{"id": "s1", "ended_at": "2026-03-02T10:00:00Z"}],
                "entries": [{"id": "e5", "observed_at": "2026-03-04T12:00:00Z", "pain": 5, "soreness": 3}],
                "now": "2026-03-06T00:00:00Z",
            },
            None,
        )
        assert json.dumps(write(assess(diary, now)), indent=1) == json.dumps(
            {
                "rules_version": RULES_VERSION,
                "now": "2026-03-06T00:00:00Z",
                "findings": [
                    {
                        "rule": "lingering-reaction",
                        "session": "s1",
                        "symptom": "soreness",
                        "code": None,
                        "level": "review",
                        "fired_at": "2026-03-04T12:00:00Z",
                        "evidence": ["e5"],
                        "state": "open",
                        "resolved_at": None,
                    }
                ],
                "not_evaluable": [
                    {"rule": "escalating-pain", "session": "s1", "reason": "no-baseline"},
                    {"rule": "severe-pain", "session": "s1", "reason": "no-baseline"},
                ],
                "due_at": None,
            },
            indent=1,
        )

    def test_what_is_due(self):
        diary, now = read(example("now", "2026-03-03T00:00:00Z"), None)
        assert write(assess(diary, now))["due_at"] == "2026-03-06T10:00:00Z"

    def test_what_is_resolved(self):
        rose = Diary(sessions=(Session("a", START, 1, 9), Session("b", at("1h"))))
        (finding,) = [row for row in write(assess(rose, at("2h")))["findings"] if row["rule"] == "sharp-rise"]
        assert (finding["state"], finding["resolved_at"]) == ("resolved", "2026-03-02T11:00:00Z")

    def test_at_the_end_of_the_calendar_too(self):
        last = {"id": "s", "ended_at": "9999-12-31T23:59:59Z"}
        diary, now = read({"format": "symptom-diary/1", "sessions": [last]}, None, clock=253402300799)
        assert write(assess(diary, now))["due_at"] == "9999-12-31T23:59:59Z"
