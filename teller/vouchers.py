"""The electronic voucher: what it says, its twelve-digit verification code, its canonical form and digest.

A voucher is the proof of one case. It is plain data: drawing it, sealing it and checking a sealed file
are the server's work. Everything personal in it is masked before it gets here, with the masks below.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from common.errors import UserError

CODE_DIGITS = 12
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
MAX_STROKES = 200
MAX_POINTS = 20_000

Point = tuple[int, int]
Stroke = tuple[Point, ...]


class RandomSource(Protocol):
    """Where unpredictable numbers come from; the standard library's ``secrets`` module is one."""

    def randbelow(self, exclusive_upper_bound: int, /) -> int: ...


def check_digit(digits: str) -> str:
    """The check digit of ISO 7064 MOD 11,10: finds every wrong digit and almost every swap of neighbours."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = (total * 2) % 11
    return str((11 - product) % 10)


def verification_code(random: RandomSource) -> str:
    """Twelve digits, eleven random and one check digit, with which anyone can look a voucher up."""
    body = str(random.randbelow(10 ** (CODE_DIGITS - 1))).zfill(CODE_DIGITS - 1)
    return body + check_digit(body)


def is_verification_code(text: str) -> bool:
    """Whether the text is twelve ASCII digits with the right check digit."""
    return len(text) == CODE_DIGITS and text.isascii() and text.isdigit() and check_digit(text[:-1]) == text[-1]


def grouped_code(code: str) -> str:
    """The code as it is printed and read aloud: 4-4-4."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One line of the form: its label in both languages and its value, masked where it is personal."""

    label_zh: str
    label_en: str
    value: str


@dataclass(frozen=True, slots=True)
class VoucherBlock:
    """One transaction's part of a voucher.

    Attributes:
        lines: what was done, personal values masked already.
        amount: as printed, ``CNY 1,000.00``; empty where the transaction moves no money.
    """

    title: Words
    lines: tuple[VoucherLine, ...]
    amount: str = ""


def _point(given: Any) -> Point:
    if isinstance(given, dict):
        return round(given["x"]), round(given["y"])
    return round(given[0]), round(given[1])


