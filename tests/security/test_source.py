"""What can be read off the source, the templates and the image: requirements about what is not there."""

import ast
import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = Path(settings.BASE_DIR)
PYTHON = {file: ast.parse(file.read_text()) for file in (*ROOT.glob("diary/**/*.py"), *ROOT.glob("config/**/*.py"))}
TEMPLATES = {file: file.read_text() for file in ROOT.glob("templates/**/*.html")}
SCRIPTS = {file: file.read_text() for file in (*ROOT.glob("static/js/**/*.js"), ROOT / "templates/offline/worker.js")}


@cache
def calls(tree):
    """Return what is called, by its name as it is written."""
    return [(ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def found(pattern, texts):
    """Return where a pattern stands in texts by file."""
    return [f"{file.name}: {match[0]}" for file, text in texts.items() for match in re.finditer(pattern, text)]


RUNS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}


def run_from_text(tree):
    return [name for name, _ in calls(tree) if name in RUNS]


def by_a_shell(tree):
    """Return the calls of programs that are not given a list, or go by a shell."""
    return [
        name
        for name, node in calls(tree)
        if name.startswith("subprocess.")
        and (any(word.arg == "shell" for word in node.keywords) or not isinstance(node.args[0], ast.List | ast.Name))
    ]


@pytest.mark.asvs("V1.2.5", "V1.3.2")
def test_no_text_is_run_as_a_program():
    assert [file.name for file, tree in PYTHON.items() if run_from_text(tree) or by_a_shell(tree)] == []
    start_programs = {file.parent.name for file, tree in PYTHON.items() if "subprocess" in modules(tree)}
    assert start_programs <= {"backups", "commands", "bench"}
    assert found(r"\beval\(|new Function|document\.write|setTimeout\([\"'`]|innerHTML|outerHTML", SCRIPTS) == []


def test_control_a_program_made_of_text_is_found():
    assert run_from_text(ast.parse("def f(x): return eval(x)")) == ["eval"]
    assert by_a_shell(ast.parse("subprocess.run(f'age {x}', shell=True)")) == ["subprocess.run"]
    assert by_a_shell(ast.parse("subprocess.run(f'age {x}')")) == ["subprocess.run"]
    assert by_a_shell(ast.parse("subprocess.run(['age', x])")) == []


MARKED_SAFE = {
    "drawing.py",
    "settle.py",
    "practice.py",
    "rates.py",
}  # pieces that escape each part


@pytest.mark.asvs("V1.1.2", "V1.2.2")
def test_escaping_is_the_templates_own():
    assert found(r"\|\s*safe\b|autoescape|safeseq", TEMPLATES) == []
    assert {file.name for file, tree in PYTHON.items() if "mark_safe" in dict(calls(tree))} == MARKED_SAFE
    schemes = found(r"<(?:a|form|area|button|script)\b[^>]*=\"\s*(?:javascript|data|vbscript):", TEMPLATES)
    assert schemes == []


@pytest.mark.asvs("V3.7.1", "V6.2.7")
def test_nothing_but_html_css_and_plain_scripts_and_nothing_against_pasting():
    assert found(r"<(?:object|embed|applet|iframe|frame|portal)\b", TEMPLATES) == []
    assert found(r"paste|contextmenu|autocomplete=.off", SCRIPTS) == []
    assert found(r"type=\"password\"[^>]*autocomplete=\"off\"", TEMPLATES) == []


def assigned_by_name(text):
    """Return where a script writes into an object under a name that is not its own, or merges objects deeply."""
    return re.findall(r"__proto__|\.prototype\b|Object\.setPrototypeOf|\bmerge\w*\(", text)


@pytest.mark.asvs("V15.3.6")
def test_no_script_can_reach_a_prototype():
    assert [file.name for file, text in SCRIPTS.items() if assigned_by_name(text)] == []
    assert assigned_by_name("target.__proto__[key] = 1") != []


@pytest.mark.asvs("V5.3.1", "V5.3.2")
def test_no_file_is_kept_as_a_file():
    columns = [field for model in apps.get_models() for field in model._meta.get_fields()]
    assert [field for field in columns if isinstance(field, models.FileField | models.FilePathField)] == []
    doors = [(file, tree) for file, tree in PYTHON.items() if file.parent.name in {"views", "forms", "importing"}]
    assert [file.name for file, tree in doors if "open" in dict(calls(tree))] == []


@pytest.mark.asvs("V6.4.2")
def test_no_question_stands_in_for_a_password():
    (account,) = (model for model in apps.get_models() if model._meta.label == "diary.User")
    assert [f.name for f in account._meta.concrete_fields if re.search("hint|question|answer", f.name)] == []
    assert found(r"name=\"\w*(?:hint|secret_question|security_question)", TEMPLATES) == []


WEAK = {"md5", "sha1", "md4", "new", "blake2s"}


def weak_hashes(tree):
    found = {name for name, _ in calls(tree) if name.startswith("hashlib.") and name.split(".")[1] in WEAK}
    unsaid = {
        name
        for name, node in calls(tree)
        if name.endswith("salted_hmac") and not any(word.arg == "algorithm" for word in node.keywords)
    }
    return found | unsaid  # Django's own choice there is SHA-1


@pytest.mark.asvs("V11.2.1", "V11.2.3")
def test_hashes_are_the_librarys_and_none_is_weak():
    assert [file.name for file, tree in PYTHON.items() if weak_hashes(tree) and "demo" not in file.parts] == []
    imported = {name for tree in PYTHON.values() for name in modules(tree)}
    assert not imported & {"Crypto", "nacl", "rsa", "jwt", "jose", "itsdangerous"}
    assert weak_hashes(ast.parse("hashlib.md5(x)")) == {"hashlib.md5"}
    assert weak_hashes(ast.parse("salted_hmac('a', 'b')")) == {"salted_hmac"}


def modules(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


PLAYS = {"demo", "simulation", "bench"}  # where chance is wanted again and again


def test_nothing_secret_comes_from_a_generator_that_can_be_foretold():
    used = [file for file, tree in PYTHON.items() if "random" in modules(tree) and not PLAYS & {*file.parts}]
    assert [file.name for file in used] == []


@pytest.mark.asvs("V9.2.2", "V9.2.3", "V9.2.4")
def test_each_kind_of_sealed_text_has_a_salt_of_its_own():
    """A seal of one kind therefore opens nothing of another, see the test in test_requirements.py."""
    salted = [
        (file.name, ast.unparse(word.value))
        for file, tree in PYTHON.items()
        for name, node in calls(tree)
        if name.split(".")[-1] in {"dumps", "loads", "Signer", "TimestampSigner"} and not name.startswith("json")
        for word in node.keywords
        if word.arg == "salt"
    ]
    bare = [
        f"{file.name}: {name}"
        for file, tree in PYTHON.items()
        for name, node in calls(tree)
        if name in {"signing.dumps", "signing.loads", "Signer", "TimestampSigner"}
        and "salt" not in {word.arg for word in node.keywords}
    ]
    assert bare == []
    assert len({salt for _, salt in salted}) >= 4


@pytest.mark.asvs("V12.1.1")
def test_the_proxy_speaks_no_older_tls():
    said = (ROOT / "deploy" / "nginx.conf").read_text()
    assert re.findall(r"ssl_protocols ([^;]+);", said) == ["TLSv1.2 TLSv1.3"]


def test_no_other_user_of_the_machine_reads_the_diary():
    """SQLite makes its file as readable as it is let."""
    units = [*(ROOT / "deploy" / "systemd").glob("*.service")]
    assert len(units) == 3
    assert [unit.name for unit in units if "UMask=0077" not in unit.read_text().split()] == []
    folders = re.findall(
        r"^install -d (.*/var/lib/settle/backups)$", (ROOT / "docs/deploy.md").read_text(), re.MULTILINE
    )
    assert [folder.startswith("-m 700 ") for folder in folders] == [True]


# The containers

COMPOSED = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())


def lost_with_its_container(service):
    """Return what a service of ours is told to keep in a file that goes when its container goes."""
    kept = {name: service["environment"][name] for name in ("BACKUPS", "ERASED_LIST", "AUDIT_HEADS")}
    folders = [volume.split(":")[1] for volume in service.get("volumes", [])]
    return {name for name, path in kept.items() if not any(Path(path).is_relative_to(folder) for folder in folders)}


def test_what_is_kept_beside_the_database_outlives_each_container():
    ours = {name: service for name, service in COMPOSED["services"].items() if service["image"] == "settle"}
    assert {"web", "worker", "migrate", "backup"} == {*ours}
    assert {name for name, service in ours.items() if lost_with_its_container(service)} == set()
    assert lost_with_its_container(ours["web"] | {"volumes": []}) == {"BACKUPS", "ERASED_LIST", "AUDIT_HEADS"}


def test_the_database_and_the_proxy_log_nothing_of_a_person():
    """Of a refused statement PostgreSQL logs the values, nginx the address and who asked for it."""
    silent = {"log_min_error_statement=panic", "log_error_verbosity=terse"}
    assert silent <= {*COMPOSED["services"]["primary"]["command"]}
    assert silent <= {*(ROOT / "deploy" / "postgres" / "follow.sh").read_text().split()}
    proxy = (ROOT / "deploy" / "nginx.conf").read_text()
    assert re.findall(r"(access|error)_log ([^;]+);", proxy) == [("access", "off"), ("error", "stderr alert")]


def test_each_setting_that_a_container_is_given_is_one_of_ours():
    """What `docs/deploy.md` asks to set is handed on, and nothing that is not read any more."""
    example = (ROOT / ".env.example").read_text()
    ours = {*re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE), "HOST"}
    given = {*COMPOSED["services"]["web"]["environment"]}
    assert given <= ours
    of_one_process = {"HTTPS", "DEMO", "DEBUG", "STATIC_ROOT"}  # made up, or in the image
    assert ours - given == of_one_process


