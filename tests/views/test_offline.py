"""What a device keeps to open the diary without a network: a page of nobody, its worker, icons, numbers to call."""

import re
import struct

import pytest
from django.conf import settings

from tests.views.test_today import text


def test_show_is_the_same_for_everybody_without_name_id_or_token(client, signed_in, ana):
    nobodys = client.get("/offline/")
    assert nobodys.content == signed_in(ana).get("/offline/").content
    page = nobodys.content.decode()
    assert 'name="csrfmiddlewaretoken"' not in page
    assert 'name="id" value=""' in page
    assert 'data-who=""' in page
    assert not nobodys.cookies
    assert nobodys["Cache-Control"] == "no-cache"


def test_show_carries_the_advice_for_both_kinds_of_red_flag(client):
    page = client.get("/offline/")
    assert "Get medical help now" in text(page)
    assert "Be seen by a doctor today" in text(page)
    assert page.content.count(b'href="tel:112"') == 2


def test_show_has_the_whole_form(client, signed_in, ana):
    names = [
        set(re.findall(r'name="(\w+)"', page.content.decode()))
        for page in (client.get("/offline/"), signed_in(ana).get("/entries/add/"))
    ]
    assert names[1] - names[0] <= {"csrfmiddlewaretoken", "who", f"of{ana.pk}", "viewport", "theme"}


def test_show_speaks_the_language_of_who_asks(client):
    assert b'<html lang="de">' in client.get("/offline/", headers={"Accept-Language": "de"}).content


def test_worker_is_asked_for_each_time_and_keeps_only_the_shell(client):
    answer = client.get("/offline-worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    files = re.search(r"FILES = \[(.*?)\]", answer.content.decode())[1]
    assert re.findall(r'"/([^"]+)"', files) == [
        "static/built/site.css", "static/built/settle.js", "static/built/offline.js", "static/icons/favicon.svg"
    ]  # fmt: skip
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_worker_is_another_one_in_another_language(client):
    shells = {
        re.search(rb'SHELL = "([^"]+)"', client.get("/offline-worker.js", headers={"Accept-Language": code}).content)[1]
        for code in ("en", "en", "de")
    }
    assert len(shells) == 2


def test_manifest_names_icons_of_the_size_it_says(client):
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert (said["display"], said["scope"], said["start_url"]) == ("standalone", "/", "/")
    assert {(icon["sizes"], icon["purpose"]) for icon in said["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")
    }  # fmt: skip
    for icon in said["icons"]:
        picture = (settings.BASE_DIR / icon["src"].lstrip("/")).read_bytes()
        assert "{}x{}".format(*struct.unpack(">II", picture[16:24])) == icon["sizes"]


def test_numbers_are_those_of_the_practice(signed_in, ana, practice):
    answer = signed_in(ana).get("/offline/numbers.json")
    assert answer.json() == {"emergency": "112", "practice": practice.same_day_number}
    assert "no-store" in answer["Cache-Control"]


def test_numbers_without_a_practice(signed_in, ben):
    assert signed_in(ben).get("/offline/numbers.json").json() == {"emergency": "112", "practice": ""}


@pytest.mark.parametrize("person", ["paula", "admin"])
def test_numbers_are_for_patients(signed_in, request, person):
    assert signed_in(request.getfixturevalue(person)).get("/offline/numbers.json").status_code == 404
