"""The short answers that people tick, each with its words. Codes are kept, words are shown."""

from django.utils.translation import gettext_lazy as _

from diary import wording

SCORES = [(str(score), str(score)) for score in range(11)]

REGIONS = [
    ("upper-left", _("upper back left")),
    ("upper-middle", _("upper back middle")),
    ("upper-right", _("upper back right")),
    ("mid-left", _("mid back left")),
    ("mid-middle", _("mid back middle")),
    ("mid-right", _("mid back right")),
    ("lower-left", _("lower back left")),
    ("lower-middle", _("lower back middle")),
    ("lower-right", _("lower back right")),
    ("leg-left", _("left leg")),
    ("leg-right", _("right leg")),
]
GOOD = [
    ("relaxed", _("relaxed")),
    ("slept_well", _("slept well")),
    ("less_pain", _("less pain")),
    ("moving_easier", _("moving more easily")),
    ("more_energy", _("more energy")),
    ("brighter", _("in better spirits")),
]
AFTERCARE = [
    ("rested", _("rest")),
    ("water", _("enough to drink")),
    ("no_strain", _("nothing strenuous")),
    ("gentle", _("gentle movement")),
    ("stretched", _("stretching")),
    ("warmth", _("warmth")),
]
RED_FLAGS = list(wording.RED_FLAG_QUESTIONS.items())
CONDITIONS = list(wording.CONDITIONS.items())
BLOOD_THINNERS = list(wording.BLOOD_THINNERS.items())
