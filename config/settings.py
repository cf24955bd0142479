"""All settings, from the environment or a git-ignored `.env`; the defaults are those of production."""

import re
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.databases import database
from config.environment import Named

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
env = Named(BASE_DIR)

# Where it runs

DEBUG = env.yes_or_no("DEBUG", default=False)
DEMO = env.yes_or_no("DEMO", default=False)
HTTPS = env.yes_or_no("HTTPS", default=True)  # off only for a loopback address, as ./run app does
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is missing: ./run setup writes one into .env, or set it in the environment.")
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS", default=[])  # former ones, in force until they are taken out
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", default=[])
# Where messages send people: a message is written with no request at hand to tell.
SITE_URL = env.site("SITE_URL", default=f"{'https' if HTTPS else 'http'}://{(ALLOWED_HOSTS or ['localhost'])[0]}")
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", default=0)
WSGI_APPLICATION = "config.wsgi.application"
ROOT_URLCONF = "config.urls"

# What it is made of

INSTALLED_APPS = [
    "diary",
    "config.admin.AccountsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
]
MIDDLEWARE = [
    # First, so that redirects, static files and errors carry the policies too.
    "config.headers.permissions_policy",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.methods.methods",
    "config.shedding.shedding",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # each answer padded at random, so that its length gives nothing away
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.reader.reader",
    "config.keeping.keeping",
    "config.signing_in.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.staff.lifetime",
    "config.staff.second_step",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Where it keeps things

DATABASES = {"default": database(env.str("DATABASE_URL", default="") or f"sqlite:///{VAR / 'settle.sqlite3'}")}
BACKUPS = Path(env.str("BACKUPS", default=str(VAR / "backups")))
BACKUP_KEY = env.str("BACKUP_KEY", default="")  # an age key: what leaves the machine can be read by its owner only
# Who was erased, as digests: beside the database, so that an old backup cannot bring anybody back.
ERASED_LIST = Path(env.str("ERASED_LIST", default=str(VAR / "erased.list")))
# The last links of the audit's chain: outside the database, best on a disk that only takes what is added.
AUDIT_HEADS = Path(env.str("AUDIT_HEADS", default=str(VAR / "audit.heads")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Shared by all processes; large, so that nobody can crowd out the count of failed logins.
    "default": env.cache_url_config(env.str("CACHE_URL", default="") or "dbcache://settle_cache?max_entries=100000"),
    # Pieces of pages that are the same for everybody (navigation, the empty log form): drawn once a process.
    "fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"},
}

# Who may come in

AUTH_USER_MODEL = "diary.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # addresses are unique whatever their case: a constraint says so
# One: each further one would hash a wrong password again.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "config.passwords.OwnWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60  # seconds
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds; a mail may take a while, a link in a mailbox is not to lie for days
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "sign_in": "10/m/ip",  # of unknown devices; the tries at one account are counted in diary/actions/signins.py
    "login_failed": "5/5m/key,20/d/key",  # the second step of one account
    "spoken_code": "20/h/ip",
    "shared_link": "60/h/ip",
    "export": "30/h/user",  # a whole diary each
    "import": "30/h/user",
    "program": "120/m/key",  # requests of one token
    "program_refused": "60/m/ip",  # with a token that opens nothing
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_ADAPTER = "config.accounts.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Settle"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey alone signs in: it must ask for a finger, a face or a PIN
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# How it answers

# A browser takes a cookie of this name from this host alone, over HTTPS, for all of it.
OF_THIS_HOST = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{OF_THIS_HOST}sessionid", f"{OF_THIS_HOST}csrftoken"
MESSAGE_STORAGE = "config.said.Said"
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60  # seconds; of a patient who stays signed in. Staff: config/staff.py
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^api/v\d+/"]  # refused there: a program would not notice that its token is read
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.failures.forged"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],  # of a page that asks for one: what its first frame looks like stands in itself
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's icons and the QR code of the second factor are data: addresses
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
HASHED_STATIC = env.yes_or_no("HASHED_STATIC", default=not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not HASHED_STATIC  # looked for when asked, not all at each start
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Webhooks go to public addresses only, unless a practice's system stands in the same network and it is said here.
HOOKS_PRIVATE = env.yes_or_no("HOOKS_PRIVATE", default=False)

# Reminders that a browser shows: off without the site's own key, 32 bytes in base64url.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="")
if VAPID_PRIVATE_KEY and not re.fullmatch(r"[\w-]{43}=?", VAPID_PRIVATE_KEY, re.ASCII):
    raise ImproperlyConfigured(
        "VAPID_PRIVATE_KEY is no key of 32 bytes in base64url: docs/deploy.md says how to make one."
    )

# How it speaks

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("de", _("German")), ("zh-hans", _("Simplified Chinese"))]
USE_TZ = True
TIME_ZONE = "UTC"

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 8  # five answers of a mail server fit into a worker's lease
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Settle <settle@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "impersonal": {"()": "config.logs.Impersonal", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "impersonal"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own handlers would mail whole requests to administrators.
    "loggers": {"django": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
