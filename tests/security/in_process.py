"""The control of brute force: the same, counted in the memory of each process, as many sites do."""

from tests.security.settings import *  # noqa: F403

ACCOUNT_ADAPTER = "allauth.account.adapter.DefaultAccountAdapter"
ACCOUNT_RATE_LIMITS = {"login_failed": "20/d/key", "login": "10000/m/ip"}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CACHES["fragments"] = CACHES["default"]
