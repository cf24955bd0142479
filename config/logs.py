"""A log that says what failed and where, never whose or with what words."""

import logging
import time
import traceback
from types import TracebackType

_Exception = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Impersonal(logging.Formatter):
    """Drops what may carry a person's words: addresses asked for (they hold one-time keys) and exception texts.

    Times are in UTC, wherever the machine stands.
    """

    converter = time.gmtime  # type: ignore[assignment]
    default_time_format, default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if request is not None and hasattr(request, "method"):
            route = getattr(getattr(request, "resolver_match", None), "route", "unknown page")
            record.message = f"{getattr(record, 'status_code', '')} {request.method} {route}"
        elif record.exc_info:
            record.message = str(record.msg)  # gunicorn would put the address into it
        elif record.name == "gunicorn.error":  # of a request that cannot be read it names who sent it, and its words
            record.message = record.message.partition(" from ip=")[0]
        return super().formatMessage(record)

    def formatException(self, ei: _Exception) -> str:
        frames = traceback.extract_tb(ei[2])
        name = ei[0].__name__ if ei[0] else "unknown"
        return "\n".join([*(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames), f"  {name}"])
