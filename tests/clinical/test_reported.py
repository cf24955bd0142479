import pytest

from diary.clinical.diary import DAY, HOUR, Diary, Entry, Session
from diary.clinical.reported import PUBLISHED, REPORTS, after_sessions

T0 = 1_700_000_000


def entry(hours, **said):
    return Entry(id=str(hours), observed_at=T0 + hours * HOUR, recorded_at=T0 + hours * HOUR, pain=3, **said)


def after(*entries, sessions=None):
    sessions = sessions or (Session("1", T0),)
    return after_sessions(Diary(sessions=sessions, entries=entries))


def test_without_an_entry_nothing_is_known():
    assert after() == {"1": dict.fromkeys(REPORTS)}
    assert after_sessions(Diary()) == {}


@pytest.mark.parametrize(
    ("said", "symptom", "answer"),
    [
        ({"soreness": 0}, "soreness", False),
        ({"soreness": 1}, "soreness", True),
        ({}, "soreness", None),
        ({"reactions": {"bruising": 0}}, "bruising", False),
        ({"reactions": {"bruising": 1}}, "bruising", True),
        ({"red_flags": ("bleeding",)}, "bruising", True),
        ({"reactions": {"bruising": 0}, "red_flags": ("bleeding",)}, "bruising", True),
        ({}, "bruising", None),
        ({"reactions": {"dizziness": 2}}, "dizziness", True),
        ({"red_flags": ("collapse",)}, "dizziness", True),
        ({"red_flags": ("bleeding",)}, "dizziness", None),
        ({}, "breathing", False),
        ({"red_flags": ("breathing",)}, "breathing", True),
        ({}, "infection", False),
        ({"red_flags": ("infection",)}, "infection", True),
    ],
)
def test_an_entry_answers_by_its_answer_or_by_a_red_flag(said, symptom, answer):
    assert after(entry(1, **said))["1"][symptom] is answer


def test_one_yes_among_answers_is_a_yes():
    assert after(entry(1, soreness=0), entry(2, soreness=3), entry(3))["1"]["soreness"] is True


def test_the_window_is_seven_days_from_the_end_of_the_session():
    assert after(entry(0, soreness=1))["1"]["soreness"] is True
    assert after(entry(7 * 24 - 1, soreness=1))["1"]["soreness"] is True
    assert after(entry(7 * 24, soreness=1))["1"]["soreness"] is None
    assert after(entry(-1, soreness=1))["1"]["soreness"] is None


def test_the_next_session_ends_the_window_of_the_one_before():
    both = (Session("2", T0 + 2 * DAY), Session("1", T0))
    said = after(entry(47, soreness=0), entry(48, soreness=5), sessions=both)
    assert (said["1"]["soreness"], said["2"]["soreness"]) == (False, True)


def test_what_is_published_is_the_source_documents():
    assert PUBLISHED == {
        "bruising": (0.10, 0.20),
        "soreness": (0.15, 0.25),
        "dizziness": (0.0, 0.05),
        "breathing": (0.0, 0.0001),
        "infection": (0.0, 0.0001),
    }
