"""The life of a flag: every state by every act, and the page that draws them."""

from datetime import timedelta
from io import StringIO
from itertools import product

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from diary.actions import flags
from diary.actions.life import ACTS, BEFORE, LIFE
from diary.models import Flag

HOUR = timedelta(hours=1)
STATES = Flag.Status.values
WAY_TO = {"open": [], "acknowledged": ["acknowledged"], "closed": ["contacted"]}
# Written out by hand: what a practice expects, not what the table says.
EXPECTED = {
    ("open", "acknowledged"): "acknowledged",
    ("open", "contacted"): "closed",
    ("open", "referred"): "closed",
    ("open", "not_a_concern"): "closed",
    ("open", "reopened"): None,
    ("acknowledged", "acknowledged"): None,
    ("acknowledged", "contacted"): "closed",
    ("acknowledged", "referred"): "closed",
    ("acknowledged", "not_a_concern"): "closed",
    ("acknowledged", "reopened"): "open",
    ("closed", "acknowledged"): None,
    ("closed", "contacted"): None,
    ("closed", "referred"): None,
    ("closed", "not_a_concern"): None,
    ("closed", "reopened"): "open",
    ("open", "undone"): "closed",  # after it was put back
    ("acknowledged", "undone"): "open",
    ("closed", "undone"): "open",
}


def act(flag, name, by, now):
    if name == "reopened":
        return flags.reopen(by=by, now=now, flag=flag)
    if name == "undone":
        return flags.undo(by=by, now=now, flag=flag)
    return flags.handle(by=by, now=now, flag=flag, outcome=name, note="a reason")


@pytest.fixture
def flag(ana, paula, treat, log):
    treat(ana, by=paula, ago=72 * HOUR)
    log(ana, 3, soreness=4, ago=HOUR)
    return Flag.objects.get()


@pytest.mark.parametrize(("state", "name"), list(product(STATES, ACTS)))
def test_every_act_in_every_state(state, name, flag, paula, now):
    way = [*WAY_TO[state], *(["contacted", "reopened"] if (state, name) == ("open", "undone") else [])]
    for step in way:
        flag = act(flag, step, paula, now)
    assert flag.status == state
    expected = EXPECTED[state, name]
    if expected is None:
        with pytest.raises(flags.AlreadyHandled) as late:
            act(flag, name, paula, now + HOUR)
        assert late.value.flag.status == state
    else:
        assert act(flag, name, paula, now + HOUR).status == expected
    flag.refresh_from_db()
    assert flag.status == (expected or state)
    assert flag.steps.count() == len(way) + bool(expected)


def test_nothing_to_undo_is_refused(flag, paula, now):
    with pytest.raises(PermissionDenied):
        act(flag, "undone", paula, now)


def test_the_table_says_what_is_expected():
    said = {pair: LIFE.get(pair) for pair in product(STATES, ACTS)}
    assert {pair: end for pair, end in said.items() if end != BEFORE} == {
        pair: end for pair, end in EXPECTED.items() if pair[1] != "undone"
    }


def test_the_page_is_drawn_from_the_table():
    drawn = StringIO()
    call_command("flag_life", stdout=drawn)
    assert (settings.BASE_DIR / "docs" / "flag-life.md").read_text(encoding="utf-8") == drawn.getvalue()
