from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from diary.actions import intakes
from diary.models import Event, Flag


def test_save_changes_what_counts_as_risen(ana, treat, log, now):
    treat(ana, ago=timedelta(hours=5))
    log(ana, 8)
    flag = Flag.objects.get()
    intakes.save(by=ana, now=now, usual_pain=8)
    flag.refresh_from_db()
    assert flag.withdrawn_at == now


def test_save_says_what_changed_and_not_to_what(ana, now):
    intake = intakes.save(by=ana, now=now, medicines="warfarin", conditions=["blood_thinners"])
    assert (intake.medicines, intake.saved_at) == ("warfarin", now)
    assert Event.objects.get(verb="intake-saved").new == '["conditions", "medicines"]'


def test_save_is_for_patients(paula, now):
    with pytest.raises(PermissionDenied):
        intakes.save(by=paula, now=now, usual_pain=3)


def test_save_keeps_a_condition_that_a_named_medicine_stands_for(ana, now):
    intakes.save(by=ana, now=now, blood_thinners=["warfarin"])
    intake = intakes.save(by=ana, now=now, conditions=["pregnancy"])
    assert intake.conditions == ["pregnancy", "blood_thinners"]
    intake = intakes.save(by=ana, now=now, blood_thinners=[])
    assert intake.conditions == ["pregnancy", "blood_thinners"], "it may have been ticked for itself"
    assert intakes.save(by=ana, now=now, conditions=["pregnancy"]).conditions == ["pregnancy"]
