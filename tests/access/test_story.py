"""Who sees what, told once from top to bottom: a diary from its first word to its last.

The cells of `table.md` are states; this is how one becomes the next. After each turn everybody is asked, and who is not
named sees nothing.
"""

from datetime import date, timedelta

import pytest

from diary.actions import consents, hours, intakes, leaving, links, people, shares
from diary.actions.handovers import Handover
from diary.models import Entry, User
from diary.permissions import shown_by, shown_to

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PARTS = ("entries", "notes", "sessions", "flags", "intakes")
ALL = " ".join(PARTS)
SCORES = "entries sessions flags"


def parts(shown):
    return " ".join(part for part in PARTS if getattr(shown, part).exists())


@pytest.fixture
def sees(ben):
    """Return a function that says who sees which parts of Ben's diary; whoever sees nothing is not named."""

    def told(now):
        found = {person.name.split()[0].lower(): parts(shown_to(person, ben, now)) for person in User.objects.all()}
        return {name: seen for name, seen in found.items() if seen}

    return told


@pytest.fixture
def written(ben, log, treat, now):
    """What Ben has written: two entries, one of which raises a flag and has a note, a session, what is usual."""
    intakes.save(by=ben, now=now, usual_pain=3)
    treat(ben, ago=2 * DAY, pain_before=5, pain_after=4)
    log(ben, 5, ago=DAY)
    log(ben, 9, red_flags=["legs"], note="My own words.")


@pytest.mark.usefixtures("written", "ana", "former")
def test_a_diary_from_its_first_word_to_its_last(ben, paula, remy, newcomer, admin, sees, verify, now):
    assert sees(now) == {"ben": ALL}

    # Shared with Paula: the scores, then also the words and the background.
    share = shares.grant_to(by=ben, now=now, practitioner=paula, with_notes=False, with_intake=False, with_cover=False)
    assert sees(now) == {"ben": ALL, "paula": SCORES}
    shares.revoke(by=ben, now=now, share=share)
    assert sees(now) == {"ben": ALL}
    share = shares.grant_to(by=ben, now=now, practitioner=paula, with_cover=False)
    assert sees(now) == {"ben": ALL, "paula": ALL}

    # Remy stands in for her: with Ben's leave, and for as long as she says.
    cover = hours.cover(by=paula, now=now, practitioner=paula, covered_by=remy, starts_at=now)
    assert sees(now) == {"ben": ALL, "paula": ALL}
    shares.let_cover(by=ben, now=now, share=share, allowed=True)
    assert sees(now) == {"ben": ALL, "paula": ALL, "remy": ALL}
    hours.uncover(by=paula, now=now, cover=cover)
    assert sees(now) == {"ben": ALL, "paula": ALL}

    # Nia was never verified: that it is shared with her changes nothing until she is.
    shares.grant_to(by=ben, now=now, practitioner=newcomer, with_notes=False)
    assert sees(now) == {"ben": ALL, "paula": ALL}
    verify(newcomer, expires_on=(now + 3 * DAY).date(), at=now)
    assert sees(now) == {"ben": ALL, "paula": ALL, "nia": f"{SCORES} intakes"}
    assert sees(now + 4 * DAY) == {"ben": ALL, "paula": ALL}

    # Paula becomes an admin, who sees accounts and no diary; Remy takes over, since Ben lets a colleague read.
    people.change_role(by=admin, now=now, user=paula, role="admin", handover=Handover(covered_by=remy))
    assert sees(now) == {"ben": ALL, "remy": ALL, "nia": f"{SCORES} intakes"}
    shares.let_cover(by=ben, now=now, share=share, allowed=False)
    assert sees(now) == {"ben": ALL, "nia": f"{SCORES} intakes"}

    # A GP without an account opens what Ben ticked, and nothing else of his.
    link = links.make(by=ben, now=now, reader="Dr. Gil", parts={"scores", "notes"}, first_day=date(2026, 1, 1)).link
    assert parts(shown_by(link, now)) == "entries notes"
    links.revoke(by=ben, now=now, link=link)
    assert parts(shown_by(link, now)) == ""

    # He takes his agreement back: all that is shared ends with it. Then he leaves, and there is nothing to see.
    consents.withdraw(by=ben, now=now)
    assert sees(now) == {"ben": ALL}
    leaving.erase(by=ben, now=now)
    assert not Entry.objects.exists()
