"""What a liveness check asks for, drawn at random; and the film of it, as a kiosk sends it to the server.

A film is a sequence of pictures from the kiosk's own camera, each with the moment it was taken, by the kiosk's
monotonic clock, and the sentence that stood on the customer's screen then: ``GTF1``, then for each picture the moment
in milliseconds (32 bits), the length of the sentence's code (8) and of the picture (32), the code, the picture.
All numbers are big-endian.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.errors import UserError
from common.wire.liveness import Gesture

SOLID = (Gesture.TURN_LEFT, Gesture.TURN_RIGHT, Gesture.NOD)
"""A flat picture cannot do these, however it is moved."""
SOFT = (Gesture.BLINK, Gesture.MOUTH)
FEWEST, MOST = 2, 5
"""How many gestures a check may ask for."""
MOST_FRAMES = 200
"""Of a film: 40 seconds at five a second; whoever takes longer for four gestures is asked again."""
MOST_BYTES = 12 * 1024 * 1024
"""Of a film."""

_MAGIC = b"GTF1"
_HEAD = struct.Struct(">IBI")


def drawn(below: Callable[[int], int], count: int) -> tuple[Gesture, ...]:
    """Different gestures in random order, at least one solid and one soft.

    Args:
        below: gives a random whole number from 0 up to, but without, the one it is given.
        count: 2 to 5.
    """
    if not FEWEST <= count <= MOST:
        raise ValueError(f"{count} gestures")
    while True:
        left, chosen = list(Gesture), []
        for _ in range(count):
            chosen.append(left.pop(below(len(left))))
        if set(chosen) & set(SOLID) and set(chosen) & set(SOFT):
            return tuple(chosen)


@dataclass(frozen=True)
class FilmFrame:
    """A picture of a film. ``shown``: code of the sentence on the screen, empty for none; ``picture``: a JPEG."""

    at_ms: int
    shown: str
    picture: bytes


def pack(frames: Sequence[FilmFrame]) -> bytes:
    """A film as bytes."""
    parts = [_MAGIC]
    for frame in frames:
        shown = frame.shown.encode("ascii")
        parts += [_HEAD.pack(frame.at_ms, len(shown), len(frame.picture)), shown, frame.picture]
    return b"".join(parts)


def unpack(data: bytes) -> tuple[FilmFrame, ...]:
    """The pictures of a film, in the order in which they were taken.

    Raises:
        UserError: ``film.too_large``; ``film.unreadable`` for what is no film, is cut off, or has moments that do not
            rise.
    """
    if len(data) > MOST_BYTES:
        raise UserError("film.too_large", limit=MOST_BYTES)
    if data[: len(_MAGIC)] != _MAGIC:
        raise UserError("film.unreadable")
    frames: list[FilmFrame] = []
    at = len(_MAGIC)
    while at < len(data):
        frame, at = _frame(data, at)
        if len(frames) == MOST_FRAMES or (frames and frame.at_ms <= frames[-1].at_ms):
            raise UserError("film.unreadable")
        frames.append(frame)
    return tuple(frames)


def _frame(data: bytes, at: int) -> tuple[FilmFrame, int]:
    if len(data) < at + _HEAD.size:
        raise UserError("film.unreadable")
    at_ms, words, size = _HEAD.unpack_from(data, at)
    begin = at + _HEAD.size
    middle, end = begin + words, begin + words + size
    shown = data[begin:middle]
    if end > len(data) or not size or not shown.isascii():
        raise UserError("film.unreadable")
    return FilmFrame(at_ms, shown.decode("ascii"), data[middle:end]), end
