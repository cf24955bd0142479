from datetime import timedelta

import pytest

from diary.models import Flag, Intake
from tests.views.test_today import text


def test_amend_saves_what_is_answered_and_leaves_the_rest_open(signed_in, ana, now):
    client = signed_in(ana)
    answers = {"usual_pain": "5", "usual_stiffness": "1", "conditions": ["blood_thinners"], "medicines": "warfarin"}
    assert client.post("/intake/", answers)["Location"] == "/intake/"
    intake = Intake.objects.get(patient=ana)
    assert (intake.usual_pain, intake.usual_soreness, intake.usual_stiffness) == (5, None, 1)
    assert (intake.conditions, intake.medicines, intake.saved_at) == (["blood_thinners"], "warfarin", now)
    assert b"warfarin" in client.get("/intake/").content


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"usual_pain": "11"}, "is not on the scale"),
        ({"needle_nervousness": "very"}, "is not on the scale"),
        ({"usual_fatigue": "9"}, "Select a valid choice"),
        ({"conditions": ["nonsense"]}, "is not among the choices"),
        ({"medicines": "m" * 3000}, "up to 2000 characters and has 3000"),
    ],
)
def test_amend_says_what_is_wrong_and_keeps_what_was_typed(signed_in, ana, wrong, sentence):
    page = signed_in(ana).post("/intake/", {"allergies": "typed words"} | wrong)
    assert sentence in text(page)
    assert b"typed words" in page.content
    assert Intake.objects.get(patient=ana).allergies == ""


def test_amend_is_for_patients_only(signed_in, paula):
    assert signed_in(paula).get("/intake/").status_code == 404


def test_amend_asks_again_what_the_rules_say(signed_in, ana, treat, log):
    treat(ana, ago=timedelta(hours=72))
    log(ana, 4, soreness=3, ago=timedelta(hours=1))
    assert Flag.objects.current().count() == 1
    signed_in(ana).post("/intake/", {"usual_soreness": "4"})
    assert Flag.objects.current().count() == 0
