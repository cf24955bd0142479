"""Firefox and WebKit, driven by what both speak without a library: the commands of WebDriver.

Firefox takes them as lines of JSON on a socket of its own (Marionette), WebKit by HTTP from WebKitWebDriver, on a
display that nobody sees. A command that is refused raises `Refused`, in the engine's words.
"""

import itertools
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.production import free_port

PATIENCE = 20  # seconds: a machine that does other things too is slow, and that fails nothing


class Refused(Exception):
    pass


class Engine:
    """What a person does, in the commands of either engine."""

    def ask(self, command: str, **said: Any) -> Any:
        raise NotImplementedError

    def goto(self, url: str) -> None:
        self.ask("Navigate", url=url)

    def js(self, script: str) -> Any:
        return self.ask("ExecuteScript", script=script, args=[])

    def until(self, script: str) -> Any:
        """Return what `script` answers as soon as that is true."""
        end = time.monotonic() + PATIENCE
        while not (answer := self._tried(script)):
            assert time.monotonic() < end, f"never true: {script}\n{self.js('return document.body.innerText')}"
            time.sleep(0.05)
        return answer

    def _tried(self, script: str) -> Any:
        try:
            return self.js(script)
        except Refused:  # between two pages
            return None

    def find(self, selector: str) -> str:
        """Return the engine's name of an element, brought to the middle of the window, below no bar."""
        self.until(
            f"const e = document.querySelector({selector!r}); e?.scrollIntoView({{ block: 'center' }}); return !!e"
        )
        return next(iter(self.ask("FindElement", using="css selector", value=selector).values()))

    def click(self, selector: str) -> None:
        self.ask("ElementClick", id=self.find(selector))

    def type(self, selector: str, words: str) -> None:
        self.ask("ElementSendKeys", id=self.find(selector), text=words)


class Firefox(Engine):
    def __init__(self, port: int) -> None:
        self.socket = connected(port)
        self.lines = self.socket.makefile("rwb")
        self.count = itertools.count()
        self._read()  # it says who it is
        self.ask("NewSession")

    def close(self) -> None:
        self.lines.close()
        self.socket.close()

    def ask(self, command: str, **said: Any) -> Any:
        sent = json.dumps([0, next(self.count), f"WebDriver:{command}", said]).encode()
        self.lines.write(b"%d:%s" % (len(sent), sent))
        self.lines.flush()
        _, _, wrong, answer = self._read()
        if wrong:
            raise Refused(wrong["message"])
        return answer.get("value")

    def _read(self) -> Any:
        length = b"".join(iter(lambda: self.lines.read(1), b":"))
        return json.loads(self.lines.read(int(length)))


class WebKit(Engine):
    ADDRESSES = {
        "Navigate": "url",
        "ExecuteScript": "execute/sync",
        "FindElement": "element",
        "ElementClick": "element/{id}/click",
        "ElementSendKeys": "element/{id}/value",
        "Refresh": "refresh",
        "SetWindowRect": "window/rect",
    }

    def __init__(self, port: int) -> None:
        connected(port).close()
        self.port, self.session = port, "/session"
        self.session += "/" + self._post(self.session, {"capabilities": {}})["sessionId"]

    def ask(self, command: str, **said: Any) -> Any:
        return self._post(f"{self.session}/{self.ADDRESSES[command].format_map(said)}", said)

    def _post(self, address: str, said: dict[str, Any]) -> Any:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=2 * PATIENCE)) as line:
            line.request("POST", address, json.dumps(said), {"Content-Type": "application/json"})
            answer = line.getresponse()
            value = json.load(answer)["value"]
        if answer.status != 200:
            raise Refused(value["message"] or value["error"])
        return value


def connected(port: int) -> socket.socket:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError:
            assert time.monotonic() < end, "no engine answers"
            time.sleep(0.1)


@contextmanager
def started(*command: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A program that is ended, with whatever it has started, as soon as it is not needed."""
    quiet = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    with subprocess.Popen(command, start_new_session=True, **quiet | options) as program:
        try:
            yield program
        finally:
            os.killpg(program.pid, 15)


@contextmanager
def firefox(folder: Path) -> Iterator[Engine]:
    program = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None) or pytest.skip("no Firefox")
    port = free_port()
    (folder / "user.js").write_text(f'user_pref("marionette.port", {port});')
    home = os.environ | {"HOME": str(folder)}
    began = started(program, "--headless", "--marionette", "--profile", str(folder), env=home)
    with began, closing(Firefox(port)) as engine:
        yield engine


@contextmanager
def webkit(folder: Path) -> Iterator[Engine]:
    if not shutil.which("WebKitWebDriver") or not shutil.which("Xvfb"):
        pytest.skip("no WebKit")
    port = free_port()
    with started("Xvfb", "-screen", "0", "1400x1100x24", "-displayfd", "1", stdout=subprocess.PIPE) as screen:
        assert screen.stdout
        home = {"DISPLAY": f":{screen.stdout.readline().decode().strip()}", "HOME": str(folder)}
        with started("WebKitWebDriver", f"--port={port}", env=os.environ | home):
            yield WebKit(port)


ENGINES = {"Firefox": firefox, "WebKit": webkit}
