"""Mutation testing of the clinical core: what survives is listed, with its reason, in docs/mutation.md."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs" / "mutation.md"
LEAST = 0.95
WITHOUT_EXCEPTION = ("rules.red_flag.", "rules.severe_pain.")
KILLED = {"killed", "timeout"}


def rows() -> list[list[str]]:
    """Function, number and reason, as the page lists its survivors."""
    _, _, survivors = PAGE.read_text(encoding="utf-8").partition("## Survivors")
    return [row.strip("| ").split(" | ") for row in re.findall(r"^\| `.*$", survivors, re.MULTILINE)]


def listed() -> Counter[str]:
    """By function: how many survivors the page gives a reason for."""
    return Counter({name.strip("`"): int(number) for name, number, _ in rows()})


def faults(fates: dict[str, str]) -> list[str]:
    """What is wrong with the fates of the mutants, from mutant to fate."""
    survived = Counter(function(mutant) for mutant, fate in fates.items() if fate not in KILLED)
    strictly = sum(number for name, number in survived.items() if name.startswith(WITHOUT_EXCEPTION))
    found = [f"without a reason: {name}" for name in survived - listed()]
    found += ["too few killed"] if 1 - survived.total() / len(fates) < LEAST else []
    return found + (["red flag or severe pain"] if strictly else [])


def function(mutant: str) -> str:
    """`diary.clinical.spells.xǁCalmǁafter__mutmut_11`: `spells.Calm.after`."""
    module, _, mangled = mutant.removeprefix("diary.clinical.").rpartition(".")
    name = mangled.rpartition("__mutmut_")[0].replace("ǁ", ".")
    return f"{module}.{name.removeprefix('x.').removeprefix('x_')}"


def test_a_mutant_has_the_name_of_its_function():
    assert function("diary.clinical.spells.xǁCalmǁ_walk__mutmut_11") == "spells.Calm._walk"
    assert function("diary.clinical.rules.severe_pain.x__found__mutmut_15") == "rules.severe_pain._found"


def test_each_module_is_in_the_figure_or_said_not_to_be():
    core, page = ROOT / "diary" / "clinical", PAGE.read_text(encoding="utf-8")
    with_functions = [path for path in core.rglob("*.py") if re.search(r"^def ", path.read_text(), re.MULTILINE)]
    modules = {path.relative_to(core).with_suffix("").as_posix() for path in with_functions}
    assert modules - {*re.findall(r"`([\w/]+)`", page.partition("## Survivors")[0])} == set()


def test_the_functions_listed_are_there_and_each_has_its_reason():
    assert listed()
    for name in listed():
        module, *parts = re.match(r"((?:rules\.)?[a-z_]+)\.(.+)", name).groups()
        source = (ROOT / "diary" / "clinical" / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
        assert f"def {parts[0].rpartition('.')[2]}(" in source, name
    assert all(reason.strip() for *_, reason in rows())


def test_a_new_survivor_is_seen():
    """The control: a test weakened lets a mutant live."""
    many = {f"diary.clinical.baseline.x_median__mutmut_{number}": "killed" for number in range(1, 101)}
    assert faults(many) == []
    assert faults(many | {"diary.clinical.baseline.x_median__mutmut_7": "survived"}) == [
        "without a reason: baseline.median"
    ]
    assert faults(many | {"diary.clinical.baseline.x_median__mutmut_7": "no tests"})
    lived = {f"diary.clinical.rules.red_flag.x_find__mutmut_{number}": "survived" for number in range(1, 9)}
    assert set(faults(many | lived)) == {
        "without a reason: rules.red_flag.find",
        "too few killed",
        "red flag or severe pain",
    }


@pytest.mark.full
def test_mutants_are_killed():
    shutil.rmtree(ROOT / "mutants", ignore_errors=True)  # what it remembers of the last time may be of other tests
    mutmut = [sys.executable, "-m", "mutmut"]
    ran = subprocess.run([*mutmut, "run", "--max-children", "2"], cwd=ROOT, capture_output=True, text=True, check=False)
    told = subprocess.run([*mutmut, "results", "--all", "true"], cwd=ROOT, capture_output=True, text=True, check=True)
    fates = dict(re.findall(r"^ +(diary\.\S+): (.+)$", told.stdout, re.MULTILINE))
    assert len(fates) > 1000, ran.stdout[-2000:]
    assert faults(fates) == []
