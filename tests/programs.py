"""A program as the tests run one: it asks with a token, and every answer is held against the description."""

import json
import re
from datetime import timedelta
from functools import cache

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker

from diary.actions import tokens
from diary.programs.description import OPENAPI

ROOT = "/api/v1"
ADDRESS = {path: re.compile(ROOT + re.sub(r"\{\w+\}", r"\\d+", path)) for path in OPENAPI["paths"]}


def described(method, url):
    """Return how the description says that an address answers."""
    path = url.partition("?")[0]
    (found,) = [spec for template, spec in OPENAPI["paths"].items() if ADDRESS[template].fullmatch(path)]
    return found["head" if method == "head" and "head" in found else "get" if method == "head" else method]["responses"]


def held_against(method, url, answer):
    """Assert that an answer is one that the description allows, to the last member."""
    said = described(method, url)[str(answer.status_code)]
    if answer.status_code == 304:
        assert answer.content == b""
        return answer
    ((kind, content),) = said["content"].items()
    assert answer["Content-Type"] == kind
    validator(json.dumps(content["schema"])).validate(json.loads(answer.content))
    return answer


@cache
def validator(schema):
    whole = json.loads(schema) | {"components": OPENAPI["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


@pytest.fixture
def token(db):
    """Return a function that makes a token as its owner does; it is the doors' clock that it lives by."""

    def made(person, scope, *, name="laptop", at=None, lasts=timedelta(days=90)):
        return tokens.add(by=person, now=at or timezone.now(), name=name, scope=scope, lasts=lasts)

    return made


@pytest.fixture
def ask():
    """Return a function that asks an address with a token, no cookie, and gives the answer once it is as described."""

    def asked(secret, path, *, method="get", body=None, **headers):
        browser = Client()
        browser.raise_request_exception = False
        headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"} | headers if secret else headers
        given = {"data": body, "content_type": "application/json"} if method == "post" else {}
        answer = getattr(browser, method)(ROOT + path, **given, **headers)
        assert not answer.cookies
        return held_against(method, ROOT + path, answer)

    return asked
