"""Structured logs: one JSON object a line, no personal data in words.

Message texts are constant; data goes in ``extra``. Personal data may only stand under a key that
starts with ``pii_`` and is replaced by a keyed fingerprint before it is written, so that two lines
about one person can be joined but nobody can read who it was.
"""

import hashlib
import hmac
import json
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_KEY = os.urandom(32)


def fingerprint(value: object) -> str:
    """Ten hex digits that stand for a value within this process's life."""
    return hmac.new(_KEY, str(value).encode(), hashlib.sha256).hexdigest()[:10]


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "process": self._process,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        for key, value in vars(record).items():
            if key not in _STANDARD:
                line[key] = fingerprint(value) if key.startswith("pii_") else value
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(process: str, *, level: str = "INFO", file: Path | None = None) -> None:
    """Send every record of this process to ``file``, or to standard error when there is none."""
    handler: logging.Handler
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(file, encoding="utf-8")
    else:
        handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(level)
    for noisy in ("aioice", "aiortc", "PIL", "fontTools", "httpx", "httpcore", "websockets", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
