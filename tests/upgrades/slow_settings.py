"""The site's settings with one more migration, for being killed in."""

from config.settings import *  # noqa: F403

MIGRATION_MODULES = {"diary": "tests.upgrades.slow"}
