"""How client and worker talk: length-prefixed frames over the child's standard input and output.

A frame is a big-endian 32-bit count of parts, a 32-bit length for each, then the parts. The first part is a JSON
object, the others are pictures. Not pickle: the worker is where pictures from outside are decoded, and what it
answers must not be able to run anything in a window's process.
"""

import asyncio
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from ocr.api import DocumentReading, FaceLook, FaceMatch, Guidance

_WORD = struct.Struct(">I")
MAX_PART = 160 * 1024 * 1024
MAX_PARTS = 8

_READING = TypeAdapter(DocumentReading)
_MATCH = TypeAdapter(FaceMatch)
_LOOK = TypeAdapter(FaceLook)
_GUIDANCE = TypeAdapter(Guidance)


class BrokenFrame(Exception):
    """What came is not a frame: the other side is not ours, or died while writing."""


@dataclass(frozen=True)
class Message:
    """A JSON object and the pictures that belong to it."""

    head: dict[str, Any]
    blobs: tuple[bytes, ...] = ()


def pack(message: Message) -> list[bytes]:
    """The pieces of a frame, to be written one after another."""
    parts = [json.dumps(message.head, ensure_ascii=False).encode(), *message.blobs]
    if len(parts) > MAX_PARTS or any(len(part) > MAX_PART for part in parts):
        raise BrokenFrame("too large")
    return [_WORD.pack(len(parts)), *(_WORD.pack(len(part)) for part in parts), *parts]


def write(stream: BinaryIO, message: Message) -> None:
    """Write a frame and flush it."""
    for piece in pack(message):
        stream.write(piece)
    stream.flush()


def read(stream: BinaryIO) -> Message | None:
    """The next frame; None at a clean end of the stream."""
    first = stream.read(_WORD.size)
    if not first:
        return None
    if len(first) < _WORD.size:
        raise BrokenFrame("ended early")
    count = _count(first)
    sizes = [_size(_exactly(stream, _WORD.size)) for _ in range(count)]
    return _message([_exactly(stream, size) for size in sizes])


async def read_async(stream: asyncio.StreamReader) -> Message | None:
    """The same in an event loop."""
    try:
        first = await stream.readexactly(_WORD.size)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise BrokenFrame("ended early") from error
        return None
    try:
        sizes = [_size(await stream.readexactly(_WORD.size)) for _ in range(_count(first))]
        return _message([await stream.readexactly(size) for size in sizes])
    except asyncio.IncompleteReadError as error:
        raise BrokenFrame("ended early") from error


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise BrokenFrame("ended early")
    return data


def _count(word: bytes) -> int:
    count = int(_WORD.unpack(word)[0])
    if not 1 <= count <= MAX_PARTS:
        raise BrokenFrame("not a frame")
    return count


def _size(word: bytes) -> int:
    size = int(_WORD.unpack(word)[0])
    if size > MAX_PART:
        raise BrokenFrame("too large")
    return size


def _message(parts: Sequence[bytes]) -> Message:
    try:
        head = json.loads(parts[0])
    except ValueError as error:
        raise BrokenFrame("no JSON") from error
    if not isinstance(head, dict):
        raise BrokenFrame("no object")
    return Message(head, tuple(parts[1:]))


def dump_reading(reading: DocumentReading) -> Any:
    """As plain JSON values; pictures in base 64."""
    return _READING.dump_python(reading, mode="json")


def load_reading(value: Any) -> DocumentReading:
    """The other way, checked.

    Raises:
        pydantic.ValidationError: it is not a reading.
    """
    return _READING.validate_json(json.dumps(value))


def dump_match(match: FaceMatch) -> Any:
    """As plain JSON values."""
    return _MATCH.dump_python(match, mode="json")


def load_match(value: Any) -> FaceMatch:
    """The other way, checked.

    Raises:
        pydantic.ValidationError: it is not a match.
    """
    return _MATCH.validate_json(json.dumps(value))


def dump_look(look: FaceLook) -> Any:
    """As plain JSON values; the thumbnail in base 64."""
    return _LOOK.dump_python(look, mode="json")


def load_look(value: Any) -> FaceLook:
    """The other way, checked.

    Raises:
        pydantic.ValidationError: it is not a look.
    """
    return _LOOK.validate_json(json.dumps(value))


def dump_guidance(guidance: Guidance) -> Any:
    """As plain JSON values; the preview in base 64."""
    return _GUIDANCE.dump_python(guidance, mode="json")


def load_guidance(value: Any) -> Guidance:
    """The other way, checked.

    Raises:
        pydantic.ValidationError: it is not a guidance.
    """
    return _GUIDANCE.validate_json(json.dumps(value))
