from datetime import datetime
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError

from diary.clinical.diary import REACTIONS
from diary.forms import fields
from diary.forms.entries import EntryForm
from diary.forms.intake import IntakeForm
from diary.wording import SYMPTOM


@pytest.mark.parametrize(("typed", "score"), [("0", 0), ("10", 10), (" 7 ", 7), ("５", 5), ("１０", 10), ("", None)])
def test_a_score(typed, score):
    field = fields.ScoreField()
    assert field.clean(field.widget.value_from_datadict({"score": typed}, {}, "score")) == score


@pytest.mark.parametrize("typed", ["11", "-1", "3.5", "three", "+5", "5.0", "1 0", "½", "🙂", "\0", "x" * 100_000])
def test_what_is_no_score_is_named_shortly(typed):
    field = fields.ScoreField()
    with pytest.raises(ValidationError) as refused:
        field.clean(field.widget.value_from_datadict({"score": typed}, {}, "score"))
    assert "Choose a whole number from 0 to 10." in refused.value.messages[0]
    assert len(refused.value.messages[0]) < 100


@pytest.mark.parametrize(
    ("typed", "kept"), [("a\0b", "ab"), ("a\r\nb", "a\nb"), (" a ", "a"), ("a\ud800b", "ab"), ("🙂", "🙂"), (None, "")]
)
def test_a_note(typed, kept):
    assert fields.NoteField().clean(typed) == kept


def test_a_note_is_counted_without_carriage_returns():
    assert len(fields.NoteField().clean("a\r\n" * 2000)) == 3999
    with pytest.raises(ValidationError, match="up to 4000 characters and has 4001"):
        fields.NoteField().clean("a" * 4001)


def test_a_line_is_one_line():
    assert fields.LineField().clean(" Ana\r\n\tMaria\0 ") == "Ana Maria"


@pytest.mark.parametrize(
    "typed", ["2026-03-10T08:30", "2026-03-10 08:30", "2026-03-10T08:30:59", "２０２６-03-10T08:30"]
)
def test_a_wall_time_is_to_the_minute(typed):
    assert fields.WallTimeField().clean(typed) == datetime(2026, 3, 10, 8, 30)


@pytest.mark.parametrize("typed", ["2025-02-29T08:00", "2026-03-10", "10/03/2026 08:30", "24:00", "\0", "x" * 100_000])
def test_what_is_no_wall_time(typed):
    with pytest.raises(ValidationError, match="no such date and time"):
        fields.WallTimeField().clean(typed)


@pytest.mark.parametrize("typed", ["", "x", None, "\0", "{}", "9" * 300])
def test_a_damaged_id_is_replaced_and_a_damaged_version_never_stands(typed):
    assert isinstance(fields.IdField().clean(typed), UUID)
    assert fields.VersionField().clean(typed if typed != "9" * 300 else "x") == 0


def test_an_id_is_kept():
    assert str(fields.IdField().clean("6f1c2f5e-0000-4000-8000-000000000000")) == "6f1c2f5e-0000-4000-8000-000000000000"


@pytest.mark.parametrize(("typed", "zone"), [("Europe/Lisbon", "Europe/Lisbon"), ("Mars/Base", ""), ("../UTC", "")])
def test_a_zone(typed, zone):
    assert fields.ZoneField().clean(typed) == zone


def test_codes_come_in_the_order_of_their_choices_and_once():
    field = fields.CodesField(choices=[("a", "A"), ("b", "B"), ("c", "C")])
    assert field.clean(["c", "a", "c"]) == ["a", "c"]
    with pytest.raises(ValidationError, match="not among the choices"):
        field.clean(["d"])


@pytest.mark.parametrize("name", REACTIONS)
def test_a_reaction_is_called_the_same_where_it_is_asked_and_where_it_is_flagged(name):
    """And in the background, where it is said what is usual."""
    asked = EntryForm.base_fields[name].label, IntakeForm.base_fields[f"usual_{name}"].label
    assert {str(label) for label in asked} == {str(SYMPTOM[name])}
