"""Is this file the voucher that is in the archive? Byte for byte, or it says what is different."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.vouchers.verify import VerificationResult


_NO_VOUCHER = frozenset(
    {"voucher.unsigned", "voucher.not_a_pdf", "voucher.damaged", "voucher.unreadable", "voucher.too_large"}
)


class Likeness(StrEnum):
    """What came out."""

    SAME = "same"
    OTHER = "other"
    ALTERED = "altered"
    NOT_A_VOUCHER = "not_a_voucher"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answer.

    Attributes:
        paper: place of the archived paper it equals or comes nearest to; 0 is the first one.
        at: first byte that differs (1: the first of the file); None when there is nothing to compare.
        bytes_changed: how many differ, where both files are equally long.
        other_code: verification code of the genuine voucher the file is, if it is another one.
    """

    likeness: Likeness
    paper: int = 0
    at: int | None = None
    bytes_changed: int | None = None
    other_code: str | None = None


def compare(
    data: bytes, papers: Sequence[bytes], code: str, verify: "Callable[[bytes], VerificationResult]"
) -> Comparison:
    """Compare a file with the archived papers of the voucher with this code; ``verify`` checks a file's own seal."""
    if data in papers:
        return Comparison(Likeness.SAME, papers.index(data))
    result = verify(data)
    if result.ok and result.code != code:
        return Comparison(Likeness.OTHER, other_code=result.code)
    if not _NO_VOUCHER.isdisjoint(result.findings):
        return Comparison(Likeness.NOT_A_VOUCHER)
    alike = [_alike(data, paper) for paper in papers]
    nearest = max(range(len(papers)), key=lambda place: alike[place])
    paper = papers[nearest]
    changed = sum(a != b for a, b in zip(data, paper, strict=True)) if len(data) == len(paper) else None
    return Comparison(Likeness.ALTERED, nearest, alike[nearest] + 1, changed)


def _alike(one: bytes, other: bytes) -> int:
    """Bytes both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
