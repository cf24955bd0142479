import re
from datetime import timedelta

import pytest

from diary.forms.intake import STEPS, IntakeForm
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


def test_amend_asks_again_what_the_rules_say(signed_in, ana, treat, log):
    treat(ana, ago=timedelta(hours=72))
    log(ana, 4, soreness=3, ago=timedelta(hours=1))
    assert Flag.objects.current().count() == 1
    signed_in(ana).post("/intake/", {"usual_soreness": "4"})
    assert Flag.objects.current().count() == 0


LAST = len(STEPS)


def test_step_asks_one_topic_and_says_how_far_one_is(signed_in, ana):
    page = signed_in(ana).get("/intake/2/")
    assert f"Step 2 of {LAST}" in text(page)
    asked = set(page.context["form"].fields)
    assert asked == set(STEPS[1].names)


def test_step_by_step_asks_what_the_one_page_asks():
    assert [name for step in STEPS for name in step.names] == list(IntakeForm.base_fields)


def test_step_saves_and_goes_on_to_the_next(signed_in, ana):
    answer = signed_in(ana).post("/intake/1/", {"usual_pain": "6", "go": "on"})
    assert answer["Location"] == "/intake/2/?saved=1"
    assert Intake.objects.get(patient=ana).usual_pain == 6


def test_step_leaves_the_other_steps_as_they_are(signed_in, ana):
    client = signed_in(ana)
    client.post("/intake/1/", {"usual_pain": "6"})
    client.post("/intake/5/", {"allergies": "nickel", "usual_pain": "1"})
    client.post("/intake/3/", {"conditions": ["pregnancy"]})
    intake = Intake.objects.get(patient=ana)
    assert (intake.usual_pain, intake.allergies, intake.conditions) == (6, "nickel", ["pregnancy"])


def test_step_back_saves_too(signed_in, ana):
    assert signed_in(ana).post("/intake/5/", {"allergies": "latex", "go": "back"})["Location"] == "/intake/4/?saved=5"
    assert Intake.objects.get(patient=ana).allergies == "latex"


def test_step_skips_without_a_word(signed_in, ana):
    page = signed_in(ana).get("/intake/1/").content.decode()
    assert 'href="/intake/2/">Skip' in page
    assert Intake.objects.get(patient=ana).saved_at is None


def test_step_ends_at_today(signed_in, ana):
    client = signed_in(ana)
    assert 'href="/today/">Skip' in client.get(f"/intake/{LAST}/").content.decode()
    assert client.post(f"/intake/{LAST}/", {"needle_nervousness": "3"})["Location"] == f"/today/?saved={LAST}"


def test_step_keeps_what_was_typed_where_something_is_wrong(signed_in, ana):
    page = signed_in(ana).post("/intake/7/", {"needle_nervousness": "eleven", "expectation": "to garden again"})
    assert "is not on the scale" in text(page)
    assert b"to garden again" in page.content
    assert Intake.objects.get(patient=ana).expectation == ""


@pytest.mark.parametrize("step", [0, 8, 999])
def test_step_beyond_the_last_does_not_exist(signed_in, ana, step):
    assert signed_in(ana).get(f"/intake/{step}/").status_code == 404


def test_step_with_a_blood_thinner_by_name_ticks_the_condition_the_rules_read(signed_in, ana):
    client = signed_in(ana)
    client.post("/intake/3/", {"conditions": ["lung_disease"]})
    assert "also ticks" in text(client.get("/intake/4/"))
    client.post("/intake/4/", {"blood_thinners": ["apixaban"], "medicines": "ramipril"})
    intake = Intake.objects.get(patient=ana)
    assert (intake.blood_thinners, intake.conditions) == (["apixaban"], ["lung_disease", "blood_thinners"])


def shown(client, address="/intake/"):
    return re.search(r'name="version" value="(\w+)"', client.get(address).content.decode())[1]


@pytest.mark.parametrize("address", ["/intake/", "/intake/5/"])
def test_amend_in_two_tabs_shows_both_and_replaces_nothing_unseen(signed_in, ana, address):
    client = signed_in(ana)
    seen = shown(client, address)
    assert client.post(address, {"version": seen, "allergies": "nickel"}).status_code == 302
    page = client.post(address, {"version": seen, "allergies": "latex"})
    assert "This was changed meanwhile" in text(page)
    assert "nickel" in text(page)
    assert b"latex" in page.content
    assert Intake.objects.get(patient=ana).allergies == "nickel"
    seen = re.search(r'name="version" value="(\w+)"', page.content.decode())[1]
    assert client.post(address, {"version": seen, "allergies": "latex"}).status_code == 302
    assert Intake.objects.get(patient=ana).allergies == "latex"


@pytest.mark.parametrize("address", ["/intake/", "/intake/4/"])
def test_amend_sent_twice_is_saved_and_not_changed_meanwhile(signed_in, ana, address):
    """The second press said that nothing was saved yet; a blood thinner's own tick is no other answer either."""
    client = signed_in(ana)
    typed = {"version": shown(client, address), "blood_thinners": ["apixaban"], "medicines": "ramipril"}
    assert [client.post(address, typed).status_code for _press in range(2)] == [302, 302]
    assert Intake.objects.get(patient=ana).conditions == ["blood_thinners"]


def test_step_in_two_tabs_on_other_questions_is_no_conflict(signed_in, ana):
    client = signed_in(ana)
    allergies, earlier = shown(client, "/intake/5/"), shown(client, "/intake/6/")
    client.post("/intake/6/", {"version": earlier, "earlier_treatments": "yoga"})
    assert client.post("/intake/5/", {"version": allergies, "allergies": "nickel"}).status_code == 302
    intake = Intake.objects.get(patient=ana)
    assert (intake.allergies, intake.earlier_treatments) == ("nickel", "yoga")
