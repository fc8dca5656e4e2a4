"""How large a JPEG is when it is unpacked, told by its head alone (ITU-T T.81, annex B)."""

_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a frame's head, which holds height and width; the three others define tables."""
_SCAN = 0xDA
_ALONE = frozenset({0x00, 0x01, 0xFF, *range(0xD0, 0xD9)})
"""What stands without a length: stuffing, padding, marks of restart and begin."""
MOST = 500
"""Markers before the picture itself; cameras write thirty."""


def larger_than(data: bytes, most: int) -> bool:
    """Whether it has more pixels than that, or a head that does not come to an end.

    Without the head of a frame it is not: no decoder unpacks that.
    """
    at = 2
    for _ in range(MOST):
        at = data.find(b"\xff", at)
        if at < 0 or at + 4 > len(data) or data[at + 1] == _SCAN:
            return False
        marker = data[at + 1]
        if marker in _SIZES:
            height, width = int.from_bytes(data[at + 5 : at + 7]), int.from_bytes(data[at + 7 : at + 9])
            if height * width > most:
                return True
        if marker in _ALONE:
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return True