# The image


IMAGE = (ROOT / "deploy" / "Dockerfile").read_text()
COPIED = [words for line in re.findall(r"^COPY (.+)$", IMAGE, re.MULTILINE) for words in [line.split()]]


@pytest.mark.asvs("V13.4.1", "V15.2.3")
def test_the_image_holds_named_folders_and_no_tests():
    sources = {*chain.from_iterable([w for w in words[:-1] if not w.startswith("--")] for words in COPIED)}
    assert not sources & {".", "./", "*", ".git", "tests", "docs"}
    assert {"config", "diary", "templates", "requirements.txt"} <= sources
    assert re.findall(r"pip install .*", IMAGE) == ["pip install --no-cache-dir --require-hashes -r requirements.txt"]
    named = re.compile(r"^([\w.-]+)==", re.MULTILINE)
    ours, developers = (set(named.findall((ROOT / f"requirements{of}.txt").read_text())) for of in ("", "-dev"))
    assert not ours & {"pytest", "playwright", "mypy", "ruff", "hypothesis", "djlint"}
    assert {"pytest", "playwright", "mypy"} <= developers


@pytest.mark.asvs("V13.2.3")
def test_no_password_of_the_database_has_a_default():
    composed = (ROOT / "deploy" / "compose.yaml").read_text()
    assert re.findall(r"POSTGRES_PASSWORD(?!:\?\})[^}\n]*", composed.replace("POSTGRES_PASSWORD: ", "")) == []
