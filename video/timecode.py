"""A time code in the picture: when it was drawn, readable after a lossy codec.

A strip along the bottom edge, two rows of 24 black or white cells: 32 bits of time in tenths of a
millisecond, then CRC-16/CCITT-FALSE over them. The clock is the machine's monotonic one, which all
processes of one Linux machine share; the value wraps after 119 hours and is read relative to now.
The cells are blocks of at least 8 rows with the middle of each averaged, which VP8 at its coarsest
quantiser keeps; a strip that was damaged all the same fails the CRC and reads as nothing.
"""

import binascii
from itertools import pairwise

import numpy as np

from video.frames import Pixels

_COLUMNS = 24
_ROWS = 2
_DARK, _BRIGHT = 32, 224
_UNIT_NS = 100_000
_WRAP = 1 << 32
_SURE = 24
"""A cell whose mean lies nearer than this to the middle grey is neither black nor white."""


def strip_height(height: int) -> int:
    """Rows that the code takes at the bottom of a picture of this height: even, at least 16."""
    return 2 * _row_height(height)


def _row_height(height: int) -> int:
    return max(8, height // 45 // 2 * 2)


def _bits(units: int) -> list[int]:
    payload = units.to_bytes(4, "big")
    word = payload + binascii.crc_hqx(payload, 0xFFFF).to_bytes(2, "big")
    return [(byte >> shift) & 1 for byte in word for shift in range(7, -1, -1)]


def draw(y: Pixels, monotonic_ns: int) -> None:
    """Write the code for a moment into the brightness plane, shape (height, width), width at least 192."""
    height, width = y.shape
    row = _row_height(height)
    cells = np.where(np.array(_bits(monotonic_ns // _UNIT_NS % _WRAP)), _BRIGHT, _DARK).astype(np.uint8)
    columns = np.arange(width) * _COLUMNS // width
    for index in range(_ROWS):
        top = height - (_ROWS - index) * row
        y[top : top + row] = cells[index * _COLUMNS :][columns]


def read(y: Pixels, now_ns: int) -> int | None:
    """The moment drawn into this plane in monotonic nanoseconds (to 0.1 ms), or None where there is no code.

    Args:
        y: brightness plane, shape (height, width), in the size it was drawn in.
        now_ns: any moment within 59 hours of the one drawn; settles the wrap.
    """
    height, width = y.shape
    if width < 8 * _COLUMNS or height < 32:
        return None
    row = _row_height(height)
    strip = y[height - _ROWS * row :].reshape(_ROWS, row, width)[:, row // 4 : row - row // 4]
    edges = [-(-column * width // _COLUMNS) for column in range(_COLUMNS + 1)]
    means = np.empty((_ROWS, _COLUMNS))
    for column, (left, right) in enumerate(pairwise(edges)):
        inset = (right - left) // 4
        means[:, column] = strip[:, :, left + inset : right - inset].mean(axis=(1, 2))
    if np.any(np.abs(means - 128) < _SURE):
        return None
    word = np.packbits(means.ravel() > 128).tobytes()
    if binascii.crc_hqx(word[:4], 0xFFFF) != int.from_bytes(word[4:], "big"):
        return None
    return _unwrap(int.from_bytes(word[:4], "big"), now_ns // _UNIT_NS) * _UNIT_NS


def _unwrap(units: int, near: int) -> int:
    difference = (units - near + _WRAP // 2) % _WRAP - _WRAP // 2
    return near + difference
