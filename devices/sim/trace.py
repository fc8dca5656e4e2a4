"""A record of every message on the wire: the last ones in memory for the engineer, all of them in a file when asked."""

import json
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

KEPT = 2000
LONGEST = 4000
"""Characters of a message that are kept in memory; pictures are longer."""


class Trace:
    """Lines ``{"conn", "dir", "msg"}``; ``dir`` is ``>`` to the service, ``<`` from it.

    A PIN, a key or a digit of one is in no message, so it is in no trace.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._stream: TextIO | None = None
        self._kept: deque[tuple[int, str, str, str]] = deque(maxlen=KEPT)
        self._count = 0
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._stream = file.open("a", encoding="utf-8")

    def record(self, connection: str, direction: str, text: str) -> None:
        """Keep one message; what is no JSON is kept as text under ``raw_text``."""
        self._count += 1
        self._kept.append((self._count, connection, direction, text[:LONGEST]))
        if self._stream is not None:
            self._stream.write(json.dumps(_line(connection, direction, text), ensure_ascii=False) + "\n")
            self._stream.flush()

    def since(self, number: int, most: int = KEPT) -> Sequence[dict[str, Any]]:
        """The first messages after the one with this number that are still kept, each with its ``number``."""
        found = [entry for entry in self._kept if entry[0] > number][:most]
        return [{"number": entry[0], **_line(*entry[1:])} for entry in found]

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def _line(connection: str, direction: str, text: str) -> dict[str, Any]:
    line: dict[str, Any] = {"conn": connection, "dir": direction}
    try:
        line["msg"] = json.loads(text)
    except (ValueError, RecursionError):
        line["raw_text"] = text[:2000]
    return line
