"""Reminders that a browser shows."""

import json
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from diary import calling, pushing
from diary.models import Notification, ReminderPlan, Subscription
from diary.notices.patients import is_timely

TRIES = 4  # a service that is down, or that somebody made up, costs the worker no more than that


class Push:
    """Says in one browser that it is time for the diary, as a mail does: nothing of what stands in it."""

    def __init__(self, notification: Notification, now: datetime) -> None:
        self.notification, self.now = notification, now

    @property
    def text(self) -> bytes:
        with override(self.notification.recipient.language):
            said = {"title": _("A moment for your diary"), "text": _("This is a good moment for a few words.")}
        return json.dumps(said, ensure_ascii=False).encode()

    def send(self) -> None:
        browser = Subscription.objects.get(pk=subscription_in(self.notification))
        body = pushing.encrypted(pushing.padded(self.text), browser.point, browser.secret)
        key, site = settings.VAPID_PRIVATE_KEY, settings.SITE_URL
        told = {
            "Authorization": pushing.authorization(browser.endpoint, site, key, int(self.now.timestamp())),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Topic": "check-in",  # a later one takes the place of one that was not shown yet
            "TTL": str(pushing.LASTS),
        }
        calling.post(browser.endpoint, body, told)


def subscription_in(notification: Notification) -> UUID:
    return UUID(notification.key.split()[1])


def wants_push(notification: Notification, now: datetime) -> bool:
    """Tell whether a browser still shows reminders, and this one now; what its service does not take is not pressed."""
    browser = Subscription.objects.filter(pk=subscription_in(notification)).select_related("session").first()
    if browser is None or not settings.VAPID_PRIVATE_KEY or notification.attempts >= TRIES or not browser.is_live():
        return False
    plan = ReminderPlan.objects.filter(patient=notification.recipient).select_related("patient").first()
    return plan is not None and is_timely(notification, plan, now)
