"""What survives a power cut: JSON documents by name in one SQLite file."""

import json
import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any


def _plain(value: object) -> float:
    """A client's own number that a device keeps: read off the wire it is a decimal."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


class Store:
    """Named JSON documents; all documents of one :meth:`write` appear together or not at all.

    WAL with ``synchronous=NORMAL``: a killed process loses nothing that was written.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute("CREATE TABLE IF NOT EXISTS document (name TEXT PRIMARY KEY, body TEXT NOT NULL)")
        rows = self._database.execute("SELECT name, body FROM document").fetchall()
        self._written: dict[str, str] = dict(rows)

    def read(self, name: str) -> Any:
        """The document, or None when it was never written."""
        body = self._written.get(name)
        return None if body is None else json.loads(body)

    def write(self, documents: Mapping[str, Any]) -> None:
        """Write those documents that differ from what is on disk, in one transaction."""
        texts = {
            name: json.dumps(body, ensure_ascii=False, sort_keys=True, default=_plain)
            for name, body in documents.items()
        }
        changed = [(name, text) for name, text in texts.items() if self._written.get(name) != text]
        if not changed:
            return
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany("INSERT OR REPLACE INTO document (name, body) VALUES (?, ?)", changed)
        self._database.execute("COMMIT")
        self._written.update(changed)

    def close(self) -> None:
        """Close the file."""
        self._database.close()
