"""A worker that speaks the real wire and behaves as told, so that trouble can be had in a second.

``python -m tests.ocr.fake_worker SCRIPT``: a file of one line for each life, of words: ``unready`` (ends before it
is ready), ``missing`` (says that models are missing), then for each job ``ok``, ``die``, ``hang``, ``fail``; a life
takes its line away.
"""

import sys
import time
from pathlib import Path
from typing import Any

from ocr import wire
from ocr.api import DocumentReading
from ocr.wire import Message


def take_life(script: Path) -> list[str]:
    """The words of this life; when the script is used up, all is well."""
    lives = script.read_text(encoding="utf-8").splitlines()
    script.write_text("\n".join(lives[1:]), encoding="utf-8")
    return lives[0].split() if lives else []


def main() -> int:
    """Play one life."""
    words = take_life(Path(sys.argv[1]))
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    if words[:1] == ["unready"]:
        return 1
    if words[:1] == ["missing"]:
        wire.write(outgoing, Message({"failed": "ocr.models_missing"}))
        return 1
    wire.write(outgoing, Message({"ready": True, "memory": {"now": 1, "peak": 2}}))
    for word in [*words, *["ok"] * 1000]:
        message = wire.read(incoming)
        if message is None:
            return 0
        if word == "die":
            return 9
        while word == "hang":
            time.sleep(60)
        answer: dict[str, Any] = {"id": message.head["id"], "memory": {"now": 3, "peak": 4}}
        reading = DocumentReading(None, None, {}, rectified=message.blobs[0])
        answer |= {"error": {"code": "ocr.failed"}} if word == "fail" else {"result": wire.dump_reading(reading)}
        wire.write(outgoing, Message(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
