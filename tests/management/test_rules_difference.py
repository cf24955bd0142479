from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from diary.actions import entries
from diary.clinical import assess
from diary.models import Flag, Level
from tests.digests import of_the_database

HOUR = timedelta(hours=1)


@pytest.fixture
def flagged(ana, treat, log, now):
    """Ana's soreness three days after a session; another flag of hers went with the entry it rested on."""
    treat(ana, ago=72 * HOUR, pain_before=3)
    log(ana, 3, soreness=5, ago=HOUR)
    gone = log(ana, 9, ago=30 * HOUR, compared="worse", red_flags=["fever"]).entry
    entries.withdraw(by=ana, now=now, entry=gone)
    return ana


def told(*options):
    out = StringIO()
    call_command("rules_difference", *options, stdout=out)
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def test_the_rules_that_raised_the_flags_change_nothing(flagged):
    lines = told("--list")
    assert "lingering-reaction review 1 1" in lines
    assert "severe-pain priority 0 0" in lines
    assert lines[-1] == "0 of 1 differ. Nothing was written."


def test_rules_that_find_less_and_at_another_level_are_shown(flagged, monkeypatch):
    Flag.objects.filter(rule="lingering-reaction").update(level=Level.NOTICE)
    lines = told("--list")
    assert "lingering-reaction notice 1 0" in lines
    assert "lingering-reaction review 0 1" in lines
    assert lines[-2] == "1 of 1 differ. Nothing was written."
    assert lines[-1].startswith(f"diary {flagged.pk}: lingering-reaction: notice at 2026-03-10T11:00:00Z -> review at")
    monkeypatch.setattr(assess, "RULES", [])
    assert told("--list")[-1].endswith("-> nothing")


def test_rules_that_find_more_are_shown(flagged):
    Flag.objects.filter(rule="lingering-reaction").delete()
    assert told("--list")[-1].startswith(f"diary {flagged.pk}: lingering-reaction: nothing -> review at")


def test_nothing_is_written(flagged, monkeypatch):
    monkeypatch.setattr(assess, "RULES", [])
    before = of_the_database()
    told("--list")
    assert of_the_database() == before


def test_a_flag_and_a_worse_one_after_it_are_one(flagged, log, now):
    Flag.objects.filter(rule="lingering-reaction").update(level=Level.NOTICE, status="closed", outcome="contacted")
    log(flagged, 3, soreness=5)
    assert Flag.objects.filter(rule="lingering-reaction").count() == 2
    assert told()[-1] == "0 of 1 differ. Nothing was written."
