"""What a password here may not be made of: the words that everybody would try first at a diary of back pain."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS = re.findall(
    r"\w+",
    """
    settle acupuncture acupuncturist needle needles diary symptom symptoms pain back backache sore soreness health
    patient practice practitioner session treatment doctor password welcome my and
    akupunktur nadel nadeln tagebuch schmerz schmerzen rücken rückenschmerzen praxis gesundheit passwort
    acupuntura aguja agujas diario dolor espalda salud paciente consulta contraseña zhenjiu
    """,
)
ONLY_THESE = re.compile(f"(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})+")


class OwnWordsValidator:
    """Refuses a password whose letters spell nothing but these words, whatever digits and signs stand between."""

    def validate(self, password: str, user: Any = None) -> None:
        letters = "".join(filter(str.isalpha, password.casefold()))
        if ONLY_THESE.fullmatch(letters):
            raise ValidationError(_("This password is made of words that are tried first here."), code="own_words")

    def get_help_text(self) -> str | Promise:
        return _("Your password can’t be made only of words like acupuncture, diary or back pain.")
