"""`manage.py simulate`: table, numbers, chart and page of one run."""

import io
import json
import re
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from diary.simulation.bars import BARS
from diary.simulation.report import NATURE

MARKS = """# Page
<!-- parameters -->
stale words
<!-- end of parameters -->
kept
<!-- result -->
<!-- end of result -->
<!-- figures -->
<!-- end of figures -->
end
"""
FIGURE = r"(\d+\.\d( %)? \[\d+/\d+; [\d.]+-[\d.]+\]|none to tell of) +(met|missed|cannot tell)"


def simulate(*arguments: str) -> str:
    out = io.StringIO()
    call_command("simulate", "--patients", "25", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_the_table_says_what_it_is_and_each_bar_with_its_verdict():
    text = simulate()
    assert text.startswith("25 patients, ")
    assert NATURE in text
    for bar in BARS:
        assert re.search(rf"{re.escape(bar.name)} +{re.escape(bar.wanted)} +{FIGURE}", text), bar.name
    assert all(len(line) < 150 for line in text.splitlines())


def test_the_same_seed_gives_the_same_output_and_another_another():
    assert simulate("--seed", "3") == simulate("--seed", "3") != simulate("--seed", "4")


def test_numbers_agree_with_the_table():
    numbers = json.loads(simulate("--json"))
    assert (numbers["patients"], numbers["seed"], numbers["nature"]) == (25, 1, NATURE)
    assert list(numbers["rulers"]) == ["the rules", "pain 7 or more", "2 more than last time"]
    told = numbers["bars"][0]
    assert told["are"] == sum(
        flag["are"] for flag in numbers["rulers"]["the rules"]["flags"] if flag["level"] != "notice"
    )
    assert f"[{told['are']}/{told['of']};" in simulate()
    assert numbers["parameters"]["level_mean"] == 5.5


def test_a_parameter_can_be_set_and_a_wrong_one_is_refused():
    assert json.loads(simulate("--json", "--set", "harm=1"))["parameters"]["harm"] == 1
    with pytest.raises(CommandError, match="hram is no parameter"):
        simulate("--set", "hram=1")


@pytest.mark.parametrize("value", ["relief=much", "relief=nan", "relief=inf", "completion=7"])
def test_a_value_by_which_nobody_can_live_is_refused(value):
    with pytest.raises(CommandError, match="--set: "):
        simulate("--set", value)


def test_progress_is_told_beside_the_output():
    told = io.StringIO()
    call_command("simulate", "--patients", "4", stdout=io.StringIO(), stderr=told)
    assert told.getvalue().splitlines() == [f"{done}/4 patients" for done in (1, 2, 3, 4)]


def test_progress_is_a_bar_on_a_terminal():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    told = Terminal()
    call_command("simulate", "--patients", "2", stdout=io.StringIO(), stderr=told, no_color=True)
    assert told.getvalue() == f"\r[{'#' * 15}{'.' * 15}] 1/2\r[{'#' * 30}] 2/2\n"


def test_the_chart_is_svg_with_words_marks_and_both_schemes(tmp_path):
    drawn = tmp_path / "chart.svg"
    simulate("--chart", str(drawn))
    svg = ElementTree.fromstring(drawn.read_text(encoding="utf-8"))  # noqa: S314 -- our own
    names = [each.tag.rsplit("}")[-1] for each in svg.iter()]
    assert {"title", "desc", "circle", "rect", "path"} <= set(names)
    assert "script" not in names
    assert "prefers-color-scheme: dark" in drawn.read_text(encoding="utf-8")
    text = "".join(svg.itertext())
    assert NATURE in text
    assert "Expected reactions silent (wanted >= 95 %): the rules " in text


def test_the_page_is_filled_between_its_marks_only(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(MARKS, encoding="utf-8")
    printed = simulate("--page", str(page))
    filled = page.read_text(encoding="utf-8")
    assert printed in filled
    assert "| `level_mean` | 5.5 |" in filled
    assert "--patients 25 --seed 1" in filled
    assert re.search(r"^\| expected reactions left silent \| >= 95 % \| .+ \| \*\*met\*\* \|$", filled, re.MULTILINE)
    assert "stale words" not in filled
    assert filled.startswith("# Page\n")
    assert "kept" in filled
    simulate("--page", str(page))
    assert page.read_text(encoding="utf-8") == filled


def test_a_page_without_marks_is_left_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Page\n", encoding="utf-8")
    with pytest.raises(CommandError, match="no marks for parameters"):
        simulate("--page", str(page))
    assert page.read_text(encoding="utf-8") == "# Page\n"


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_a_cohort_of_nobody_is_refused(number):
    with pytest.raises(CommandError, match="patients"):
        call_command("simulate", "--patients", number)
