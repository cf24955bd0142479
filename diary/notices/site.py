"""What every message may say: where to look, and that something waits there."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from diary.models import User
from diary.models.flags import FlagQuerySet
from diary.permissions import visible_flags


def address(page: str, *about: str) -> str:
    return settings.SITE_URL + reverse(page, args=about)


def waiting_for(reader: User, now: datetime) -> FlagQuerySet:
    return visible_flags(reader, now).waiting().for_practitioners()
