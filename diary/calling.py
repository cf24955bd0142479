"""Calling an address that somebody typed, without becoming a way into the network that this machine stands in.

Only https, only to public addresses, to the very address that was looked up and checked, no redirect followed, nothing
read but the status, and not for long.
"""

import hashlib
import hmac
import ipaddress
import socket
import ssl
import threading
from concurrent.futures import Future
from contextlib import suppress
from http.client import HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT = 5  # seconds, of each step
LONGEST = 10  # seconds, of a call: a system that answers letter by letter holds up nobody behind it
GONE = (404, 410)
TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))  # an IPv4 address inside


class Refused(OSError):
    """The call was not made, or not taken."""


class Gone(Refused):
    """There is nobody at this address any more."""


def parts_of(url: str) -> tuple[str, int, str]:
    """Return host, port and path of an address that may be called. Raises ValueError."""
    split = urlsplit(url)
    if split.scheme != "https" or not split.hostname or split.username or split.password or split.fragment:
        raise ValueError("an https address without a name and a password in it")
    if any(not "!" <= sign <= "~" for sign in url):
        raise ValueError("no blank and no sign beyond ASCII")
    path = (split.path or "/") + (f"?{split.query}" if split.query else "")
    return split.hostname, split.port or 443, path


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the internet at large: none of this machine, its network or in disguise."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inside or any(ip in network for network in TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast


def addresses_of(host: str, port: int) -> list[str]:
    """Return where a host is, if all of it may be called. Raises OSError."""
    found = [str(known[4][0]) for known in looked_up(host, port)]
    if not settings.HOOKS_PRIVATE and not all(map(is_public, found)):
        raise Refused("not a public address")
    return found


def looked_up(host: str, port: int) -> list[Any]:
    """Return what a name stands for. Raises OSError, ValueError.

    The system's own look-up has no end that one could set, and a name whose servers are silent takes it a minute: it is
    left behind in a thread of its own, so that no urgent message waits for it.
    """
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            answer.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as trouble:  # noqa: BLE001 whoever waits is told
            answer.set_exception(trouble)

    threading.Thread(target=ask, daemon=True).start()
    return answer.result(TIMEOUT)


class Pinned(HTTPSConnection):
    """A connection to the address that was checked: a name that is looked up twice may answer otherwise."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=TIMEOUT, context=context)
        self.address, self.trust = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), TIMEOUT)
        try:
            self.sock = self.trust.wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise

    def hang_up(self) -> None:
        with suppress(OSError):
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)


def trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def post(url: str, body: bytes, headers: dict[str, str]) -> None:
    """Post a body; taken is what is answered 2xx. Raises OSError, ValueError."""
    host, port, path = parts_of(url)
    connection = Pinned(host, port, addresses_of(host, port)[0], trust())
    end = threading.Timer(LONGEST, connection.hang_up)
    end.start()
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
        status = connection.getresponse().status
    except HTTPException as trouble:
        raise Refused(type(trouble).__name__) from trouble
    finally:
        end.cancel()
        connection.close()
    if not 200 <= status < 300:
        raise (Gone if status in GONE else Refused)(f"answered {status}")


def signature(secret: str, at: int, body: bytes) -> str:
    """Return what proves that a body is ours and not an old one: the second it was made, and its HMAC-SHA256."""
    made: Any = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={made.hexdigest()}"
