"""What went wrong, in words for a customer: never a code, never blame. No Qt."""

from functools import cache

from common.errors import AppError
from common.wire.base import Sentence
from ui.kit.texts.book import all_texts
from ui.kit.texts.formats import placeholders
from ui.kit.texts.words import T, t

_WORDS = {
    "pin.differs": "pin_differs",
    "pin.weak": "pin_weak",
    "network.unreachable": "lost",
    "network.timeout": "lost",
    "network.bad_answer": "lost",
    "device.unreachable": "machine",
    "device.connection_lost": "machine",
    "device.not_ready": "machine",
    "device.no_power": "machine",
    "device.busy": "machine",
    "device.timeout": "timeout",
    "device.jam": "jam",
    "device.hardware": "jam",
    "device.shutter_stuck": "shutter",
    "device.media_unreadable": "card_unreadable",
    "device.paper_out": "paper",
    "card.unknown": "card_unknown",
    "card.blocked": "card_blocked",
    "card.expired": "card_expired",
    "card.other_than_before": "card_other_than_before",
    "card.unreadable": "card_unreadable",
    "card.missing": "card_missing",
    "account.not_active": "card_blocked",
    "kiosk.visit_open": "visit_open",
    "pin.wrong": "pin_wrong",
    "pin.cancelled": "pin_cancelled",
    "pin.too_short": "pin_too_short",
    "pin.none": "pin_too_short",
    "pin.key_missing": "pin_key",
    "picture.unclear": "picture",
    "evidence.not_a_picture": "picture",
    "cash.slot_not_empty": "slot",
    "cash.notes_changed": "notes_changed",
    "cash.in_motion": "in_motion",
    "cash.outcome_unknown": "machine",
    "case.settled": "in_motion",
    "signature.empty": "signature_empty",
    "summary.changed": "summary_changed",
    "passbook.other": "passbook_other",
    "passbook.unreadable": "passbook_unreadable",
    "device.missing": "passbook_missing",
}

# A device that gives up, or a bank out of reach, is nothing a customer can try again.
_AREAS = {"device": "machine", "journal": "machine", "store": "lost", "server": "lost"}


@cache
def _texts() -> dict[str, tuple[str, str]]:
    return all_texts()


def problem_words(error: AppError) -> T:
    """The sentence for something that has just gone wrong."""
    name = _WORDS.get(error.code) or _AREAS.get(error.code.partition(".")[0], "general")
    words = t(f"kiosk.problem.{name}", **dict(error.params))
    return words if _fits(words) else t("kiosk.problem.general")


def sentence(said: Sentence | None) -> T | None:
    """A sentence by code, if this window has words for it and everything they need."""
    if said is None:
        return None
    words = T(said.code, dict(said.params))
    return words if _fits(words) else None


def _fits(words: T) -> bool:
    pair = _texts().get(words.code)
    return pair is not None and all(words.params.get(name) is not None for text in pair for name in placeholders(text))
