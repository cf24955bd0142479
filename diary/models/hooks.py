from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from diary.models.practices import Practice


class Hook(models.Model):
    """Where a practice's own system is told that something waits, and nothing of what or of whom.

    The secret that signs is made from the installation's key and the moment it was set: it is kept nowhere.
    """

    practice = models.OneToOneField(Practice, models.CASCADE, primary_key=True, related_name="hook")
    url = models.URLField(_("address"), max_length=500)
    renewed_at = models.DateTimeField()

    def __str__(self):
        return str(self.practice)

    @property
    def secret(self):
        seed = f"{self.practice_id} {self.renewed_at.isoformat()}"
        return salted_hmac("diary.Hook.secret", seed, algorithm="sha256").hexdigest()
