"""What each language says where English has one word for two things, or one form for two places."""

import pytest
from django.utils import translation

from diary.actions import shares
from diary.models import User
from diary.views.worklist import age

pytestmark = pytest.mark.engineless


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "over"), [("de", "Beendet"), ("es", "Terminado"), ("zh-hans", "已结束")])
def test_what_is_no_longer_shared_is_called_ended(signed_in, ana, now, language, over):
    """Not "end": in English one word says when a session ended and that a share is over."""
    for share in ana.shares.all():
        shares.revoke(by=ana, share=share, now=now)
    User.objects.filter(pk=ana.pk).update(language=language)
    assert f'<h2 id="ended">{over}</h2>' in signed_in(ana).get("/shares/").content.decode()


def test_how_long_a_flag_has_waited_stands_alone_in_german():
    """It is said after no "vor", which would want "Tagen"."""
    with translation.override("de"):
        assert [age("de", hours) for hours in (0, 47, 72)] == ["weniger als eine Stunde", "47 Stunden", "3 Tage"]
