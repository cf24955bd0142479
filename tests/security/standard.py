"""Where Settle stands to OWASP ASVS 5.0, level 2: `pytest --asvs` writes the tables of docs/security.md.

Of the standard only its numbers are here; every sentence is ours. What a test shows is a mark on that test,
`@pytest.mark.asvs("V8.2.2")`; what is met without one, not met, or has no place here, is said below.
"""

import ast
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
    "V1.1.1": "Django decodes a form once, the forms look at it after that",
    "V1.1.2": "escaping is the templates' own, at the end; `|safe` is in none of them",
    "V1.2.2": "addresses are made by `reverse` and `{% url %}` from checked ids",
    "V1.2.3": "numbers for charts go through `json_script` or `JsonResponse`",
    "V1.2.5": "pages start no other program; `pg_dump` and `age` are given lists, never a shell line",
    "V1.3.2": "no `eval` in Python or JavaScript; the policy forbids it to the browser",
    "V1.3.10": "translated sentences take named values; none is made from what people type",
    "V3.7.1": "HTML, CSS and plain JavaScript; works without the last",
    "V5.1.1": "`docs/formats.md`: JSON and tables, how large and how many rows",
    "V5.2.1": "no more than that is read (`diary/forms/imports.py`)",
    "V5.2.2": "a file is read as what it was said to be, or refused; its name counts for nothing",
    "V5.3.1": "no file is kept as a file",
    "V5.3.2": "the same",
    "V5.4.1": "the name of a file is not looked at",
    "V5.4.2": "names of files given out are ours: the word settle and a date",
    "V6.1.1": "the limits stand in `config/settings.py` and `diary/actions/signins.py` with their reasons",
    "V6.1.3": "the ways in are named above",
    "V6.2.6": "Django's and allauth's password fields",
    "V6.2.7": "no script of ours touches a password field",
    "V6.2.9": "no upper limit is set",
    "V6.2.10": "no password runs out",
    "V6.3.2": "the first admin is made by a command; the demo's people exist under `DEMO=on` alone",
    "V6.4.2": "there are none",
    "V6.5.1": "allauth remembers a code that was used",
    "V6.5.3": "allauth takes them from the system's generator",
    "V6.5.4": "six digits, which run out in half a minute; recovery codes are longer",
    "V6.5.5": "thirty seconds for a code of the app, minutes for one by mail (allauth)",
    "V6.6.2": "a code by mail is kept in the session that asked for it (allauth)",
    "V7.1.1": "above, and `config/staff.py`",
    "V7.1.2": "as many as a person likes; each is listed under their settings and can be ended there",
    "V7.2.1": "sessions are rows of the database",
    "V7.2.2": "random keys, no fixed ones",
    "V7.2.3": "Django: 32 signs from the system's generator, about 160 bits",
    "V7.4.4": "every page has it in its navigation",
    "V7.5.2": "allauth's session list under the settings",
    "V7.6.2": "a session begins with a sign-in or with joining, both by a form",
    "V8.1.1": "`tests/access/table.md` is the law and is tested cell by cell",
    "V8.1.2": "`diary/permissions/`; what a share leaves out is a field of the share",
    "V9.1.2": "Django's signing: HMAC with SHA-256, nothing chosen by the token",
    "V9.1.3": "the key is this site's own",
    "V9.2.2": "each kind of sealed text has a salt of its own",
    "V9.2.3": "the same salts; a seal is never sent elsewhere",
    "V9.2.4": "the same salts",
    "V11.2.1": "hashlib, Django, cryptography and age; nothing made here",
    "V11.2.3": "SHA-256, PBKDF2, age",
    "V11.3.1": "only age encrypts, and it knows neither",
    "V11.3.2": "age: X25519 with ChaCha20-Poly1305",
    "V11.3.3": "age authenticates what it encrypts",
    "V11.4.1": "SHA-256 throughout; MD5 in tests alone",
    "V11.4.2": "Django's PBKDF2 with its count of the day",
    "V11.4.4": "the same",
    "V11.5.1": "`secrets`; codes for saying aloud are shorter, limited, and expire",
    "V13.1.1": "`docs/deploy.md`: a database, a mail server; `docs/webhooks.md`: what a practice asks to be told",
    "V13.2.3": "`docs/deploy.md` asks for a password of its own",
    "V13.4.1": "the image copies named folders only",
    "V13.4.3": "whitenoise serves known files and lists none",
    "V13.4.5": "`/healthz` and the description for programs are open on purpose and say nothing of anybody",
    "V14.1.2": "who may see what: `diary/permissions/`; what is kept and given out: `diary/personal.py`",
    "V14.2.2": "pieces of pages that are kept are the same for everybody",
    "V14.2.4": "`diary/personal.py`, the audit's chain, the list of who was erased",
    "V15.1.3": "`docs/scaling.md`",
    "V15.2.3": "development packages are in a list of their own and not in the image",
    "V15.3.1": "pages and exports name their fields one by one",
    "V15.3.5": "mypy, strict where people may or may not do things",
    "V15.3.6": "plain functions over form data; no merging of objects",
    "V15.3.7": "Django keeps what comes by address apart from what comes by form; of two values one is read",
    "V16.2.2": "UTC, written as such",
    "V16.2.3": "standard error of the process, and nowhere else",
    "V16.4.1": "a line names the route, never what was typed",
}
NOT_MET = {  # what is missing
    "V2.1.1": "the forms are the rules; no document of its own lists them",
    "V2.1.2": "the same",
    "V2.1.3": "limits stand in the code with their reasons, in no document of their own",
    "V3.3.1": "cookies are Secure; their names carry no prefix",
    "V3.3.3": "the same",
    "V4.1.1": "types are set and sniffing is off; no test compares type and content everywhere",
    "V4.1.2": "addresses for programs are sent on to HTTPS as pages are, instead of being refused",
    "V4.2.1": "gunicorn and nginx decide; not tested here",
    "V6.1.2": "no list of words of this field",
    "V6.2.5": "a password of digits alone is refused",
    "V6.2.8": "believed of Django and allauth, not tested here",
    "V6.2.11": "no list of words of this field; name and address are refused",
    "V6.2.12": "twenty thousand common passwords are refused; breaches are not asked for, as nothing leaves the site",
    "V6.3.3": "required of practitioners and admins, offered to patients: a choice, see above",
    "V6.3.4": "the ways in are named above, and not each is compared with the others by a test",
    "V6.4.3": "a new password by mail leaves the second step in place; not tested by itself",
    "V6.4.4": "an admin takes a lost second step off; how they make sure who is asking is left to them",
    "V6.5.2": "recovery codes and seeds of the second step are kept readable in the database",
    "V6.6.3": "allauth limits tries of a code by mail; not tested here",
    "V7.4.5": "only with a change of role, a lost second step or a closed account",
    "V11.1.1": "no written policy for keys; old keys can stay in force for a while (tested)",
    "V11.1.2": "no inventory beyond this page",
    "V11.2.2": "password hashes renew themselves; the signing of sealed texts has one algorithm",
    "V12.1.1": "nginx of `deploy/` sets it; not tested here",
    "V12.1.2": "the same",
    "V12.2.2": "the operator's certificate",
    "V12.3.1": "to the database only as its address says",
    "V12.3.2": "calls to a practice's system check who answers (tested); database and mail as their addresses say",
    "V12.3.3": "web process and proxy speak plainly on one machine",
    "V12.3.4": "the same",
    "V13.2.1": "a password in the environment",
    "V13.2.2": "one database account, which owns its tables",
    "V13.2.4": "database, mail, and a public address that an admin named; no list narrows the last",
    "V13.2.5": "the same",
    "V13.3.1": "secrets are in the environment, from a file for its owner alone",
    "V13.3.2": "web process and worker share one key",
    "V14.2.1": "links of invitations, of calendars and to switch off reminders hold a secret in their address",
    "V14.3.2": "of whoever reads another's diary (tested); a patient's own browser may keep some of their own pages",
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
    "V11.6.1": "keys are made by age and by passkeys, outside",
    "V12.1.3": "no client certificates",
    "V17": "no WebRTC",
}


def named(call):
    """Return the numbers of a decorator that is a mark of this standard."""
    if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.asvs":
        return [argument.value for argument in call.args]
    return []


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
        f"met without a test of their own, {count['not met']} not met, {count['nowhere']} without a place here.\n",
        "### Shown by tests\n",
        *rows("requirement | tests", {n: ", ".join(f"`{t}`" for t in tests[n]) for n in where if where[n] == "shown"}),
        "### Met, without a test of its own\n",
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
