"""R8: keep communicating."""

import pytest

from diary.clinical.rules.silence import RULE
from tests.clinical.builders import assessed, at, entry, found, intake, session, the

R8 = "silence"


def sore(when, value):
    return entry(when, 0, value)


def due_at(*parts, now):
    return assessed(*parts, now=now).due_at


def test_the_rule():
    sources = {"rule": "document", "times": "ours", "when it is over": "ours"}
    assert (RULE.code, RULE.highest, dict(RULE.sources)) == (R8, "notice", sources)


class TestFiring:
    def test_96_hours_after_a_session_whose_last_answer_was_sore(self):
        finding = the(R8, session(), sore("1h", 5), sore("40h", 3))
        assert (finding.session, finding.symptom, finding.code, finding.level) == ("S 0h", None, None, "notice")
        assert (finding.fired_at, finding.evidence, finding.state) == (at("96h"), ("40h",), "open")

    def test_once_now_has_come_so_far(self):
        assert not found(R8, session(), sore("1h", 5), now="96h -1s")
        assert found(R8, session(), sore("1h", 5), now="96h")

    def test_where_nobody_answered_at_all(self):
        assert the(R8, session()).evidence == ()
        assert the(R8, session(), entry("1h", 9), entry("60h", 9)).evidence == ()

    def test_not_where_the_last_answer_of_the_first_48_hours_was_clear(self):
        assert not found(R8, session(), sore("1h", 5), sore("48h", 0))

    def test_an_answer_at_the_usual_level_is_clear(self):
        assert not found(R8, session(), intake(None, 3), sore("1h", 3))
        assert found(R8, session(), intake(None, 3), sore("1h", 4))

    def test_the_first_48_hours_begin_with_the_session(self):
        assert the(R8, session(), sore("-1s", 0)).evidence == ()
        assert not found(R8, session(), sore("0h", 0))

    @pytest.mark.parametrize(("when", "silent"), [("48h", True), ("48h 1s", False), ("96h", False), ("96h 1s", True)])
    def test_an_answer_between_48_and_96_hours_breaks_the_silence(self, when, silent):
        assert bool(found(R8, session(), sore(when, 5))) is silent

    def test_any_answer_whatever_it_says(self):
        assert not found(R8, session(), sore("1h", 5), sore("60h", 0))

    @pytest.mark.parametrize(("second", "silent"), [("96h", False), ("96h 1s", True)])
    def test_so_does_a_session(self, second, silent):
        sessions = [finding.session for finding in found(R8, session(), session(second))]
        assert ("S 0h" in sessions) is silent

    def test_without_a_session_there_is_nothing_to_be_silent_about(self):
        assert not found(R8, sore("1h", 5))


class TestResolving:
    def test_at_the_next_entry_that_answers_soreness(self):
        assert the(R8, session(), entry("100h"), sore("200h", 5)).resolved_at == at("200h")

    def test_or_session(self):
        first, _ = found(R8, session(), session("300h"))
        assert first.resolved_at == at("300h")

    def test_whichever_is_first(self):
        assert found(R8, session(), session("300h"), sore("200h", 5))[0].resolved_at == at("200h")
        assert found(R8, session(), session("200h"), sore("300h", 5))[0].resolved_at == at("200h")


class TestDueAt:
    def test_it_is_when_the_silence_would_fire(self):
        assert due_at(session(), sore("1h", 5), now="2h") == at("96h")
        assert due_at(session(), now="96h -1s") == at("96h")

    def test_at_that_instant_it_has_fired(self):
        assert due_at(session(), now="96h") is None

    def test_nothing_is_due_where_the_answer_cannot_change(self):
        assert due_at(now="0h") is None
        assert due_at(session(), sore("1h", 0), now="50h") is None
        assert due_at(session(), sore("50h", 5), now="60h") is None

    def test_only_the_latest_session_can_be_due(self):
        assert due_at(session(), session("50h"), now="60h") == at("146h")
        assert due_at(session(), session("97h"), now="98h") == at("193h")
