"""What ``guitai ocr read`` and ``guitai face match`` do; ``guitai.py`` prints the result and ends the process."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from common import paths
from common.clock import SystemClock
from common.errors import UserError
from common.settings import Settings
from ocr.api import DocumentReading, FaceMatch
from ocr.client import VisionClient

NOTHING_READ = 3
"""Exit status of a call that ran but could read nothing."""


def read_images(paths: Sequence[Path], settings: Settings) -> list[dict[str, Any]]:
    """Read documents, one object a picture, in the order given; all share one worker.

    Raises:
        UserError: ``file.missing`` or its kin (``file``) before anything is read.
        ServiceError: the worker cannot start, or died twice on one picture.
    """
    pictures = [_bytes(path) for path in paths]

    async def run() -> list[DocumentReading]:
        async with _client(settings) as client:
            return [
                (await client.read_document(data)).named(str(path)) for path, data in zip(paths, pictures, strict=True)
            ]

    return [reading.as_json() for reading in asyncio.run(run())]


def match(a: Path, b: Path, settings: Settings) -> dict[str, Any]:
    """Compare the faces of two pictures.

    Raises:
        UserError: ``file.missing`` or its kin (``file``).
        ServiceError: the worker cannot start, or died twice.
    """
    first, second = _bytes(a), _bytes(b)

    async def run() -> FaceMatch:
        async with _client(settings) as client:
            return await client.match_faces(first, second)

    return asyncio.run(run()).as_json()


def match_as_json(answer: dict[str, Any]) -> dict[str, Any]:
    """What a program is told of a comparison. Why there is no score stands in ``faces``: the faces in each picture;
    the sentence about it is for people (:func:`ocr.words.match_in_words`)."""
    return {name: answer[name] for name in ("same", "score", "distance", "threshold", "faces")}


def reading_status(readings: Sequence[dict[str, Any]]) -> int:
    """Exit status of a reading: 0, or 3 when not one picture gave a field."""
    return 0 if any(reading["fields"] for reading in readings) else NOTHING_READ


def match_status(answer: dict[str, Any]) -> int:
    """Exit status of a comparison: 0, or 3 when there was not a face in each picture."""
    return 0 if all(answer["faces"]) else NOTHING_READ


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(paths.why(error), file=str(path)) from error


class _client:
    """A started client that is closed at the end of the block."""

    def __init__(self, settings: Settings) -> None:
        self._client = VisionClient(settings, SystemClock())

    async def __aenter__(self) -> VisionClient:
        await self._client.start()
        return self._client

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
