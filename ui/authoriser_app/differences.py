"""Which characters differ between two writings of the same fact."""

from difflib import SequenceMatcher

Marks = tuple[tuple[int, int], ...]


def marks(one: str, other: str) -> tuple[Marks, Marks]:
    """Ranges (from, to) of ``one`` and of ``other`` that the other side does not have.

    Where characters are only missing on one side, the neighbour on the other side is not marked: what is there is
    the same. Texts that hardly agree are marked as a whole, for scattered single marks would not be readable.
    """
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < 0.3:
        return _whole(one), _whole(other)
    left, right = [], []
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            continue
        if b > a:
            left.append((a, b))
        if d > c:
            right.append((c, d))
    return _joined(left), _joined(right)


def merged(*many: Marks) -> Marks:
    """Several sets of ranges as one, without overlaps, in order."""
    return _joined(sorted(mark for one in many for mark in one))


def _whole(text: str) -> Marks:
    return ((0, len(text)),) if text else ()


def _joined(ranges: list[tuple[int, int]]) -> Marks:
    done: list[tuple[int, int]] = []
    for start, end in ranges:
        if done and start <= done[-1][1] + 1:
            done[-1] = done[-1][0], max(end, done[-1][1])
        else:
            done.append((start, end))
    return tuple(done)
