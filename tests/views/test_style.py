import pytest

from tests.views.test_today import text


@pytest.fixture
def _demo(settings):
    settings.DEMO = True


@pytest.mark.parametrize("person", ["ana", "paula", "admin"])
def test_show_is_in_the_demo_only(signed_in, request, person, settings):
    client = signed_in(request.getfixturevalue(person))
    assert client.get("/style/").status_code == 404
    settings.DEMO = True
    assert "Every component of Settle" in text(client.get("/style/"))


@pytest.mark.usefixtures("_demo")
def test_show_shows_what_is_wrong_and_keeps_what_was_typed(signed_in, ana):
    answer = signed_in(ana).post("/style/", {"note": "as typed", "soreness": "11"})
    assert "Choose a number from 0 to 10." in text(answer)
    assert "“11” is not on the scale." in text(answer)
    assert "as typed" in answer.content.decode()


SHOWN = [
    *('data-chart="time"', 'data-chart="courses"', 'class="sheet"', 'class="rate-chart"', 'class="week-day'),
    *('class="codes"', 'class="qr"', 'class="copy"', 'class="thread"', 'class="urgent', 'class="work-head"'),
]


@pytest.mark.usefixtures("_demo")
def test_show_leaves_no_component_out(signed_in, ana):
    page = signed_in(ana).get("/style/").content.decode()
    assert [mark for mark in SHOWN if mark not in page] == []


def test_data_is_what_the_chart_of_the_page_draws_and_in_the_demo_only(signed_in, ana, settings):
    client = signed_in(ana)
    assert client.get("/style.json").status_code == 404
    settings.DEMO = True
    told = client.get("/style.json").json()
    assert set(told) == {"minutes", "pain", "soreness", "late"}
    assert {len(column) for column in told.values()} == {26}
    assert {0 <= pain <= 10 for pain in told["pain"]} == {True}
