"""Logs: JSON lines in the data directory for programs, short lines on the terminal for people."""

import datetime as dt
import logging
import sys
from pathlib import Path
from typing import Any

from pythonjsonlogger.json import JsonFormatter

BYTES = 10_000_000
KEPT = 3


class Brief(logging.Formatter):
    """Write a time, a level and the message: what fits on a terminal; the whole story is in the file."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S")

    def formatException(self, ei: Any) -> str:
        """Leave stack traces to the file."""
        kind, error, _trace = ei
        return f"{kind.__name__ if kind else ''}: {error}"

    def formatStack(self, stack_info: str) -> str:
        """Leave stacks to the file."""
        return ""


class Line(JsonFormatter):
    """Write one JSON object on a line, with the moment in UTC."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """Return the moment as ISO 8601."""
        return dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")


class Routes(logging.Filter):
    """Write the route instead of the address: addresses carry keys of certificates and of sign-in links."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the request of a record out, and its address with it."""
        request = record.__dict__.pop("request", None)
        address = getattr(request, "path", None)
        if address and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "(no route)"
            record.args = tuple(route if arg == address else arg for arg in record.args)
        return True


def config(folder: Path, process: str) -> dict[str, Any]:
    """Return the `LOGGING` of one process: `web`, `worker`, `up` or `command`.

    Commands keep their standard error for their answer, so they write to the file only.
    """
    terminal = [] if process == "command" else ["terminal"]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": Line,
                "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(process)d",
                "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger", "process": "pid"},
                "static_fields": {"part": process},
                "json_ensure_ascii": False,
            },
            "brief": {"()": Brief},
        },
        "filters": {"routes": {"()": Routes}},
        "handlers": {
            "file": {
                "filters": ["routes"],
                "class": "coopwerf.conf.logs.LogFile",
                "path": str(folder / f"{process}.jsonl"),
                "formatter": "json",
            },
            "terminal": {
                "filters": ["routes"],
                "class": "logging.StreamHandler",
                "stream": sys.stderr,
                "formatter": "brief",
                "level": "WARNING",
            },
        },
        "loggers": {
            # The files of the log say what was asked of us; the terminal only what went wrong.
            "django.request": {"level": "ERROR"},
            # Its lines about each job repeat the job's arguments.
            "procrastinate": {"level": "WARNING"},
        },
        "root": {"level": "INFO", "handlers": ["file", *terminal]},
    }


class LogFile(logging.Handler):
    """Append to a rotated file, or to nothing where the data directory can't be written.

    A full disk or a missing folder must not stop what is being logged.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = Path(path)
        self._inner: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        try:
            if self._inner is None:
                self._inner = self._open()
            self._inner.emit(record)
        except OSError:
            return

    def _open(self) -> logging.Handler:
        from logging.handlers import RotatingFileHandler

        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        inner = RotatingFileHandler(self.path, maxBytes=BYTES, backupCount=KEPT, encoding="utf-8")
        inner.setFormatter(self.formatter)
        inner.handleError = lambda record: None  # type: ignore[method-assign]
        return inner

    def close(self) -> None:
        """Close the file."""
        if self._inner is not None:
            self._inner.close()
        super().close()
