"""How rates of reactions are said."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from diary.wording.rules import Text


@dataclass(frozen=True, slots=True)
class RateWords:
    """A reaction whose rate is counted, and how often it is published to occur."""

    name: Text
    published: Text


RATES = {
    "bruising": RateWords(_("Bruising or bleeding"), _("10–20 %")),
    "soreness": RateWords(_("Soreness at the site"), _("15–25 %")),
    "dizziness": RateWords(_("Dizziness or fainting"), _("below 5 %")),
    "breathing": RateWords(_("Breathing (a collapsed lung is looked for)"), _("below 0.01 %")),
    "infection": RateWords(_("Signs of infection"), _("below 0.01 %")),
}
STANDS = {
    "overlaps": _("overlaps"),
    "above": _("above"),
    "below": _("below"),
    "too few": _("too few to say"),
    "unanswered": _("too few answers to say"),
}
"""How a rate stands beside the published one."""
