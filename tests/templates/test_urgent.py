"""The screen that cannot wait: what to do, whom to call, and only then what was ticked."""

from django.template.loader import render_to_string

LINES = ["Call now.", "You ticked:", "a sign"]


def drawn(**said):
    return render_to_string(
        "components/urgent.html", {"heading": "Get help", "lines": LINES, "emergency": "112", **said}
    )


def order(page, *words):
    return sorted(words, key=page.index) == list(words)


def test_the_numbers_stand_before_what_was_ticked():
    page = drawn(same_day="020 7946 0123")
    assert order(page, "Get help", "Call now.", 'href="tel:112"', 'href="tel:02079460123"', "You ticked:", "a sign")


def test_what_can_wait_until_the_practice_answers_has_its_number_first():
    page = drawn(same_day="020 7946 0123", same_day_first=True)
    assert order(page, 'href="tel:02079460123"', 'href="tel:112"', "You ticked:")


def test_without_a_number_of_the_practice_there_is_the_emergency_number():
    page = drawn(same_day="", same_day_first=True)
    assert page.count("tel:") == 1
    assert "112" in page