@dataclass(frozen=True, slots=True)
class Signature:
    """The customer's handwriting.

    Attributes:
        digest: SHA-256, lower-case hex, of the evidence the strokes were read from.
        width, height: the writing area, in the units of the points.
        strokes: pen-down to pen-up, each a run of (x, y) from the area's top left corner.
    """

    digest: str
    width: int
    height: int
    strokes: tuple[Stroke, ...]

    @classmethod
    def from_evidence(cls, data: bytes) -> "Signature":
        """Read ``{"width": w, "height": h, "strokes": [[point, …], …]}``, as the kiosk sends it.

        A point is ``{"x": x, "y": y, …}`` or ``[x, y, …]``; what else it holds (time, pressure) is let be.

        Raises:
            UserError: ``voucher.bad_signature`` when it is anything else, is empty or has too many points.
        """
        try:
            tree = json.loads(data)
            width, height = round(tree["width"]), round(tree["height"])
            strokes = tuple(tuple(_point(point) for point in stroke) for stroke in tree["strokes"])
        except (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError):
            raise UserError("voucher.bad_signature") from None
        points = sum(len(stroke) for stroke in strokes)
        if width <= 0 or height <= 0 or not 0 < points <= MAX_POINTS or len(strokes) > MAX_STROKES:
            raise UserError("voucher.bad_signature")
        return cls(hashlib.sha256(data).hexdigest(), width, height, tuple(stroke for stroke in strokes if stroke))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence the voucher rests on, by its SHA-256 (lower-case hex)."""

    name_zh: str
    name_en: str
    digest: str


@dataclass(frozen=True, slots=True)
class Voucher:
    """Everything a voucher says.

    Attributes:
        amount_minor: integer minor units of ``currency`` (ISO 4217); 0 where no money moved, then none is printed.
        amount_figures, amount_capitals: the same amount as printed, e.g. ``20,000.00`` and ``贰万元整``.
        customer_name, account: masked already.
        summary_digest: SHA-256 of exactly what the customer was shown and confirmed.
        authoriser_number: None when the business needed no second person.
        specimen: a demo bank's voucher; it carries the watermark that says so.
        blocks: one for each transaction of the case, in the order they were carried out.

    Raises:
        UserError: ``voucher.invalid`` with ``field`` when a value cannot stand on a voucher.
    """

    number: str
    case_number: str
    bank: Words
    branch: Words
    scenario_title: Words
    machine: str
    teller_number: str
    authoriser_number: str | None
    customer_name: str
    account: str
    amount_minor: int
    currency: str
    amount_figures: str
    amount_capitals: str
    lines: tuple[VoucherLine, ...]
    occurred_at: datetime
    code: str
    summary_digest: str
    signature: Signature | None = None
    evidence: tuple[Evidence, ...] = ()
    specimen: bool = True
    blocks: tuple[VoucherBlock, ...] = ()

    def __post_init__(self) -> None:
        checks = {
            "number": bool(self.number.strip()),
            "code": is_verification_code(self.code),
            "currency": _CURRENCY.match(self.currency) is not None,
            "amount_minor": self.amount_minor >= 0,
            "occurred_at": self.occurred_at.tzinfo is not None,
            "summary_digest": _DIGEST.match(self.summary_digest) is not None,
            "evidence": all(_DIGEST.match(piece.digest) for piece in self.evidence),
        }
        for field, holds in checks.items():
            if not holds:
                raise UserError("voucher.invalid", field=field)


def canonical(voucher: Voucher) -> bytes:
    """The one byte form of a voucher: UTF-8 JSON, keys sorted, no blanks; time in UTC; handwriting by digest."""
    tree = asdict(replace(voucher, signature=None))
    tree["occurred_at"] = voucher.occurred_at.astimezone(UTC).isoformat(timespec="microseconds")
    tree["signature"] = None if voucher.signature is None else voucher.signature.digest
    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(voucher: Voucher) -> str:
    """SHA-256 over the canonical form, lower-case hex; it stands inside the sealed file."""
    return hashlib.sha256(canonical(voucher)).hexdigest()


def _mask(text: str, head: int, tail: int) -> str:
    """Stars for all but the ends; a text too short to hide anything that way is hidden whole."""
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_account(number: str) -> str:
    """``6222021234561234`` → ``6222 **** **** 1234``."""
    masked = _mask("".join(number.split()), 4, 4)
    return " ".join(masked[start : start + 4] for start in range(0, len(masked), 4))


def mask_id_number(number: str) -> str:
    """Region's first three and the last four stay: ``110***********1234``; the birth date never shows."""
    return _mask(number.strip(), 3, 4)


def mask_phone(number: str) -> str:
    """``13812345678`` → ``138****5678``."""
    return _mask(number.strip(), 3, 4)


def mask_name(name: str) -> str:
    """``张三`` → ``张*``, ``欧阳小明`` → ``欧**明``, ``Ann Lee`` → ``A** L**``."""

    def part(word: str) -> str:
        if word.isascii():
            return word[:1] + "*" * (len(word) - 1)
        return word[:1] + "*" * max(len(word) - 2, len(word) == 2) + (word[-1] if len(word) > 2 else "")

    return " ".join(part(word) for word in name.split())


def mask_amount(figures: str) -> str:
    """The first digit and the length stay: ``20,000.00`` → ``2*,***.**``."""
    digits = iter(figures)
    return next(digits, "") + "".join("*" if each.isdigit() else each for each in digits)


def short_digest(value: str, groups: int = 4) -> str:
    """The beginning of a digest in groups of four, for people to compare."""
    return " ".join(value[start : start + 4] for start in range(0, 4 * groups, 4))
