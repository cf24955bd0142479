"""What a push service needs of a message: written so that only one browser reads it (RFC 8291), and signed (RFC 8292).

The service that a browser's maker runs carries it: it learns when, and from which site, and not what.
"""

import base64
import json
import os
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
POINT, SECRET = 65, 16  # bytes of a browser's public key and of its secret
RECORD = 4096
PADDED = 512  # bytes: what is said, and in which language, is not told by its length
LASTS = 12 * 60 * 60  # seconds; a service takes a day at most


class Unusable(ValueError):
    """No browser has such keys."""


def encrypted(text: bytes, point: str, secret: str) -> bytes:
    """Return a text that only the browser with these keys can read. Raises Unusable."""
    return sealed(text, point, secret, ec.generate_private_key(CURVE), os.urandom(16))


def sealed(text: bytes, point: str, secret: str, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    theirs, ours = decoded(point), encoded_point(own)
    shared = own.exchange(ec.ECDH(), public_key(theirs))
    key = derived(shared, secret_of(secret), b"WebPush: info\0" + theirs + ours, 32)
    cipher = AESGCM(derived(key, salt, b"Content-Encoding: aes128gcm\0", 16))
    nonce = derived(key, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4, "big") + len(ours).to_bytes(1, "big") + ours
    return head + cipher.encrypt(nonce, text + b"\x02", None)


def padded(text: bytes) -> bytes:
    """Return a text as JSON may end: with blanks, up to a length that all have."""
    return text.ljust(PADDED)


def derived(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(key)


# Keys


def public_key(point: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except ValueError:
        raise Unusable("not a point of the curve") from None


def check(point: str, secret: str) -> None:
    """Raise Unusable where these are no keys of a browser."""
    public_key(decoded(point))
    secret_of(secret)


def secret_of(text: str) -> bytes:
    secret = decoded(text)
    if len(secret) != SECRET:
        raise Unusable("not a secret of 16 bytes")
    return secret


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """Return the site's own key from its 32 bytes in base64url. Raises Unusable."""
    try:
        return ec.derive_private_key(int.from_bytes(decoded(text), "big"), CURVE)
    except ValueError:
        raise Unusable("not a key of 32 bytes") from None


def encoded_point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_text(text: str) -> str:
    """Return the public half of the site's key, as browsers take it."""
    return encoded(encoded_point(private_key(text)))


def decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Unusable("not base64url") from None


def encoded(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).rstrip(b"=").decode()


# Who sends


def authorization(url: str, site: str, key: str, now: int) -> str:
    """Return the header that says which site sends, for the service at an address; `now` in seconds since 1970."""
    own, there = private_key(key), urlsplit(url)
    claims: dict[str, Any] = {"aud": f"{there.scheme}://{there.netloc}", "exp": now + LASTS, "sub": site}
    said = ".".join(encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = utils.decode_dss_signature(own.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={said}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={encoded(encoded_point(own))}"
