"""The door gunicorn serves: `config.wsgi:application`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.databases import refuse_losses
from config.shedding import Shedding

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
GUNICORN_GIVES_UP = 4  # any other exit status of a worker makes gunicorn start the next one, for ever

try:
    application = Shedding(get_wsgi_application())
    refuse_losses()
    get_resolver().url_patterns  # noqa: B018  # all pages are loaded now, and the first visitor waits for none
except ImproperlyConfigured as error:
    sys.stderr.write(f"Settle cannot start: {error}\n")
    sys.exit(GUNICORN_GIVES_UP)
