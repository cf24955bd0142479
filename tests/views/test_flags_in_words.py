"""What the sentences of a flag say of its rule, and claim nothing that is not known."""

from diary.models import Flag
from tests.views.test_flags import HOUR
from tests.views.test_today import text


def of_rule(client, rule):
    return text(client.get(f"/flags/{Flag.objects.get(rule=rule).pk}/"))


def test_show_says_of_severe_dizziness_at_once_that_it_was_severe(signed_in, ana, treat, log):
    treat(ana, ago=5 * HOUR)
    log(ana, 3, dizziness=3, ago=HOUR)
    read = of_rule(signed_in(ana), "lingering-reaction")
    assert "or is dizziness or low mood that was severe" in read
    assert "more than two days after session 1, or was severe." in read


def test_show_says_nothing_of_dizziness_where_soreness_lingers(signed_in, ana, treat, log):
    treat(ana, ago=72 * HOUR)
    log(ana, 3, soreness=5, ago=HOUR)
    read = of_rule(signed_in(ana), "lingering-reaction")
    assert "This one was still reported after that." in read
    assert "dizziness" not in read.lower()


def test_show_claims_no_usual_that_is_not_known(signed_in, ana, treat, log):
    treat(ana, ago=5 * HOUR)
    log(ana, 8, ago=HOUR)
    read = of_rule(signed_in(ana), "severe-pain")
    assert "pain reached 7 or more, clearly above the usual as far as that is known" in read
    assert "or more since session 1, clearly above the usual." not in read


def test_show_claims_no_points_of_a_rise_that_was_noted_as_sharp(signed_in, ana, treat):
    treat(ana, ago=5 * HOUR, pain_before=5, pain_after=5, sharp_increase=True)
    assert "noted as sharp, or by three points or more" in of_rule(signed_in(ana), "sharp-rise")


def test_show_says_of_a_climb_without_a_usual_that_it_climbs(signed_in, ana, treat, log):
    treat(ana, ago=60 * HOUR)
    for pain, ago in ((1, 30), (2, 20), (3, 10), (4, 5)):
        log(ana, pain, ago=ago * HOUR)
    read = of_rule(signed_in(ana), "escalating-pain")
    assert "after session 1, pain was above the usual and staying there, or still climbing." in read


def test_show_says_of_levels_that_fall_again_that_they_are_higher(signed_in, ana, treat, log, now):
    days = 24 * HOUR
    for place, pain in enumerate((7, 6, 5)):
        treat(ana, ago=(25 - 8 * place) * days, pain_before=3)
        log(ana, pain, ago=(25 - 8 * place) * days - 60 * HOUR, compared="better")
    assert "pain settled at a higher level than before the first session of all" in of_rule(
        signed_in(ana), "worsening-course"
    )


def test_show_says_of_silence_that_the_last_answer_was_not_clear(signed_in, ana, treat, log):
    treat(ana, ago=100 * HOUR)
    log(ana, 3, soreness=0, ago=90 * HOUR)
    log(ana, 3, soreness=4, ago=60 * HOUR)
    assert "and the last one before, if any, was not clear." in of_rule(signed_in(ana), "silence")


def test_show_promises_nobody_who_looks_where_the_diary_is_shared_with_nobody(signed_in, ben, treat, log):
    treat(ben, ago=72 * HOUR)
    log(ben, 3, soreness=5, ago=HOUR)
    read = of_rule(signed_in(ben), "lingering-reaction")
    assert "If you share with a practitioner, they find this on their list on the next working day." in read
