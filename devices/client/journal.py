"""The kiosk's own journal of cash movements: what was intended, and what came of it.

Append-only SQLite with ``synchronous=FULL``: a row is on the disk before the machine moves. A movement
without outcome after a restart is unsettled; the machine's counters, not a guess, settle it. An outcome that
the server has not taken yet is untold; it is said again until the server has taken it.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from common.clock import Clock, IdSource
from common.errors import ServiceError
from devices.client.counts import UNKNOWN, Counts, counts_from_json
from devices.client.things import ThingJournal

_SCHEMA = """
CREATE TABLE IF NOT EXISTS intent (
    id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, at TEXT NOT NULL,
    detail TEXT NOT NULL, counts_before TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outcome (
    intent TEXT PRIMARY KEY REFERENCES intent (id), state TEXT NOT NULL, at TEXT NOT NULL,
    detail TEXT NOT NULL, counts_after TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS told (
    intent TEXT PRIMARY KEY REFERENCES intent (id), at TEXT NOT NULL, about TEXT NOT NULL DEFAULT '');
CREATE TRIGGER IF NOT EXISTS intent_stays BEFORE UPDATE ON intent BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS intent_kept BEFORE DELETE ON intent BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS outcome_stays BEFORE UPDATE ON outcome BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS outcome_kept BEFORE DELETE ON outcome BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS told_stays BEFORE UPDATE ON told BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS told_kept BEFORE DELETE ON told BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""


class MovementKind(StrEnum):
    """What was intended."""

    PAYOUT = "payout"
    DEPOSIT = "deposit"
    EXCHANGE = "exchange"
    RESET = "reset"
    """The way of the notes cleared by order; its key is the order's."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a movement; ``state`` is the client's (``taken``, ``stored``…), ``detail`` what the books need."""

    state: str
    at: datetime
    detail: dict[str, Any]
    counts_after: Counts

    @property
    def known(self) -> bool:
        """Whether the counters could say it."""
        return self.state != UNKNOWN


@dataclass(frozen=True, slots=True)
class Movement:
    """One intended movement.

    ``key`` is the caller's idempotency key, ``outcome`` None while unsettled, ``told`` once the server has taken it.
    """

    id: str
    key: str
    kind: MovementKind
    at: datetime
    detail: dict[str, Any]
    counts_before: Counts
    outcome: Outcome | None
    told: bool = False


class CashJournal:
    """The journal file of one kiosk. Synchronous; each call takes a few milliseconds."""

    def __init__(self, file: Path, clock: Clock, ids: IdSource) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._ids = ids
        self._database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("PRAGMA foreign_keys=ON")
        self._database.executescript(_SCHEMA)
        if "about" not in {row[1] for row in self._database.execute("PRAGMA table_info(told)")}:
            self._database.execute("ALTER TABLE told ADD COLUMN about TEXT NOT NULL DEFAULT ''")
        self.things = ThingJournal(self._database, clock)
        """Cards, U-keys and certificates, in the same file."""

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def intend(self, key: str, kind: MovementKind, detail: dict[str, Any], counts_before: Counts) -> Movement:
        """Write down a movement before it is ordered.

        With a key that was used before, the movement of then is returned, with its outcome if it has one:
        the caller must not order it again.

        Raises:
            ServiceError: ``journal.key_reused``, the key stood for something else.
        """
        known = self.find(key)
        if known is not None:
            if known.kind is not kind or known.detail != json.loads(json.dumps(detail)):
                raise ServiceError("journal.key_reused", retryable=False, key=key)
            return known
        row = (
            str(self._ids.new()),
            key,
            kind.value,
            self._clock.now().isoformat(),
            json.dumps(detail, sort_keys=True),
            json.dumps(counts_before.to_json()),
        )
        self._database.execute("INSERT INTO intent VALUES (?, ?, ?, ?, ?, ?)", row)
        found = self.find(key)
        assert found is not None
        return found

    def settle(self, key: str, state: str, detail: dict[str, Any], counts_after: Counts) -> Movement:
        """Write down what came of a movement; a second call returns what the first one wrote.

        Raises:
            ServiceError: ``journal.unknown_key``.
        """
        movement = self.find(key)
        if movement is None:
            raise ServiceError("journal.unknown_key", retryable=False, key=key)
        if movement.outcome is None:
            row = (
                movement.id,
                state,
                self._clock.now().isoformat(),
                json.dumps(detail, sort_keys=True),
                json.dumps(counts_after.to_json()),
            )
            self._database.execute("INSERT INTO outcome VALUES (?, ?, ?, ?, ?)", row)
            movement = self.find(key)
            assert movement is not None
        return movement

    def tell(self, key: str, about: str = "") -> Movement:
        """Write down that the server has taken the outcome, and of which movement of its own; a second call changes
        nothing.

        Raises:
            ServiceError: ``journal.unknown_key``, also while there is no outcome to tell.
        """
        movement = self.find(key)
        if movement is None or movement.outcome is None:
            raise ServiceError("journal.unknown_key", retryable=False, key=key)
        if not movement.told:
            row = (movement.id, self._clock.now().isoformat(), about)
            self._database.execute("INSERT INTO told (intent, at, about) VALUES (?, ?, ?)", row)
        found = self.find(key)
        assert found is not None
        return found

    def find(self, key: str) -> Movement | None:
        """The movement with this key."""
        rows = self._select("WHERE intent.key = ?", key)
        return rows[0] if rows else None

    def told_of(self, server_movement: str, *, but: str) -> bool:
        """Whether the end of a movement of the server's was told by another line than ``but`` (an id)."""
        query = "SELECT 1 FROM told WHERE about = ? AND intent != ?"
        return self._database.execute(query, (server_movement, but)).fetchone() is not None

    def of_case(self, case_id: str) -> list[Movement]:
        """The movements of one case, oldest first."""
        return self._select("WHERE json_extract(intent.detail, '$.case') = ?", case_id)

    def unsettled(self) -> list[Movement]:
        """Movements that were begun and never settled, oldest first: the first thing to look at after a start."""
        return self._select("WHERE outcome.intent IS NULL")

    def untold(self) -> list[Movement]:
        """Everything of customers that the server does not know the end of, oldest first; unsettled movements among
        them."""
        return self._select("WHERE told.intent IS NULL AND kind != ?", MovementKind.RESET.value)

    def resets(self) -> list[Movement]:
        """Resets that the server does not know the end of, oldest first; unsettled ones among them."""
        return self._select("WHERE told.intent IS NULL AND kind = ?", MovementKind.RESET.value)

    def last_case(self) -> str | None:
        """Whose notes moved last."""
        # In the order of writing: an id tells the time of a clock, which may have been set back.
        query = "SELECT json_extract(detail, '$.case') FROM intent WHERE kind IN (?, ?) ORDER BY rowid DESC LIMIT 1"
        row = self._database.execute(query, (MovementKind.PAYOUT.value, MovementKind.DEPOSIT.value)).fetchone()
        return None if row is None or row[0] is None else str(row[0])

    def all(self) -> list[Movement]:
        """Every movement, oldest first."""
        return self._select("")

    def _select(self, where: str, *values: str) -> list[Movement]:
        query = (
            "SELECT intent.id, key, kind, intent.at, intent.detail, counts_before, state, outcome.at, outcome.detail,"
            " counts_after, told.at FROM intent LEFT JOIN outcome ON outcome.intent = intent.id"
            f" LEFT JOIN told ON told.intent = intent.id {where} ORDER BY intent.rowid"
        )
        return [_movement(row) for row in self._database.execute(query, values)]


def _movement(row: tuple[Any, ...]) -> Movement:
    identifier, key, kind, at, detail, before, state, ended, result, after, told = row
    outcome = None
    if state is not None:
        outcome = Outcome(state, datetime.fromisoformat(ended), json.loads(result), counts_from_json(json.loads(after)))
    return Movement(
        identifier,
        key,
        MovementKind(kind),
        datetime.fromisoformat(at),
        json.loads(detail),
        counts_from_json(json.loads(before)),
        outcome,
        told is not None,
    )
