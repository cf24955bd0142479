"""nginx as it is deployed, by plain HTTP: people are led to HTTPS, programs are refused, as the site itself has it."""

from contextlib import closing
from http.client import HTTPConnection

import pytest

from diary.urls import urlpatterns
from tests.reliability.front import plain_front


def answered(port: int, method: str, path: str) -> tuple[int, str | None, str | None]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request(method, path, headers={"Host": "settle.example", "Authorization": "Bearer settle_secret"})
        with connection.getresponse() as answer:
            return answer.status, answer.headers["Location"], answer.headers["Content-Type"]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    with plain_front(tmp_path_factory.mktemp("nginx")) as port:
        yield port


@pytest.mark.parametrize("path", ["/", "/worklist/?q=1", "/api/"])
def test_a_person_is_led_to_https(plain, path):
    assert answered(plain, "GET", path)[:2] == (301, f"https://settle.example{path}")


def test_a_program_is_refused_and_not_sent_on(plain):
    addresses = [str(one.pattern).replace("<int:id>", "7") for one in urlpatterns if "api/v1" in str(one.pattern)]
    assert len(addresses) > 10
    for path in (*addresses, "api/v1/me?x=1"):
        for method in ("GET", "POST"):
            assert answered(plain, method, f"/{path}") == (403, None, "application/problem+json"), path
