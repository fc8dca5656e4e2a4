"""Frames between a terminal and the security module of an ID card reader, as they travel in ``CardReader.ChipIO``.

To the module: AA AA AA 96 69 | length (2) | command | parameter | data | XOR of what follows the preamble. From it the
same with three status bytes in place of command and parameter.
"""

from functools import reduce

from common.errors import UserError

PREAMBLE = bytes.fromhex("aaaaaa9669")
FIND, SELECT, READ_BASE = b"\x20\x01", b"\x20\x02", b"\x30\x01"
FOUND, DONE = b"\x00\x00\x9f", b"\x00\x00\x90"
UNSEALED, NOTHING, WRONG = b"\x00\x00\x91", b"\x00\x00\x80", b"\x00\x00\x21"
"""Read although the seal does not hold (simulated readers only; a real module keeps silent); no card; bad command."""


def frame(head: bytes, data: bytes = b"") -> bytes:
    """A frame around command and parameter, or status, and data."""
    body = (len(head) + len(data) + 1).to_bytes(2, "big") + head + data
    return PREAMBLE + body + bytes([reduce(lambda one, other: one ^ other, body)])


def unframe(packet: bytes, head: int) -> tuple[bytes, bytes]:
    """Head (so many bytes) and data.

    Raises:
        UserError: ``chip.unreadable`` when it is no such frame.
    """
    body, check = packet[len(PREAMBLE) : -1], packet[-1:]
    if not packet.startswith(PREAMBLE) or len(body) < 2 + head:
        raise UserError("chip.unreadable")
    if int.from_bytes(body[:2], "big") != len(body) - 1 or check != bytes([reduce(lambda a, b: a ^ b, body)]):
        raise UserError("chip.unreadable")
    return body[2 : 2 + head], body[2 + head :]
