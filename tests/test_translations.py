"""What each language says where English has one word for two things."""

import pytest

from diary.actions import shares
from diary.models import User

pytestmark = pytest.mark.engineless


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "over"), [("de", "Beendet"), ("es", "Terminado"), ("zh-hans", "已结束")])
def test_what_is_no_longer_shared_is_called_ended(signed_in, ana, now, language, over):
    """Not "end": in English one word says when a session ended and that a share is over."""
    for share in ana.shares.all():
        shares.revoke(by=ana, share=share, now=now)
    User.objects.filter(pk=ana.pk).update(language=language)
    assert f'<h2 id="ended">{over}</h2>' in signed_in(ana).get("/shares/").content.decode()
