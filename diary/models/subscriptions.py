import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from diary.models.users import User


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def of(self, patient: "User") -> Self:
        return self.filter(patient=patient)


class Subscription(models.Model):
    """A browser of a patient's that shows reminders, for as long as it is signed in.

    `endpoint` is where the service of the browser's maker takes them; `point` and `secret` are the keys with which
    only this browser reads them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions")
    session = models.ForeignKey("usersessions.UserSession", models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000)
    point = models.CharField(max_length=88)
    secret = models.CharField(max_length=24)
    made_at = models.DateTimeField(_("since"))

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["made_at"]
        constraints = [models.UniqueConstraint(fields=["patient", "endpoint"], name="one_subscription_a_browser")]

    def __str__(self):
        return f"{self.patient} {self.made_at:%Y-%m-%d}"

    def is_live(self) -> bool:
        """Tell whether its browser is still signed in; with a session that is over, the subscription goes too."""
        return not self.session.purge()
