"""What is too large to be read is answered with a clear sentence, and nothing is saved of it."""

import pytest

from diary.models import Entry


@pytest.fixture
def client_of_ana(signed_in, ana):
    client = signed_in(ana)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"])
def test_a_body_of_10_megabytes(kind, client_of_ana):
    typed = "x" * 10_000_000
    parts = f'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\n{typed}\r\n--b--\r\n'
    body = parts if kind.startswith("multipart") else f"pain=4&note={typed}"
    answer = client_of_ana.post("/entries/add/", body, content_type=kind)
    assert answer.status_code == 400
    assert "too long or damaged" in answer.content.decode()
    assert not Entry.objects.exists()


def test_a_form_of_10000_fields(client_of_ana):
    answer = client_of_ana.post("/entries/add/", {"pain": 4} | {f"field{n}": n for n in range(10_000)})
    assert answer.status_code == 400
    assert "too long or damaged" in answer.content.decode()
    assert not Entry.objects.exists()


def test_a_forged_host(client_of_ana):
    answer = client_of_ana.get("/today/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()
