"""The kiosk's journal of things: a card, a U-key, a certificate, before and after it went into somebody's hand.

Append-only, as the journal of cash, and in its file: a line is on the disk before the device is asked. A thing that
was begun and has no end was interrupted; the device's own counters say where it is, and it is never simply given again.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from common.clock import Clock

_SCHEMA = """
CREATE TABLE IF NOT EXISTS thing_begun (
    case_id TEXT NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL, at TEXT NOT NULL, counts TEXT NOT NULL,
    PRIMARY KEY (case_id, kind, number));
CREATE TABLE IF NOT EXISTS thing_ended (
    case_id TEXT NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL, at TEXT NOT NULL, outcome TEXT NOT NULL,
    error TEXT, PRIMARY KEY (case_id, kind, number));
"""
_STAYS = """
CREATE TRIGGER IF NOT EXISTS {table}_stays BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS {table}_kept BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""


@dataclass(frozen=True, slots=True)
class Giving:
    """A thing that was begun. ``counts``: the device's own just before, by what they count; ``outcome``: taken,
    retained, failed; None while nobody has written what became of it."""

    counts: Mapping[str, int]
    outcome: str | None = None
    error: str | None = None


class ThingJournal:
    """The two tables in the kiosk's journal. Synchronous; each call takes a few milliseconds."""

    def __init__(self, database: sqlite3.Connection, clock: Clock) -> None:
        self._database, self._clock = database, clock
        database.executescript(_SCHEMA + _STAYS.format(table="thing_begun") + _STAYS.format(table="thing_ended"))

    def begin(self, case_id: str, kind: str, number: str, counts: Mapping[str, int]) -> None:
        """Write down that the device is asked next; what was written first stays."""
        row = (case_id, kind, number, self._clock.now().isoformat(), json.dumps(dict(counts), sort_keys=True))
        self._database.execute("INSERT OR IGNORE INTO thing_begun VALUES (?, ?, ?, ?, ?)", row)

    def end(self, case_id: str, kind: str, number: str, outcome: str, error: str | None) -> None:
        """Write down what became of it; what was written first stays."""
        row = (case_id, kind, number, self._clock.now().isoformat(), outcome, error)
        self._database.execute("INSERT OR IGNORE INTO thing_ended VALUES (?, ?, ?, ?, ?, ?)", row)

    def find(self, case_id: str, kind: str, number: str) -> Giving | None:
        """None: it was never begun here."""
        query = (
            "SELECT counts, outcome, error FROM thing_begun LEFT JOIN thing_ended USING (case_id, kind, number)"
            " WHERE case_id = ? AND kind = ? AND number = ?"
        )
        row = self._database.execute(query, (case_id, kind, number)).fetchone()
        return None if row is None else Giving(json.loads(row[0]), row[1], row[2])
