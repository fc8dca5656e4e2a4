"""How long pictures and templates are kept, as dated rows with their basis. Templates are not kept at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from common.wire.cases import EvidenceKind

_K = EvidenceKind


@dataclass(frozen=True, slots=True)
class Keep:
    """Kinds of evidence and for how long after the visit has ended they are kept."""

    code: str
    kinds: tuple[EvidenceKind, ...]
    time: timedelta
    basis: str
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


_PAPERS = (
    _K.ID_FRONT, _K.ID_BACK, _K.PARTY_FRONT, _K.HOUSEHOLD_PAGE, _K.LICENCE, _K.PORTRAIT, _K.CHIP_PORTRAIT,
)  # fmt: skip
_SINCE = date(2020, 1, 1)
KEEPS: Sequence[Keep] = (
    Keep(
        "P-101", (_K.LIVE_FRAME, _K.FACE_CHECK), timedelta(days=90), "个人信息保护法 第十九条（本行规定 90 天）", _SINCE
    ),
    Keep(
        "P-106",
        (_K.FACE_ALARM,),
        timedelta(days=180),
        "个人信息保护法 第十三条第一款第三项、第四十七条第二款：履行法定安全与反洗钱义务的安全记录，撤回同意后只作存储"
        "（本行规定 180 天）",
        _SINCE,
    ),
    Keep("P-102", (_K.AUTHORITY_PORTRAIT,), timedelta(days=30), "联网核查照片仅用于当次核对（本行规定 30 天）", _SINCE),
    Keep(
        "P-103",
        _PAPERS,
        timedelta(days=3653),
        "反洗钱法 第三十四条：客户身份资料保存十年",
        _SINCE,
    ),
)


KEPT_FACE = timedelta(days=730)
"""A portrait kept for the next visit (P-104): two years at most, less as soon as the customer says so.
个人信息保护法 第十九条（本行规定 730 天）."""

UNNAMED = timedelta(days=1)
"""What lies in the vault and is named by no case, consent or voucher (P-105): a picture whose command was refused, or
bytes that a stop left behind. A day, so that no command under way loses what it has just stored."""


def keeps_on(day: date) -> tuple[Keep, ...]:
    """The rows that hold on a day."""
    return tuple(keep for keep in KEEPS if keep.holds_on(day))
