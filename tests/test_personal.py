"""Every field of the database is decided about: exported, worked out, kept back, or nobody's."""

import pytest
from django.apps import apps

from diary import personal
from diary.exports.document import document
from diary.models import Entry

CELLS = {f"{part.model}.{name}" for part in personal.PARTS for name in part.exported}


@pytest.mark.asvs("V14.1.1")
def test_no_field_is_forgotten(figure):
    fields = [field for model in apps.get_models() if model._meta.managed for field in model._meta.concrete_fields]
    figure("fields of the database not decided about", len(personal.unlisted()), f"of {len(fields)}")
    assert personal.unlisted() == set()


def test_control_a_new_field_is_noticed(monkeypatch):
    parts = tuple(part for part in personal.PARTS if part.model != "diary.Message")
    monkeypatch.setattr(personal, "PARTS", parts)
    assert "diary.Message.body" in personal.unlisted()


def test_nothing_is_listed_that_does_not_exist():
    for part in personal.PARTS:
        names = {column.name for column in apps.get_model(part.model)._meta.concrete_fields}
        assert {*part.exported, *part.left_out} <= names
    for model in [*personal.NOT_OF_PATIENTS, *personal.KEPT_BACK, *personal.WORKED_OUT_TABLES]:
        assert apps.get_model(model)


def test_nothing_of_patients_stands_in_a_table_said_to_hold_none():
    """A table that points to accounts, or to something of a patient, says so in its reason or is a part."""
    patients = {part.model for part in personal.PARTS} | {*personal.KEPT_BACK, *personal.WORKED_OUT_TABLES}
    for model in personal.NOT_OF_PATIENTS:
        towards = {field.related_model for field in apps.get_model(model)._meta.concrete_fields if field.is_relation}
        assert not {other._meta.label for other in towards} & (patients - {"diary.User"})
        assert "patient" not in {field.name for field in apps.get_model(model)._meta.concrete_fields}


@pytest.mark.parametrize("part", personal.PARTS, ids=lambda part: part.key)
def test_each_part_has_all_its_fields(part, ana, log, now):
    log(ana, 3)
    whole = document(ana, now)["settle"]
    rows = whole[part.key] if isinstance(whole[part.key], list) else [whole[part.key]]
    assert len(rows) == part.rows(ana).count()
    for row in rows:
        assert set(row) >= set(part.exported)


def test_the_diary_says_what_an_entry_says(ana, log, now):
    entry = log(ana, 3, note="as typed").entry
    (said,) = document(ana, now)["settle"]["entries"]
    assert {name: getattr(Entry.objects.get(pk=entry.pk), name) for name in ("pain", "note", "zone")} == {
        name: said[name] for name in ("pain", "note", "zone")
    }
