"""Where Settle stands to OWASP ASVS 5.0, level 2: `pytest --asvs` writes the tables of docs/security.md.

Of the standard only its numbers are here; every sentence is ours. What a test shows is a mark on that test,
`@pytest.mark.asvs("V8.2.2")`; what is met without one, not met, or has no place here, is said below.
"""

import ast
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "security.md"
BEGIN = "<!-- From here on written by `pytest --asvs` -->\n"
NUMBERS = """
V1.1:1,2 V1.2:1,2,3,4,5,6,7,8,9 V1.3:1,2,3,4,5,6,7,8,9,10,11 V1.4:1,2,3 V1.5:1,2 V2.1:1,2,3 V2.2:1,2,3 V2.3:1,2,3,4
V2.4:1 V3.2:1,2 V3.3:1,2,3,4 V3.4:1,2,3,4,5,6 V3.5:1,2,3,4,5 V3.7:1,2 V4.1:1,2,3 V4.2:1 V4.3:1,2 V4.4:1,2,3,4 V5.1:1
V5.2:1,2,3 V5.3:1,2 V5.4:1,2,3 V6.1:1,2,3 V6.2:1,2,3,4,5,6,7,8,9,10,11,12 V6.3:1,2,3,4 V6.4:1,2,3,4 V6.5:1,2,3,4,5
V6.6:1,2,3 V6.8:1,2,3,4 V7.1:1,2,3 V7.2:1,2,3,4 V7.3:1,2 V7.4:1,2,3,4,5 V7.5:1,2 V7.6:1,2 V8.1:1,2 V8.2:1,2,3 V8.3:1
V8.4:1 V9.1:1,2,3 V9.2:1,2,3,4 V10.1:1,2 V10.2:1,2 V10.3:1,2,3,4 V10.4:1,2,3,4,5,6,7,8,9,10,11 V10.5:1,2,3,4,5
V10.6:1,2 V10.7:1,2,3 V11.1:1,2 V11.2:1,2,3 V11.3:1,2,3 V11.4:1,2,3,4 V11.5:1 V11.6:1 V12.1:1,2,3 V12.2:1,2
V12.3:1,2,3,4 V13.1:1 V13.2:1,2,3,4,5 V13.3:1,2 V13.4:1,2,3,4,5 V14.1:1,2 V14.2:1,2,3,4 V14.3:1,2,3 V15.1:1,2,3
V15.2:1,2,3 V15.3:1,2,3,4,5,6,7 V16.1:1 V16.2:1,2,3,4,5 V16.3:1,2,3,4 V16.4:1,2,3 V16.5:1,2,3 V17.1:1 V17.2:1,2,3,4
V17.3:1,2
"""
REQUIREMENTS = [
    f"{section}.{number}"
    for section, _, numbers in (word.partition(":") for word in NUMBERS.split())
    for number in numbers.split(",")
]
ELSEWHERE = {  # met; by what
    "V6.1.3": "read: `docs/security.md`, *Ways in*",
    "V7.1.2": "read: `docs/security.md`, *How long*; as many as a person likes",
    "V11.1.1": "read: `docs/deploy.md`, *Changing the key*; that former keys stay in force is tested",
    "V11.3.1": "read: `diary/actions/backups/__init__.py`; only age encrypts, and it knows neither",
    "V11.3.2": "read: the same file; age is X25519 with ChaCha20-Poly1305",
    "V13.1.1": "read: `docs/security.md`, *What it talks to*",
    "V14.1.2": "read: `diary/personal.py` and `tests/security/canaries.py`, field by field; ADRs 20, 21 and 29",
    "V15.1.3": "read: `docs/scaling.md`",
    "V15.3.5": "read: `pyproject.toml`; mypy, strict where people may or may not do things, is part of every run",
}
NOT_MET = {  # what is missing
    "V2.1.1": "the forms are the rules; no document of its own lists them",
    "V2.1.2": "the same",
    "V2.1.3": "limits of trying stand above (tested); those of what may be typed stand in the code with their reasons",
    "V4.2.1": "gunicorn and nginx decide; not tested here",
    "V6.2.5": "a password of digits alone is refused",
    "V6.2.12": "twenty thousand common passwords are refused; breaches are not asked for, as nothing leaves the site",
    "V6.3.3": "required of practitioners and admins, offered to patients: a choice, see above",
    "V6.3.4": "the ways in are named above, and not each is compared with the others by a test",
    "V6.4.4": "an admin takes a lost second step off; how they make sure who is asking is left to them",
    "V6.5.2": "recovery codes and seeds of the second step are sealed (tested), not hashed: they have to be read again",
    "V7.5.2": "ended without asking for the password anew: whoever sees a stranger there is to be rid of them at once",
    "V11.1.2": "no inventory beyond this page",
    "V11.4.1": "ours are SHA-256 (tested); codes of the second step are HMAC-SHA-1, as the apps that show them are",
    "V11.5.1": "links and tokens have 256 random bits; codes to say aloud have 40, are limited, and expire (tested)",
    "V11.2.2": "password hashes renew themselves; the signing of sealed texts has one algorithm",
    "V12.1.2": "nginx's own choice of ciphers; not tested here",
    "V12.2.2": "the operator's certificate",
    "V12.3.1": "to the database only as its address says",
    "V12.3.2": "calls to a practice's system check who answers (tested); database and mail as their addresses say",
    "V12.3.3": "web process and proxy speak plainly on one machine",
    "V12.3.4": "web process and proxy speak plainly on one machine",
    "V13.2.1": "a password in the environment",
    "V13.2.2": "one database account, which owns its tables",
    "V13.2.4": "database, mail, and a public address that an admin named; no list narrows the last",
    "V13.2.5": "no list in the server either; database, mail, and a public address that an admin named",
    "V13.3.1": "secrets are in the environment, from a file for its owner alone",
    "V13.3.2": "web process and worker share one key",
    "V14.2.1": "links of invitations, of calendars and to switch off reminders hold a secret in their address",
    "V14.3.2": "tested, but for Today and the log form: Back keeps what was typed; signing out empties them (ADR 29)",
    "V14.3.3": "what waits to be sent without a network lies in the browser, readable to who holds the device",
    "V15.1.1": "no time frames are promised",
    "V15.2.1": "none to keep, see above",
    "V16.1.1": "no inventory",
    "V16.2.1": "log lines leave out who, on purpose; the audit has it",
    "V16.2.4": "plain lines",
    "V16.3.1": "failed sign-ins are counted and new devices told; no log of each",
    "V16.3.2": "a refusal is a log line without who",
    "V16.3.3": "in part: the audit, and lines of refused tokens",
    "V16.4.2": "the audit is; plain logs are the operator's",
    "V16.4.3": "the heads of the audit's chain can be; plain logs are the operator's",
}
NOWHERE = {  # no place here, whole sections too
    "V1.2.6": "no LDAP",
    "V1.2.7": "no XPath",
    "V1.2.8": "no LaTeX",
    "V1.2.9": "no expression is built from what people type",
    "V1.3.1": "nobody types HTML here; it is shown as text",
    "V1.3.4": "nobody gives an image",
    "V1.3.5": "nobody types a markup language",
    "V1.3.8": "no Java",
    "V1.3.9": "no memcache",
    "V1.4.1": "Python",
    "V1.4.3": "Python",
    "V1.5.1": "no XML is read",
    "V3.5.2": "no preflight is relied on",
    "V3.5.4": "one application",
    "V3.5.5": "no script listens to another window",
    "V4.3": "no GraphQL",
    "V4.4": "no WebSocket",
    "V5.2.3": "no compressed file is read",
    "V5.4.3": "a file is read into rows and thrown away; nobody gets it again",
    "V6.6.1": "no telephone",
    "V6.8": "no other site signs people in",
    "V7.1.3": "the same",
    "V7.6.1": "the same",
    "V10": "no OAuth",
    "V11.4.4": "no key is made from a password",
    "V11.6.1": "keys are made by age and by passkeys, outside",
    "V12.1.3": "no client certificates",
    "V17": "no WebRTC",
}


