"""What is known of presence, in a line: alive or not, the same person, alarms."""

from common.wire.cases import CaseView
from ui.kit.texts.words import T, Words, t


def presence_words(case: CaseView) -> tuple[T, ...]:
    """The parts of the line; none before anything was looked at."""
    live, seen = case.identity.liveness, case.identity.continuity
    parts = []
    if live is not None:
        parts.append(t("teller.live_passed" if live.passed else "teller.live_failed"))
    if seen.alarms:
        parts.append(t("teller.alarms", n=len(seen.alarms)))
    elif seen.looks:
        parts.append(t("teller.same_looks", n=seen.looks))
    return tuple(parts)


def is_bad(case: CaseView) -> bool:
    """Whether somebody should look twice."""
    live = case.identity.liveness
    return bool(case.identity.continuity.alarms) or (live is not None and not live.passed)


def joined(parts: tuple[T, ...]) -> Words:
    """In one line."""
    words: Words = ""
    for part in parts:
        words = part if words == "" else t("teller.live_note", note=words, live=part)
    return words
