"""How gunicorn serves the site: `gunicorn -c config/serving.py`."""

import os
import sys

from config.shedding import THREADS

wsgi_app = "config.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = THREADS
sys.setswitchinterval(0.002)  # seconds: who lets requests in waits less for those who work, and refuses in time
control_socket_disable = True
# A page is not kept waiting for ever by a lock that somebody holds.
# The commands, which may move many rows, wait as long as they must.
raw_env = [f"PGOPTIONS={os.environ.get('PGOPTIONS', '-c statement_timeout=20s')}"]

# No access log: addresses and times of a pain diary are nobody's business. Errors as in config/logs.py.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "impersonal": {"()": "config.logs.Impersonal", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "impersonal"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
