"""For a practice's record system: flags as cards of CDS Hooks."""

import pytest

from diary.models import Event

CALL = "/cds-services/open-flags"


def of(patient, hook="patient-view"):
    return {"hook": hook, "hookInstance": "x", "context": {"userId": "Practitioner/1", "patientId": str(patient)}}


@pytest.fixture
def cards(token, paula):
    return token(paula, "flags")


def test_list_says_what_is_on_offer_to_anybody(ask, db):
    (service,) = ask("", "/cds-services").json()["services"]
    assert (service["hook"], service["id"]) == ("patient-view", "open-flags")


def test_show_gives_a_card_a_flag_the_most_pressing_first(ask, cards, world, ana, paula):
    answer = ask(cards, CALL, method="post", body=of(ana.pk)).json()["cards"]
    assert [card["indicator"] for card in answer] == ["critical", "warning"]
    assert answer[0]["summary"] == "Needs care: signs of infection at a needle site"
    assert answer[0]["source"]["url"].endswith("/rules/")
    assert f"/worklist/{answer[0]['uuid']}/" in answer[0]["links"][0]["url"]
    assert "session 2" in answer[1]["detail"]
    assert Event.objects.about(ana.pk).reads().filter(actor=str(paula.pk)).exists()


def test_show_says_nothing_of_a_patient_who_does_not_share(ask, cards, world, ben):
    foreign, missing = (ask(cards, CALL, method="post", body=of(id)) for id in (ben.pk, 987654))
    assert foreign.status_code == 404
    assert foreign.content == missing.content


@pytest.mark.parametrize(
    "said", [[], {}, {"hook": "patient-view"}, of("x"), of("²"), of(2**70), of(1, "order-select"), of("")]
)
def test_show_refuses_what_is_no_call(ask, cards, said):
    assert ask(cards, CALL, method="post", body=said).status_code == 400


def test_show_is_for_practitioners(ask, token, ana, world):
    assert ask(token(ana, "own"), CALL, method="post", body=of(ana.pk)).status_code == 404


def test_show_needs_a_token_where_a_cookie_would_do_for_a_page(signed_in, paula, ana):
    answer = signed_in(paula).post(f"/api/v1{CALL}", of(ana.pk), content_type="application/json")
    assert answer.status_code == 401
