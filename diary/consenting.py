"""What a patient agrees to, in plain words: every version in every language, kept for ever.

A text that somebody agreed to never changes: a change is a new version beside the old ones, and is asked anew. So the
texts stand here and not in the catalogues of translations, which may be mended at any time.
"""

import hashlib
from dataclasses import dataclass

CURRENT = 1
LONGEST_VERSION = 4  # digits
TEXTS = {
    (1, "en"): (
        "You keep a diary of how you feel between treatments. Only practitioners you share it with can read it, with "
        "your notes and your health background unless you leave those out; nobody else can, not even whoever runs the "
        "accounts, and you always see who looked and when. Nobody watches in real time: when something cannot wait, "
        "call your practice or the emergency number, and the diary tells you so. You can stop whenever you like: end a "
        "share with one click, take this agreement back under “What I agreed to”, or simply stop writing."
    ),
    (1, "es"): (
        "Usted lleva un diario de cómo se siente entre los tratamientos. Solo pueden leerlo los profesionales con "
        "quienes lo comparta, con sus notas y sus antecedentes de salud salvo que los excluya; nadie más puede, ni "
        "siquiera quien administra las cuentas, y usted siempre ve quién lo miró y cuándo. Nadie lo vigila en tiempo "
        "real: si algo no puede esperar, llame a su consulta o al número de emergencias; el diario se lo recuerda. "
        "Puede parar cuando quiera: deje de compartir con un clic, retire este acuerdo en «Lo que acepté» o "
        "simplemente deje de escribir."
    ),
    (1, "de"): (
        "Sie führen ein Tagebuch darüber, wie es Ihnen zwischen den Behandlungen geht. Lesen können es nur "
        "Behandelnde, mit denen Sie es teilen, samt Ihren Notizen und Angaben zur Gesundheit, wenn Sie diese nicht "
        "ausnehmen; sonst niemand, auch nicht, wer die Konten verwaltet, und Sie sehen immer, wer wann hineingesehen "
        "hat. Niemand sieht in Echtzeit zu: Wenn etwas nicht warten kann, rufen Sie Ihre Praxis oder den Notruf an; "
        "das Tagebuch sagt es Ihnen. Aufhören können Sie jederzeit: das Teilen mit einem Klick beenden, diese "
        "Zustimmung unter „Wozu ich zugestimmt habe“ zurücknehmen oder einfach nicht mehr schreiben."
    ),
    (1, "zh-hans"): (
        "您记录两次治疗之间的感受。只有您与之分享的治疗师可以阅读，包括您的备注和健康背景，除非您把它们排除在外；"
        "其他任何人都不能阅读，管理账户的人也不能，而您随时可以看到谁在何时看过。没有人实时查看：如果情况不能等待，"
        "请致电您的诊所或急救电话，日记也会这样提醒您。您可以随时停止：一键结束分享，在“我同意的内容”中撤回同意，"
        "或者不再记录。"
    ),
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """One text as one person read it."""

    version: int
    language: str

    @property
    def text(self) -> str:
        return TEXTS[self.version, self.language]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def current(language: str | None) -> Agreement:
    """Return the text that is asked now, in a language or else in English."""
    return Agreement(CURRENT, language if language and (CURRENT, language) in TEXTS else "en")


def named(said: str, language: str | None) -> Agreement:
    """Return the agreement that a form says it showed, as "1:en"; one that never was is taken as the current one."""
    version, _, shown = said.partition(":")
    number = int(version) if version.isascii() and version.isdigit() and len(version) <= LONGEST_VERSION else 0
    return Agreement(number, shown) if (number, shown) in TEXTS else current(language)
