"""Logs go to standard error: plain lines for people, JSON for machines (LOG_FORMAT=json)."""

import json
import logging
from typing import Any


def shown(request: Any) -> str:
    """An address as logs may hold it: by its pattern where parts of it are keys, which open somebody's seat or order."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match and match.kwargs else getattr(request, "path", "")


class WithoutKeys(logging.Filter):
    """Django's word on a refused request names its address: by the pattern."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            record.args = tuple(shown(request) if arg == getattr(request, "path", "") else arg for arg in record.args)
        return True


class AsJson(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        row: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = getattr(record, "request", None)
        if request is not None:
            row["path"] = shown(request)
        if record.exc_info:
            row["traceback"] = self.formatException(record.exc_info)
        return json.dumps(row, ensure_ascii=False)


def config(level: str, style: str) -> dict[str, Any]:
    """Django's LOGGING: everything from `level` on; requests that failed carry their traceback."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
            "json": {"()": AsJson},
        },
        "filters": {"without keys": {"()": WithoutKeys}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": style, "filters": ["without keys"]}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }
