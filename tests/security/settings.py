"""The site over several processes, with quick hashes and no pause between tries: only the count of a day is left."""

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_ADAPTER = "tests.security.adapters.WithoutPause"
ACCOUNT_RATE_LIMITS = {"sign_in": "1000/m/ip", "login": "10000/m/ip"}