def named(call):
    """Return the numbers of a decorator that is a mark of this standard."""
    if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.asvs":
        return [argument.value for argument in call.args]
    return []


@cache
def shown():
    """Return the tests that show each requirement, read from their marks."""
    found = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for number in [one for mark in getattr(function, "decorator_list", []) for one in named(mark)]:
                found.setdefault(number, []).append(f"{file.relative_to(TESTS)}::{function.name}")
    return {number: sorted(tests) for number, tests in found.items()}


def within(number, table):
    """Return the key of a table under which a requirement stands: itself, its section or its chapter."""
    chapter, section, _ = number.split(".")
    return next((key for key in (number, f"{chapter}.{section}", chapter) if key in table), None)


def standing(number, tests):
    """Return where a requirement stands; a test goes before everything that is only said."""
    tables = {"shown": tests, "elsewhere": ELSEWHERE, "not met": NOT_MET, "nowhere": NOWHERE}
    return [name for name, table in tables.items() if within(number, table)]


def tables(tests=None):
    """Return the part of the page that is written from the marks and from what is said here."""
    tests = shown() if tests is None else tests
    where = {number: (standing(number, tests) or ["nowhere said"])[0] for number in REQUIREMENTS}
    count = {name: list(where.values()).count(name) for name in ("shown", "elsewhere", "not met", "nowhere")}
    parts = [
        f"{len(REQUIREMENTS)} requirements of levels 1 and 2: {count['shown']} shown by tests, {count['elsewhere']} "
        f"met by reading what is named, {count['not met']} not met, {count['nowhere']} without a place here.\n",
        "### Shown by tests\n",
        *rows("requirement | tests", {n: ", ".join(f"`{t}`" for t in tests[n]) for n in where if where[n] == "shown"}),
        "### Met: read, not tested\n",
        *rows("requirement | by what", {n: ELSEWHERE[n] for n in where if where[n] == "elsewhere"}),
        "### Not met\n",
        *rows("requirement | what is missing", {n: NOT_MET[n] for n in where if where[n] == "not met"}),
        "### Without a place here\n",
        *rows("requirements | why", NOWHERE),
    ]
    return "\n".join(parts)


def rows(head, said):
    return [f"| {head} |", "| --- | --- |", *(f"| {number} | {words} |" for number, words in said.items()), ""]


def page():
    """Return the whole page: what is written by hand, then the tables."""
    by_hand, _, _ = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{by_hand}{BEGIN}\n{tables()}"
