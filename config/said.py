"""What the next page says once ("Saved."): kept in a cookie until then, which goes to this host alone."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class OfThisHost(CookieStorage):
    cookie_name = f"{settings.OF_THIS_HOST}messages"


class Said(FallbackStorage):
    """As Django's: what is too long for a cookie goes into the session."""

    storage_classes = (OfThisHost, SessionStorage)
