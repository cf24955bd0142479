"""What tests may not do is tried: no name is looked up and no call leaves this machine."""

import http.client
import smtplib
import socket

import pytest

from tests.indoors import Outside

ELSEWHERE = ["192.0.2.1", "2001:db8::1", "settle.example"]  # kept for documents: nobody is there (RFC 5737, 3849, 2606)


@pytest.mark.parametrize("host", ELSEWHERE)
def test_nothing_is_called_outside(host):
    with pytest.raises(Outside):
        socket.create_connection((host, 443), timeout=0.01)
    with pytest.raises(Outside):
        smtplib.SMTP(host, 25, timeout=0.01)
    with pytest.raises(Outside):
        http.client.HTTPSConnection(host, timeout=0.01).request("GET", "/")


@pytest.mark.parametrize("name", ["connect", "connect_ex"])
def test_a_bare_socket_is_held_too(name):
    with socket.socket() as bare, pytest.raises(Outside):
        getattr(bare, name)(("192.0.2.1", 443))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_reached(host):
    """The control: not every call is refused."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        socket.create_connection((host, door.getsockname()[1]), timeout=5).close()
