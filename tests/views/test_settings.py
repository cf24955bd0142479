import pytest

from tests.views.test_today import text


def save(client, **answers):
    return client.post("/settings/", {"name": "Ana Alves", "language": "en", "time_zone": "Europe/Lisbon"} | answers)


@pytest.mark.parametrize("person", ["ana", "paula", "admin"])
def test_show_is_for_everybody(signed_in, request, person):
    someone = request.getfixturevalue(person)
    assert someone.name in signed_in(someone).get("/settings/").content.decode()


def test_show_saves(signed_in, ana):
    assert save(signed_in(ana), name=" Ana\r\nMaria ", time_zone="Asia/Tokyo")["Location"] == "/settings/"
    ana.refresh_from_db()
    assert (ana.name, ana.time_zone) == ("Ana Maria", "Asia/Tokyo")


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 121}, {"language": "tlh"}, {"time_zone": "Mars/Base"}, {"time_zone": "\0"}]
)
def test_show_refuses_what_does_not_exist(signed_in, ana, wrong):
    page = save(signed_in(ana), **wrong)
    assert "Not saved yet" in text(page)
    ana.refresh_from_db()
    assert (ana.name, ana.language, ana.time_zone) == ("Ana Alves", "en", "Europe/Lisbon")


@pytest.mark.asvs("V15.3.3")
def test_show_ignores_a_role(signed_in, ana):
    save(signed_in(ana), role="admin", is_superuser="on", email="other@settle.example")
    ana.refresh_from_db()
    assert (ana.role, ana.is_superuser) == ("patient", False)


def test_show_speaks_the_readers_language_from_the_next_page_on(signed_in, ana):
    client = signed_in(ana)
    save(client, language="de")
    page = client.get("/settings/")
    assert page["Content-Language"] == "de"
    assert b'<html lang="de"' in page.content
