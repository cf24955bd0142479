"""What a scanner of headers would say of an answer: the criteria that MDN's HTTP Observatory publishes, in our words.

Everybody begins with 100 points. What weakens an answer is taken off; where 90 are left, what is better than asked for
is added. 100 and more are an A+. Not counted, since it cannot be seen from an answer: whether the site is on the
browsers' preload list (+5). No scanner outside was asked.
"""

import re

from django.conf import settings

GRADES = [(100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C"), (45, "C-")]
GRADES += [(40, "D+"), (30, "D"), (25, "D-"), (0, "F")]
ENOUGH_FOR_MORE = 90
HALF_A_YEAR = 15_768_000  # seconds
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SCRIPT = re.compile(r"<script[^>]*\ssrc=[\"']?(?P<src>[^\"'\s>]+)(?P<rest>[^>]*)>")


def policy_of(response):
    said = response.get("Content-Security-Policy", "")
    parts = [part.split() for part in said.split(";") if part.strip()]
    return {name: set(sources) for name, *sources in parts}


def content_security(response):
    policy = policy_of(response)
    if not policy:
        return -25
    usual = policy.get("default-src", {"*"})
    code = policy.get("script-src", usual) | policy.get("object-src", usual)
    if code & {"'unsafe-inline'", "data:", "https:", "*"}:
        return -20
    everywhere = set().union(*policy.values())
    if {"http:"} & everywhere or any(source.startswith("http://") for source in everywhere):
        return -20
    if "'unsafe-eval'" in everywhere:
        return -10
    if policy.get("style-src", usual) & {"'unsafe-inline'", "data:", "https:", "*"}:
        return 0
    return 10 if usual == {"'none'"} else 5


def cookies(response):
    kept, secured = response.cookies.values(), transport(response) == 0
    if not kept:
        return 0
    session = [cookie for cookie in kept if cookie.key == settings.SESSION_COOKIE_NAME]
    if not all(cookie["httponly"] for cookie in session):
        return -30
    if not all(cookie["secure"] for cookie in session):
        return -10 if secured else -40
    if not all(cookie["secure"] for cookie in kept):
        return -5 if secured else -20
    same = {cookie["samesite"].lower() for cookie in kept}
    guard = [cookie["samesite"] for cookie in kept if cookie.key == settings.CSRF_COOKIE_NAME]
    if same - {"", "lax", "strict"} or not all(guard):
        return -20
    return 0 if "" in same else 5


def sharing(response):
    return -50 if response.get("Access-Control-Allow-Origin") == "*" else 0


def transport(response):
    """Judge Strict-Transport-Security."""
    lasts = re.search(r"max-age=(\d+)", response.get("Strict-Transport-Security", ""))
    return -20 if not lasts else 0 if int(lasts[1]) >= HALF_A_YEAR else -10


def referrer(response):
    said = response.get("Referrer-Policy")
    return 0 if said is None else 5 if said in PRIVATE else -5


def scripts(response):
    """Judge scripts from elsewhere: none is as good as one with a digest."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return 0
    found = [match for match in SCRIPT.finditer(response.content.decode()) if "//" in match["src"]]
    bare = [match["src"] for match in found if "integrity=" not in match["rest"]]
    return -50 if any(src.startswith("http:") for src in bare) else -5 if bare else 0


def sniffing(response):
    return 0 if response.get("X-Content-Type-Options") == "nosniff" else -5


def framing(response):
    if policy_of(response).get("frame-ancestors") in ({"'none'"}, {"'self'"}):
        return 5
    return 0 if response.get("X-Frame-Options") in {"DENY", "SAMEORIGIN"} else -20


def resources(response):
    """Judge Cross-Origin-Resource-Policy."""
    return -20 if response.get("Cross-Origin-Resource-Policy") == "cross-origin" else 0


CRITERIA = [content_security, cookies, sharing, transport, referrer, scripts, sniffing, framing, resources]


def score(response):
    """Return the points of an answer."""
    points = [criterion(response) for criterion in CRITERIA]
    left = 100 + sum(point for point in points if point < 0)
    return max(0, left + (sum(point for point in points if point > 0) if left >= ENOUGH_FOR_MORE else 0))


def grade(response):
    return next(letter for least, letter in GRADES if score(response) >= least)
