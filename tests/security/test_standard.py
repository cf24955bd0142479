"""docs/security.md says what the marks on the tests say, of every requirement, once."""

from tests.security import standard
from tests.security.test_safety_log import written


def test_the_page_is_as_the_marks_are(figure):
    """Otherwise: `pytest --asvs` writes it anew."""
    tests = standard.shown()
    figure("requirements of ASVS 5.0 level 2 shown by tests", len(tests), f"of {len(standard.REQUIREMENTS)}")
    assert standard.PAGE.read_text(encoding="utf-8") == standard.page()


def test_control_a_mark_that_goes_makes_the_page_stale():
    tests = standard.shown()
    assert standard.tables(tests | {"V8.2.2": ["other.py::test_another"]}) != standard.tables(tests)
    assert standard.tables({**tests, "V8.2.2": []} | {}) != standard.tables(tests)


def test_every_requirement_stands_somewhere_and_nowhere_twice():
    tests = standard.shown()
    said = [*standard.ELSEWHERE, *standard.NOT_MET, *standard.NOWHERE]
    assert [number for number in standard.REQUIREMENTS if not standard.standing(number, tests)] == []
    assert sorted(set(said)) == sorted(said)
    assert sorted(set(tests) & set(said)) == []
    assert sorted(set(tests) - set(standard.REQUIREMENTS)) == []
    assert len(standard.REQUIREMENTS) == 253


def test_control_a_requirement_without_a_word_is_found():
    assert standard.standing("V8.2.2", {}) == []
    assert standard.standing("V8.2.2", {"V8.2.2": ["x"]}) == ["shown"]


def test_every_marked_test_is_there():
    for number, tests in standard.shown().items():
        assert all(test.partition("::")[2] in written(test.partition("::")[0]) for test in tests), number
