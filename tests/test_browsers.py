"""What a browser is called on the page that lists where one is signed in."""

import pytest
from django.urls import reverse

from diary.wording import browser
from tests.people import PASSWORD

APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.engineless
@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Windows"),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {APPLE} Version/18.5 Safari/604.1",
            "Safari · iPhone",
        ),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {APPLE} CriOS/137.0 Safari/604.1", "Chrome · iPhone"),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/137.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/137.0 Safari/537.36 Edg/137.0", "Edge · Windows"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/18.5 Safari/605.1.15", "Safari · Mac"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_browser_is_called_as_people_know_it(said, name):
    assert browser(said) == name


@pytest.mark.django_db
def test_where_one_is_signed_in_names_it(client, ana):
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD}, headers={"user-agent": firefox})
    read = client.get(reverse("usersessions_list")).content.decode()
    assert "Firefox · Linux" in read
    assert "Gecko" not in read
