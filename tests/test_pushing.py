"""What leaves for a browser can be read there and nowhere else, and says who sent it."""

import base64
import json
import os
import re
import time

import http_ece
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from diary import pushing

NOW = int(time.time())
# The example of RFC 8291, appendix A: keys of the browser, key and salt of the sender, and what leaves.
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
SENDER, SALT = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "DGv6ra1nlYgDCS1FRnbzlw"
SENT = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
SAID = b"When I grow up, I want to be a watermelon"


class Browser:
    """A browser's keys, and its reading: by another implementation than ours."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.point, self.secret = pushing.encoded(pushing.encoded_point(self.key)), pushing.encoded(self.auth)

    def read(self, body):
        return http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")


def key_of(text):
    return pushing.private_key(text)


def test_the_example_of_the_standard():
    made = pushing.sealed(SAID, POINT, SECRET, key_of(SENDER), pushing.decoded(SALT))
    assert pushing.encoded(made) == SENT


def test_a_browser_reads_it_and_no_other_does():
    browser, other = Browser(), Browser()
    body = pushing.encrypted(pushing.padded("für später".encode()), browser.point, browser.secret)
    assert browser.read(body).decode().rstrip() == "für später"
    with pytest.raises(http_ece.ECEException):
        other.read(body)


def test_control_one_bit_changed_is_noticed():
    browser = Browser()
    body = bytearray(pushing.encrypted(b"said", browser.point, browser.secret))
    body[-1] ^= 1
    with pytest.raises(http_ece.ECEException):
        browser.read(bytes(body))


def test_twice_the_same_is_never_the_same_and_as_long_whatever_is_said():
    browser = Browser()
    made = [pushing.encrypted(pushing.padded(text), browser.point, browser.secret) for text in (b"a", b"a", b"b" * 300)]
    assert len({*made}) == 3
    assert len({*map(len, made)}) == 1


@pytest.mark.parametrize(
    ("point", "secret"),
    [("", SECRET), (POINT, ""), (POINT[:-4], SECRET), ("A" * 87, SECRET), (POINT, SECRET + "AA"), ("é" * 87, SECRET)],
)
def test_no_browser_has_such_keys(point, secret):
    with pytest.raises(pushing.Unusable):
        pushing.check(point, secret)
    with pytest.raises(pushing.Unusable):
        pushing.encrypted(b"said", point, secret)


def claims_of(header):
    """Return what a service reads of the header, once it has checked the signature. Raises InvalidSignature."""
    said, key = re.fullmatch(r"vapid t=([\w.-]+), k=([\w-]+)", header).groups()
    signed, _, signature = said.rpartition(".")
    raw = pushing.decoded(signature)
    pair = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), pushing.decoded(key))
    public.verify(pair, signed.encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (json.loads(pushing.decoded(part)) for part in signed.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    return key, claims


def test_the_service_learns_which_site_sends_and_for_how_long():
    header = pushing.authorization("https://push.example:8443/a/b?c", "https://settle.example", SENDER, NOW)
    key, claims = claims_of(header)
    assert key == pushing.public_text(SENDER)
    assert claims == {"aud": "https://push.example:8443", "exp": NOW + 43200, "sub": "https://settle.example"}


def test_control_a_changed_claim_is_noticed():
    header = pushing.authorization("https://push.example/", "https://settle.example", SENDER, NOW)
    head, claims, rest = header.split(".")
    other = base64.urlsafe_b64encode(pushing.decoded(claims).replace(b"push", b"posh")).decode().rstrip("=")
    with pytest.raises(InvalidSignature):
        claims_of(".".join((head, other, rest)))
