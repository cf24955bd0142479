"""Every number of the simulation says where it comes from, and all of them stand on the page."""

from pathlib import Path

import pytest
from django.conf import settings

from diary.simulation.page import parameters
from diary.simulation.parameters import Parameters, changed, rows
from diary.simulation.run import Run

BASES = {"set", "document", "literature", "product", "assumed"}
SET = {
    "level_mean": 5.5,
    "level_sd": 1.6,
    "within_sd": 1.2,
    "flare_size": 2.75,
    "flare_half": 4,
    "flare_three_quarters": 24,
    "soreness": 0.2,
    "reaction_median": 18,
    "lingering": 0.03,
    "lingering_shortest": 80,
    "lingering_longest": 160,
    "aggravation": 0.03,
    "harm": 0.03,
    "completion": 0.8,
}


def test_every_parameter_says_what_it_is_and_what_it_rests_on():
    for row in rows(Parameters()):
        assert row.meaning
        assert row.basis in BASES, row.name
        assert row.source or row.basis in ("set", "assumed", "product"), f"{row.name} has a basis but no source"


def test_what_was_set_with_the_bars_is_not_tuned():
    assert {row.name: row.value for row in rows(Parameters()) if row.basis == "set"} == SET


def test_the_page_holds_the_parameters_as_they_are():
    page = (Path(settings.BASE_DIR) / "docs" / "operating-characteristics.md").read_text(encoding="utf-8")
    assert parameters(Run(1, 1, Parameters(), {})) in page


def test_a_parameter_can_be_set_otherwise():
    assert changed(["harm=0.5", "soreness=0"]) == Parameters(harm=0.5, soreness=0)


@pytest.mark.parametrize("wrong", ["hram=0.5", "harm", "harm=much"])
def test_a_wrong_setting_is_refused(wrong):
    with pytest.raises(ValueError, match=r"no parameter|could not convert"):
        changed([wrong])
