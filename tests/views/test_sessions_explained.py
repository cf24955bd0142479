"""A session as it is shown: why it was flagged, why it was not, and what each rule cannot tell."""

from diary.actions import entries
from diary.models import Flag
from tests.views.test_sessions import HOUR
from tests.views.test_today import text


def test_show_says_why_it_was_flagged(signed_in, ana, treat, log):
    session = treat(ana, ago=72 * HOUR, pain_before=4)
    log(ana, 3, soreness=5, ago=HOUR)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert "Session 1" in read
    assert "Why was I flagged?" in read
    assert "Soreness has not settled" in read


def test_show_says_why_it_was_not(signed_in, ana, treat, log):
    session = treat(ana, ago=40 * HOUR, pain_before=4)
    log(ana, 3, soreness=1, ago=HOUR)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert "Why was I not flagged?" in read
    assert "1 entry follows this session, and no rule is met." in read
    assert "cannot tell" not in read


def answer_of(read, rule):
    """What a rule says in the text of a page, up to the next rule."""
    return read[read.index("What each rule says") :].partition(f"{rule} ")[2]


def test_show_of_a_session_after_which_an_earlier_flag_went_on_does_not_say_that_no_rule_is_met(
    signed_in, ana, treat, log
):
    treat(ana, ago=144 * HOUR)
    log(ana, 4, soreness=5, ago=84 * HOUR)
    session = treat(ana, ago=72 * HOUR)
    for hours in (60, 5):
        log(ana, 4, soreness=5, ago=hours * HOUR)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert "No new flag: one from before this session was still open after it." in read
    assert "A flag from before this session was still open after it" in read
    assert "no rule is met" not in read
    assert "No reaction was reported" not in read


def test_show_says_what_each_rule_cannot_tell(signed_in, ana, treat, log):
    session = treat(ana, ago=60 * HOUR)
    log(ana, 3, ago=HOUR)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert answer_of(read, "Severe pain").startswith("There is nothing to compare with")
    assert answer_of(read, "Sharp rise during a session").startswith("Pain before or after this session was not noted")
    assert answer_of(read, "Signs that need care").startswith("It looked. No sign")


def test_show_says_until_when_a_reaction_is_expected(signed_in, ana, treat, log):
    session = treat(ana, ago=40 * HOUR, pain_before=4)
    log(ana, 3, soreness=5, ago=HOUR)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert answer_of(read, "Lingering reaction").startswith("In the expected time until Tue 10 Mar, 20:00")
    assert answer_of(read, "Silence").startswith("Not yet: it looks from Thu 12 Mar, 20:00 on")


def test_show_leads_from_a_rule_to_its_flag_and_to_the_rule(signed_in, ana, treat, log):
    session = treat(ana, ago=72 * HOUR, pain_before=4)
    log(ana, 3, soreness=5, ago=HOUR, red_flags=["fever"])
    page = signed_in(ana).get(f"/sessions/{session.pk}/")
    for flag in Flag.objects.all():
        assert f'<a href="/flags/{flag.pk}/">Flagged</a>' in page.content.decode()
        assert f'href="/rules/#{flag.rule}"' in page.content.decode()
    assert {flag.rule for flag in page.context["flags"]} == {"lingering-reaction", "red-flag"}


def test_show_tells_the_sign_of_an_entry_that_was_deleted(signed_in, ana, treat, log, now):
    session = treat(ana, ago=40 * HOUR)
    signs = log(ana, 3, ago=HOUR, red_flags=["saddle"]).entry
    entries.withdraw(by=ana, now=now, entry=signs)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert "Needs care: numbness between the legs" in read
    assert "no rule is met" not in read
    assert "No sign that needs medical care was ticked" not in read


def test_show_counts_an_entry_of_the_moment_of_the_next_session_there_as_the_rules_do(signed_in, ana, treat, log):
    first, second = treat(ana, ago=240 * HOUR), treat(ana, ago=2 * HOUR)
    log(ana, 3, ago=2 * HOUR, red_flags=["fever"])
    for session, said in ((first, "Nothing has been logged since this session."), (second, "Flagged")):
        read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
        assert said in read
        assert ("Needs care: fever" in read) == (session == second)


def test_show_of_a_flag_taken_back_says_what_the_rule_says_now(signed_in, ana, treat, log, now):
    session = treat(ana, ago=72 * HOUR, pain_before=4)
    entry = log(ana, 3, soreness=5, ago=HOUR).entry
    entries.amend(by=ana, now=now, entry=entry, version=1, soreness=0)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert answer_of(read, "Lingering reaction").startswith(
        "It looked. No reaction was reported for longer than two days"
    )
