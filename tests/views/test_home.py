import pytest


def test_show_welcomes_the_anonymous_with_sign_in(client, db):
    page = client.get("/")
    assert page.status_code == 200
    assert b'action="/accounts/login/"' in page.content
    assert b'name="password"' in page.content


@pytest.mark.parametrize(("person", "start"), [("ana", "/today/"), ("paula", "/worklist/"), ("admin", "/people/")])
def test_show_sends_everybody_to_their_own_work(signed_in, request, person, start):
    answer = signed_in(request.getfixturevalue(person)).get("/")
    assert (answer.status_code, answer["Location"]) == (302, start)


def test_show_signs_in(client, ana):
    answer = client.post("/accounts/login/", {"login": ana.email, "password": "a long enough sentence"})
    assert answer.status_code == 302
