"""What is set from outside: a name with nothing behind it is not set, and a slip of the pen is told, not guessed at."""

import os
import re
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

YES, NO = ("on", "true", "yes", "y", "ok", "1"), ("off", "false", "no", "n", "0")


class Named(environ.Env):
    """The environment and the git-ignored `.env` of a folder, by name.

    Blank is not set: "HTTPS=" would turn HTTPS off, and "STATIC_ROOT=" name the folder in which the site itself lies.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        if (folder / ".env").exists():
            self.read_env(folder / ".env")
        self.ENVIRON = {name: said for name, said in os.environ.items() if said.strip()}

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        said: str = self.str(name, default=YES[0] if default else NO[0]).strip().lower()
        if said not in YES + NO:
            raise ImproperlyConfigured(f"{name} must be on or off.")
        return said in YES

    def number(self, name: str, default: int) -> int:
        said: str = self.str(name, default=str(default)).strip()
        if not (said.isascii() and said.isdigit()):
            raise ImproperlyConfigured(f"{name} must be a whole number.")
        return int(said)

    def names(self, name: str, default: list[str]) -> list[str]:
        """Return what stands between commas, without the blanks around it."""
        return [said.strip() for said in self.list(name, default=default) if said.strip()]

    def site(self, name: str, default: str) -> str:
        """Return an address without a path, such as other addresses begin with."""
        said: str = self.str(name, default=default).strip().rstrip("/")
        if not re.fullmatch(r"https?://[A-Za-z0-9\[][A-Za-z0-9.:\]-]*", said):
            raise ImproperlyConfigured(f"{name} must be an address without a path, like https://settle.example.org.")
        return said
