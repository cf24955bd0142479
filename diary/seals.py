"""What has to be read again is kept sealed with the installation's key: a copy of the database alone opens nothing."""

import secrets
from base64 import b32encode, urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"settle: second steps"


def seal(text: str) -> str:
    return keyring().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """Return what was sealed with the present key or one that is still in force; None where none of them opens it."""
    try:
        return keyring().decrypt(sealed).decode()
    except InvalidToken:
        return None


def reseal(sealed: str) -> str | None:
    """Seal with the present key what any key in force opens; None where none does."""
    text = unseal(sealed)
    return None if text is None else seal(text)


def keyring() -> MultiFernet:
    return MultiFernet([Fernet(key_of(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def key_of(secret: str) -> bytes:
    return urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(secret.encode()))


def nobodys() -> str:
    """Return what stands for a secret that cannot be opened: a new one each time, so that no answer ever fits."""
    return b32encode(secrets.token_bytes(20)).decode()
