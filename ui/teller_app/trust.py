"""Chip, authorities and sources in words: what the trust panel shows. No Qt."""

from dataclasses import dataclass
from datetime import datetime

from common.wire.cases import CaseView
from common.wire.identity import ComparisonRow, Outcome
from ui.kit.texts.words import T, Words, t
from ui.teller_app.local import Local

COLUMNS = ("form", "chip", "ocr", "record", "authority")
"""Sources, in the order in which they stand side by side."""


@dataclass(frozen=True)
class Said:
    """One line of the panel: words, tone of the tag, icon."""

    words: T
    tone: str
    icon: str | None
    detail: T | None = None


def age(at: datetime, now: datetime | None) -> T:
    """How long ago, in the largest whole unit."""
    seconds = int((now - at).total_seconds()) if now is not None else 0
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= length:
            return t(f"teller.age_{unit}", n=seconds // length)
    return t("teller.age_now")


def chip_said(case: CaseView) -> Said:
    """The reader's own check of the chip, said as what it is."""
    chip = case.identity.chip
    if chip is None:
        return Said(t("teller.chip_none"), "", None)
    tones = {"good": ("ok", "check"), "bad": ("bad", "stop"), "simulated": ("accent", "info")}
    return Said(t(f"teller.chip_{chip.signature}"), *tones[chip.signature])


_TONES: dict[Outcome, tuple[str, str]] = {
    Outcome.MATCH: ("ok", "shield"),
    Outcome.MISMATCH: ("bad", "stop"),
    Outcome.NOT_FOUND: ("bad", "stop"),
    Outcome.CONTRADICTION: ("bad", "neq"),
    Outcome.UNAVAILABLE: ("warn", "wifi-off"),
}


def verification_said(case: CaseView, local: Local) -> Said:
    """What the authorities said, from whom, how old."""
    known = case.identity.verification
    if local.verify.running:
        return Said(t("teller.verify_running"), "accent", "clock")
    if known is None:
        code = "teller.verify_off" if local.verify.code == "verification.not_set_up" else "teller.verify_none"
        return Said(t(code), "", None)
    if not known.current:
        return Said(t("teller.verify_stale"), "warn", "refresh")
    tone, icon = _TONES[known.outcome]
    detail = None
    if known.source is not None:
        code = "teller.verify_kept" if known.reused else "teller.verify_from"
        what = t(f"teller.elements_{known.elements.value}")
        detail = t(code, source=known.source, age=age(known.at, local.now), what=what)
    return Said(t(f"teller.verify_{known.outcome.value}"), tone, icon, detail)


def differing(case: CaseView) -> list[ComparisonRow]:
    """Fields on which the sources do not agree."""
    return [row for row in case.identity.sources if row.differs and _compared(row)]


def _compared(row: ComparisonRow) -> bool:
    return bool(row.form) or row.chip is not None


def _told(row: ComparisonRow) -> int:
    """How many sources say something of this fact."""
    return sum(bool(getattr(row, column)) for column in COLUMNS)


def cell(row: ComparisonRow, column: str) -> Words:
    """What one source says; a dash where it does not have the fact."""
    said: str | None = getattr(row, column)
    if column == "authority" and said is not None:
        return t(f"teller.authority_{said}")
    return said or "–"


def contradicts(row: ComparisonRow, column: str) -> bool:
    """Whether this source says something else than the form."""
    said: str | None = getattr(row, column)
    if column == "authority":
        return said == "mismatch"
    return said is not None and "".join(said.split()).upper() != "".join(row.form.split()).upper()


def sources_said(case: CaseView) -> Said:
    """Whether they all agree; a single source agrees with nothing."""
    count = len(differing(case))
    if count:
        return Said(t("teller.sources_differ", n=count), "warn", "neq")
    if not any(_told(row) > 1 for row in case.identity.sources):
        return Said(t("teller.sources_none"), "", None)
    return Said(t("teller.sources_agree"), "ok", "check")
