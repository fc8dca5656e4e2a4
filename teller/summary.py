"""What the customer confirms, in plain words, and its digest: same digest, same words.

The lines are exactly what the kiosk shows, the customer signs and the voucher quotes. The case number is one of
them, so that no two cases share a digest.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from common.wire.cases import Scenario
from teller.capitals import capitals
from teller.denominations import NoteBundle
from teller.money import Money, shown
from teller.vouchers import mask_account, mask_name


@dataclass(frozen=True, slots=True)
class Line:
    """The label by code, the value as it is shown; ``value_en`` where English words differ."""

    code: str
    value: str
    value_en: str | None = None
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """Lines in order, the amount, and the digest over the lines."""

    lines: tuple[Line, ...]
    amount: Money
    amount_words: str
    digest: str


_BUSINESS = {
    Scenario.WITHDRAWAL: ("现金取款", "Cash withdrawal"),
    Scenario.DEPOSIT: ("现金存款", "Cash deposit"),
}


def canonical(lines: Sequence[Line]) -> bytes:
    """UTF-8 JSON array of [code, value, value_en, emphasis], no blanks."""
    tree = [[line.code, line.value, line.value_en, line.emphasis] for line in lines]
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def digest(lines: Sequence[Line]) -> str:
    """SHA-256 of the canonical form, lower-case hex."""
    return hashlib.sha256(canonical(lines)).hexdigest()


def _notes(notes: NoteBundle) -> tuple[str, str]:
    pairs = notes.counts.items()
    zh = "，".join(f"{face} 元 × {count} 张" for face, count in pairs)
    return zh, ", ".join(f"{count} × {face} {notes.currency}" for face, count in pairs)


def compose(
    scenario: Scenario, number: str, holder: str, account: str, amount: Money, notes: NoteBundle, place: str
) -> Summary:
    """The summary of a cash case. ``holder`` and ``account`` come in full and are masked here."""
    zh, en = _BUSINESS[scenario]
    mix_zh, mix_en = _notes(notes)
    words = capitals(amount)
    lines = (
        Line("summary.business", zh, en),
        Line("summary.amount", shown(amount), emphasis=True),
        Line("summary.amount_words", words, f"{shown(amount)} ({words})"),
        Line("summary.notes", mix_zh, mix_en),
        Line("summary.holder", mask_name(holder)),
        Line("summary.account", mask_account(account)),
        Line("summary.fee", shown(Money.zero(amount.currency))),
        Line("summary.place", place),
        Line("summary.case", number),
    )
    return Summary(lines, amount, words, digest(lines))
