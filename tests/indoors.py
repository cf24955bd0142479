"""No test reaches beyond this machine: what it says of the product must not rest on who else is up, or hears of it.

Of this process: the browser and the sites that tests start are given addresses of this machine alone.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

INTERNET = (socket.AF_INET, socket.AF_INET6)


class Outside(Exception):
    """No OSError: the product takes those for trouble on the line, and a test that called out would still pass."""


def is_here(host: Any) -> bool:
    """Tell whether a host, a name or an address, is this machine; none given is where a server listens."""
    said = host.decode() if isinstance(host, bytes) else host
    if not said or said == "localhost":
        return True
    try:
        return ipaddress.ip_address(said).is_loopback
    except ValueError:
        return False


def indoors(connect: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of sockets that goes no further than this machine."""

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in INTERNET and not is_here(address[0]):
            raise Outside(address)
        return connect(self, address)

    return guarded


@pytest.fixture(scope="session", autouse=True)
def _indoors() -> Iterator[None]:
    look_up = socket.getaddrinfo

    def looked_up(host: Any, *rest: Any, **named: Any) -> Any:
        if not is_here(host):
            raise Outside(host)
        return look_up(host, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", looked_up)
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, indoors(getattr(socket.socket, name)))
        yield
