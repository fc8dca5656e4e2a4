"""The one table of texts: code to (Chinese, English)."""

import logging
from collections.abc import Mapping
from typing import Any, Literal

from common.errors import AppError
from ui.kit.texts import (
    authoriser,
    capture,
    cases,
    cash,
    common,
    companies,
    devices,
    engineer,
    errors,
    forms,
    handing,
    identity,
    kiosk,
    limits,
    liveness,
    machine,
    originals,
    parties,
    passbooks,
    record,
    registers,
    scenarios,
    sheets,
    teller,
    trouble,
    vision,
)
from ui.kit.texts.formats import WordFormatter, placeholders
from ui.kit.texts.words import T, Words

Lang = Literal["zh", "en"]
log = logging.getLogger(__name__)
_MODULES = (
    common, teller, authoriser, kiosk, errors, cases, forms, devices, vision, trouble, record, registers, identity,
    scenarios, liveness, limits, parties, engineer, machine, handing, passbooks, companies, cash, sheets,
    capture, originals,
)  # fmt: skip


class MissingText(KeyError):
    """A code without a text, or a text without one of its parameters."""


def all_texts() -> dict[str, tuple[str, str]]:
    """Every table in one; a code that stands twice is an error."""
    merged: dict[str, tuple[str, str]] = {}
    for module in _MODULES:
        for code, pair in module.TEXTS.items():
            if code in merged:
                raise ValueError(f"text {code} stands twice")
            merged[code] = pair
    return merged


class TextBook:
    """Looks up and fills in texts.

    A parameter may be unknown (absent or None): ``cash.not_payable`` names the amounts nearest to the one asked for,
    and there is not always one above. Then ``cash.not_payable.without_above`` is taken, if the table has it; several
    unknown parameters stand in the order of the alphabet, ``.without_above_below``.

    Args:
        strict: a missing code or parameter raises :class:`MissingText` (tests, development). Otherwise it is logged
            and the calm fallback sentence stands in its place.
    """

    def __init__(self, *, strict: bool = False, table: Mapping[str, tuple[str, str]] | None = None) -> None:
        self._table = dict(all_texts() if table is None else table)
        self._strict = strict
        self._formatter = WordFormatter()

    def has(self, code: str) -> bool:
        """Whether the code has a text."""
        return code in self._table

    def text(self, lang: Lang, code: str, params: Mapping[str, Any] | None = None) -> str:
        """The sentence for a code."""
        values = {k: self.words(lang, v) if isinstance(v, T) else v for k, v in (params or {}).items()}
        try:
            template = self._table[self._fitting(code, values)][0 if lang == "zh" else 1]
            return self._formatter.vformat(template, (), values)
        except (KeyError, ValueError, IndexError, TypeError) as error:
            if self._strict:
                raise MissingText(f"{code}: {error}") from error
            log.error("text missing", extra={"code": code, "what": str(error)})
            return self._table["common.text_missing"][0 if lang == "zh" else 1] if code != "common.text_missing" else ""

    def _fitting(self, code: str, values: Mapping[str, Any]) -> str:
        """The code, or the one of it that goes without what is not known."""
        without = f"{code}.without_{'_'.join(self._unknown(code, values))}"
        return without if without in self._table else code

    def _unknown(self, code: str, values: Mapping[str, Any]) -> list[str]:
        return sorted(name for name in placeholders(self._table[code][0]) if values.get(name) is None)

    def fits(self, code: str, params: Mapping[str, Any]) -> bool:
        """Whether the code has a text and everything that text needs is known."""
        return code in self._table and not self._unknown(self._fitting(code, params), params)

    def words(self, lang: Lang, words: Words) -> str:
        """Data as it is, a code as its sentence."""
        return self.text(lang, words.code, words.params) if isinstance(words, T) else words

    def error(self, error: AppError) -> T:
        """The words for an error: its own if the table has them and they can be filled in, else a general sentence
        with the code."""
        if self.fits(error.code, error.params):
            return T(error.code, dict(error.params))
        return T("common.unknown_error_retry" if error.retryable else "common.unknown_error", {"code": error.code})
