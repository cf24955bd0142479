"""Calling an address that somebody typed: only https, only public, only what was checked, and not for long."""

import contextlib
import hmac
import ipaddress
import re
import socket
import ssl
import threading
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from diary import calling

DOCS = Path(__file__).parents[1] / "docs" / "webhooks.md"
INSIDE = [
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1"),  # noqa: S104
    *(
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "2002:7f00:1::",
    ),
    *("64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2001:0:7f00:1::1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
]


@pytest.mark.asvs("V1.3.6")
@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_called(address, monkeypatch):
    assert not calling.is_public(address)
    found(monkeypatch, address)
    with pytest.raises(calling.Refused, match="public"):
        calling.addresses_of("system.example", 443)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111"])
def test_an_address_of_the_internet_is(address, monkeypatch):
    found(monkeypatch, address)
    assert calling.addresses_of("system.example", 443) == [address]


@pytest.mark.asvs("V1.3.6")
def test_one_private_answer_among_public_ones_is_enough_to_refuse(monkeypatch):
    found(monkeypatch, "8.8.8.8", "127.0.0.1")
    with pytest.raises(calling.Refused):
        calling.addresses_of("system.example", 443)


def found(monkeypatch, *addresses):
    known = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **named: known)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://system.example/",
            "ftp://system.example/",
            "https:///x",
            "system.example",
            "",
            "https://a:b@system.example/",
        ),
        *(
            "https://system.example/#x",
            "https://system.example/ x",
            "https://system.example/\r\nX: y",
            "https://sÿstem.example/",
        ),
        *("file:///etc/passwd", "https://system.example:x/", "https://system.example:99999/"),
    ],
)
def test_only_a_plain_https_address_is_called(url):
    with pytest.raises(ValueError, match=r"https|blank|[Pp]ort"):
        calling.parts_of(url)


# A server of our own, whose certificate is trusted in the test alone


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "system.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.DNSName("system.example")])
    made = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("hooks") / "system.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class System:
    """A practice's system that answers each call with the next of its answers, and keeps what it was sent."""

    def __init__(self, certificate, answers):
        self.heard, self.answers = [], answers
        self.trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.trust.load_cert_chain(certificate)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://system.example:{self.door.getsockname()[1]}/settle?a=b"
        self.work = threading.Thread(target=self.serve)
        self.work.start()

    def serve(self):
        for answer in self.answers:
            with suppress(OSError):  # who does not trust us hangs up; closing the door ends the wait for a next call
                caller = self.door.accept()[0]
                with caller, self.trust.wrap_socket(caller, server_side=True) as call:
                    self.heard.append(self.read(call))
                    self.answer(call, answer)

    def answer(self, call, answer):
        call.sendall(answer)
        while isinstance(answer, Drip):
            call.sendall(b"X: y\r\n")
            time.sleep(0.1)

    def close(self):
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        self.work.join()

    def read(self, call):
        said = b""
        while b"\r\n\r\n" not in said:
            said += call.recv(4096)
        head, _, body = said.partition(b"\r\n\r\n")
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])
        while len(body) < length:
            body += call.recv(4096)
        return head.decode(), body


OK = b"HTTP/1.1 204 No Content\r\n\r\n"


@pytest.fixture
def system(certificate, monkeypatch, settings):
    """Return a function that starts a practice's system here, with leave to call an address inside."""
    settings.HOOKS_PRIVATE = True
    look_up = socket.getaddrinfo

    def told(host, *args, **named):
        return look_up("127.0.0.1" if host == "system.example" else host, *args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", told)
    monkeypatch.setattr(calling, "trust", lambda: ssl.create_default_context(cafile=str(certificate)))
    with ExitStack() as closing:
        yield lambda *answers: closing.enter_context(contextlib.closing(System(certificate, answers)))


def test_a_call_is_made_with_the_name_and_the_signature(system):
    there = system(OK)
    calling.post(there.url, b"{}", {"Settle-Signature": calling.signature("secret", 1, b"{}")})
    ((head, body),) = there.heard
    assert head.startswith("POST /settle?a=b HTTP/1.1\r\nHost: system.example")
    assert body == b"{}"


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 500 No\r\n\r\n", b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\n\r\n", b"nonsense\r\n\r\n"],
)
@pytest.mark.asvs("V15.3.2")
def test_what_is_not_taken_is_refused_and_no_redirect_is_followed(system, answer):
    there = system(answer, OK)
    with pytest.raises(calling.Refused):
        calling.post(there.url, b"{}", {})
    assert len(there.heard) == 1


@pytest.mark.parametrize(("answer", "gone"), [(b"404 Not Found", True), (b"410 Gone", True), (b"403 No", False)])
def test_that_nobody_is_there_any_more_is_told_apart(system, answer, gone):
    there = system(b"HTTP/1.1 " + answer + b"\r\n\r\n")
    with pytest.raises(calling.Refused) as refused:
        calling.post(there.url, b"{}", {})
    assert isinstance(refused.value, calling.Gone) == gone


class Drip(bytes):
    """An answer that comes letter by letter, and does not end."""


def test_who_answers_letter_by_letter_holds_nobody_up(system, monkeypatch):
    monkeypatch.setattr(calling, "LONGEST", 0.5)
    there, began = system(Drip(b"HTTP/1.1 204 No Content\r\n")), time.monotonic()
    with suppress(OSError):
        calling.post(there.url, b"{}", {})
    assert 0.5 <= time.monotonic() - began < 60  # it would have gone on for ever


def test_a_name_that_nobody_answers_for_holds_nobody_up(monkeypatch):
    answered = threading.Event()
    monkeypatch.setattr(calling, "TIMEOUT", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **named: answered.wait(60) and [])
    began = time.monotonic()
    with pytest.raises(TimeoutError):  # an OSError: it is tried again later
        calling.post("https://silent.example/", b"{}", {})
    answered.set()
    assert time.monotonic() - began < 30


def test_a_name_that_is_nobodys_is_told_as_it_is(monkeypatch):
    def unknown(*args, **named):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(socket.gaierror):
        calling.post("https://nobody.example/", b"{}", {})


def test_a_certificate_of_another_name_is_not_trusted(system, monkeypatch):
    there = system(OK)
    monkeypatch.setattr(calling, "addresses_of", lambda host, port: ["127.0.0.1"])
    with pytest.raises(ssl.SSLCertVerificationError):
        calling.post(there.url.replace("system.example", "other.example"), b"{}", {})
    assert there.heard == []


def test_control_without_leave_the_same_call_is_not_made(system, settings):
    there = system(OK)
    settings.HOOKS_PRIVATE = False
    with pytest.raises(calling.Refused):
        calling.post(there.url, b"{}", {})
    assert there.heard == []


def test_the_recipe_in_the_documents_knows_our_signature():
    recipe = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)[1]
    space = {}
    exec(re.sub(r"^  ", "", recipe, flags=re.MULTILINE), space)  # noqa: S102
    said = calling.signature("secret", 1000, b"{}")
    assert space["is_ours"]("secret", said, b"{}", 1010)
    assert not space["is_ours"]("other", said, b"{}", 1010)
    assert not space["is_ours"]("secret", said, b"{ }", 1010)
    assert not space["is_ours"]("secret", said, b"{}", 2000)
    assert hmac.compare_digest(said, calling.signature("secret", 1000, b"{}"))


def test_control_the_library_alone_would_call_a_tunnelled_address():
    assert ipaddress.ip_address("64:ff9b::7f00:1").is_global
