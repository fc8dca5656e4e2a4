"""The one table of texts: code to (Chinese, English)."""

import logging
from collections.abc import Mapping
from typing import Any, Literal

from common.errors import AppError
from ui.kit.texts import authoriser, common, errors, kiosk, teller
from ui.kit.texts.formats import WordFormatter
from ui.kit.texts.words import T, Words

Lang = Literal["zh", "en"]
log = logging.getLogger(__name__)


class MissingText(KeyError):
    """A code without a text, or a text without one of its parameters."""


def all_texts() -> dict[str, tuple[str, str]]:
    """Every table in one; a code that stands twice is an error."""
    merged: dict[str, tuple[str, str]] = {}
    for module in (common, teller, authoriser, kiosk, errors):
        for code, pair in module.TEXTS.items():
            if code in merged:
                raise ValueError(f"text {code} stands twice")
            merged[code] = pair
    return merged


class TextBook:
    """Looks up and fills in texts.

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
            template = self._table[code][0 if lang == "zh" else 1]
            return self._formatter.vformat(template, (), values)
        except (KeyError, ValueError, IndexError) as error:
            if self._strict:
                raise MissingText(f"{code}: {error}") from error
            log.error("text missing", extra={"code": code, "what": str(error)})
            return self._table["common.text_missing"][0 if lang == "zh" else 1] if code != "common.text_missing" else ""

    def words(self, lang: Lang, words: Words) -> str:
        """Data as it is, a code as its sentence."""
        return self.text(lang, words.code, words.params) if isinstance(words, T) else words

    def error(self, error: AppError) -> T:
        """The words for an error: its own if the table has them, else a general sentence with the code."""
        if self.has(error.code):
            return T(error.code, dict(error.params))
        return T("common.unknown_error_retry" if error.retryable else "common.unknown_error", {"code": error.code})
