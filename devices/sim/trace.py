"""A record of every message on the wire, for conformance tests and for the engineer. Off unless asked for."""

import json
from pathlib import Path
from typing import TextIO


class Trace:
    """Writes JSON lines ``{"conn", "dir", "msg"}``; ``dir`` is ``>`` to the service, ``<`` from it."""

    def __init__(self, file: Path | None = None) -> None:
        self._stream: TextIO | None = None
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._stream = file.open("a", encoding="utf-8")

    def record(self, connection: str, direction: str, text: str) -> None:
        """Write one message; what is no JSON is kept as text under ``raw_text``."""
        if self._stream is None:
            return
        line: dict[str, object] = {"conn": connection, "dir": direction}
        try:
            line["msg"] = json.loads(text)
        except (ValueError, RecursionError):
            line["raw_text"] = text[:2000]
        self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
