"""Words for codes that come from the server: its own sentence if the table has one, else a calm general one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.wire.base import Sentence
from ui.kit.kit import Kit
from ui.kit.texts.formats import time_of_day
from ui.kit.texts.words import T


def sentence(kit: Kit, code: str, params: Mapping[str, Any] | None = None) -> T:
    """The sentence for a code from outside."""
    if kit.language.book.fits(code, params or {}):
        return T(code, dict(params or {}))
    return T("teller.unknown_code", {"code": code})


def said(kit: Kit, words: Sentence) -> T:
    """A sentence of the contract."""
    return sentence(kit, words.code, words.params)


def at(moment: datetime | None) -> str:
    """A time of day, or nothing."""
    return time_of_day(moment) if moment is not None else ""


def short_digest(digest: str) -> str:
    """7f3a 91c2 … e05b."""
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}"
