from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diary.models.fields import grade, score, within_grades, within_scale


class Intake(models.Model):
    """What is usual for a patient, and what a practitioner must know before needling.

    Every patient has exactly one, made empty with the account.
    """

    patient = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="intake")
    usual_pain = score(_("usual pain"))
    usual_soreness = score(_("usual soreness"))
    usual_stiffness = grade(_("usual stiffness"))
    usual_fatigue = grade(_("usual fatigue"))
    usual_dizziness = grade(_("usual dizziness"))
    usual_low_mood = grade(_("usual low mood"))
    usual_bruising = grade(_("usual bruising"))
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    blood_thinners = models.JSONField(_("blood thinners"), default=list, blank=True)
    medicines = models.TextField(_("medicines"), max_length=2000, blank=True, default="")
    allergies = models.TextField(_("allergies"), max_length=2000, blank=True, default="")
    earlier_treatments = models.TextField(_("earlier treatments"), max_length=2000, blank=True, default="")
    expectation = models.TextField(_("expectation"), max_length=2000, blank=True, default="")
    needle_nervousness = score(_("nervousness about needles"))
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            *within_scale("usual_pain", "usual_soreness", "needle_nervousness", prefix="intake"),
            *within_grades(
                "usual_stiffness",
                "usual_fatigue",
                "usual_dizziness",
                "usual_low_mood",
                "usual_bruising",
                prefix="intake",
            ),
        ]

    def __str__(self):
        return str(self.patient)
