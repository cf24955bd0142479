"""The product's migrations and one more, which is slow: MIGRATION_MODULES may name this package for them."""

from pathlib import Path

import diary.migrations

__path__ = [*diary.migrations.__path__, str(Path(__file__).parent)]
