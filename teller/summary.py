"""What the customer confirms, in plain words, and its digest: same digest, same words.

The lines are exactly what the kiosk shows, the customer signs and the voucher quotes. The case number is one of
them, so that no two cases share a digest.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from teller.capitals import capitals
from teller.denominations import NoteBundle
from teller.money import Money, shown
from teller.vouchers import Words, mask_account, mask_name


@dataclass(frozen=True, slots=True)
class Line:
    """The label by code, the value as it is shown; ``value_en`` where English words differ."""

    code: str
    value: str
    value_en: str | None = None
    emphasis: bool = False
    label: Words | None = None
    """Of a line whose label no table of texts has: a transaction's title."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Lines in order, the amount, and the digest over the lines."""

    lines: tuple[Line, ...]
    amount: Money
    amount_words: str
    digest: str

    @property
    def intact(self) -> bool:
        """Whether the lines are still those the digest was made of: one changed character and they are not."""
        return digest(self.lines) == self.digest


def canonical(lines: Sequence[Line]) -> bytes:
    """UTF-8 JSON array of [code, value, value_en, emphasis], then the label's two texts where it has one; no blanks."""
    tree = [
        [line.code, line.value, line.value_en, line.emphasis, *((line.label.zh, line.label.en) if line.label else ())]
        for line in lines
    ]
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()


def digest(lines: Sequence[Line]) -> str:
    """SHA-256 of the canonical form, lower-case hex."""
    return hashlib.sha256(canonical(lines)).hexdigest()


def _notes(notes: NoteBundle) -> tuple[str, str]:
    pairs = notes.counts.items()
    zh = "，".join(f"{face} 元 × {count} 张" for face, count in pairs)
    return zh, ", ".join(f"{count} × {face} {notes.currency}" for face, count in pairs)


_WAYS = {"in": Words("存入券别", "Notes put in"), "out": Words("支取券别", "Notes to take")}


def notes_line(notes: NoteBundle, way: str) -> Line:
    """Notes that move one way (``in``, ``out``) in a case in which others move the other way."""
    zh, en = _notes(notes)
    return Line(f"summary.notes_{way}", zh, en, label=_WAYS[way])


def compose(
    title: Words, number: str, holder: str, account: str, amount: Money, notes: NoteBundle, place: str
) -> Summary:
    """The summary of a cash case. ``holder`` and ``account`` come in full and are masked here."""
    mix_zh, mix_en = _notes(notes)
    words = capitals(amount)
    lines = (
        Line("summary.business", title.zh, title.en),
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


def compose_business(
    title: Words, number: str, name: str, account: str, amount: Money, said: Sequence[Line], agreed: Sequence[Words],
    place: str,
) -> Summary:  # fmt: skip
    """The summary of a case of any transactions: a line for each in plain words, then what is agreed to.

    Args:
        said: one line a transaction, its title as the label. ``name`` and ``account`` come in full, are masked here.
    """
    lines = [Line("summary.business", title.zh, title.en), Line("summary.holder", mask_name(name)), *said]
    if account:
        lines.append(Line("summary.account", mask_account(account)))
    lines += [
        Line(f"summary.agreement.{at}", text.zh, text.en, label=Words("同意", "Agreed"))
        for at, text in enumerate(agreed, start=1)
    ]
    lines += [Line("summary.place", place), Line("summary.case", number)]
    words = capitals(amount) if amount else ""
    return Summary(tuple(lines), amount, words, digest(lines))
