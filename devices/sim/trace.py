"""A record of every message on the wire: the last ones in memory for the engineer, all of them in a file when asked."""

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from common.clock import Clock, SystemClock
from devices.hands.shortening import LONGEST, Cut, shortened

KEPT = 2000
MOST_CHARACTERS = 16 * 1024 * 1024
"""Of all messages in memory together; older ones go first. 2,000 of the longest ordinary ones are fewer."""


@dataclass(frozen=True, slots=True)
class _Kept:
    number: int
    at: datetime
    connection: str
    direction: str
    text: str
    cut: Cut


class Trace:
    """Lines ``{"conn", "dir", "msg", "at"}``; ``dir`` is ``>`` to the service, ``<`` from it; ``at``: when, UTC, ISO
    8601; ``cut``: see `shortening`.

    A PIN, a key or a digit of one is in no message, so it is in no trace.
    """

    def __init__(self, file: Path | None = None, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._stream: TextIO | None = None
        self._kept: deque[_Kept] = deque()
        self._characters = 0
        self._count = 0
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._stream = file.open("a", encoding="utf-8")

    def record(self, connection: str, direction: str, text: str) -> None:
        """Keep one message; what is no JSON is kept as text under ``raw_text``."""
        self._count += 1
        at = self._clock.now()
        self._keep(_Kept(self._count, at, connection, direction, *shortened(text)))
        if self._stream is not None:
            self._stream.write(json.dumps(_line(at, connection, direction, text), ensure_ascii=False) + "\n")
            self._stream.flush()

    def _keep(self, one: _Kept) -> None:
        self._kept.append(one)
        self._characters += len(one.text)
        while len(self._kept) > KEPT or self._characters > MOST_CHARACTERS:
            self._characters -= len(self._kept.popleft().text)

    def since(self, number: int, most: int = KEPT, characters: int = MOST_CHARACTERS) -> Sequence[dict[str, Any]]:
        """The first messages after the one with this number that are still kept, each with its ``number``.

        Args:
            characters: of all of them together; the first one comes in any case.
        """
        found: list[dict[str, Any]] = []
        for one in self._kept:
            if one.number <= number:
                continue
            characters -= len(one.text)
            if found and (len(found) >= most or characters < 0):
                break
            cut = {"cut": dict(one.cut)} if one.cut else {}
            found.append({"number": one.number, **_line(one.at, one.connection, one.direction, one.text), **cut})
        return found

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def _line(at: datetime, connection: str, direction: str, text: str) -> dict[str, Any]:
    line: dict[str, Any] = {"conn": connection, "dir": direction}
    try:
        line["msg"] = json.loads(text)
    except (ValueError, RecursionError):
        line["raw_text"] = text[:LONGEST]
    line["at"] = at.isoformat(timespec="milliseconds")
    return line
