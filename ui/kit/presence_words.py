"""What is known of a face beside its score: other portraits it was compared with, alive or not, looks, alarms."""

from common.wire.cases import CaseView
from common.wire.identity import CheckOutcome, FaceCheckView, FaceUse
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


def other_portraits(case: CaseView) -> tuple[T, ...]:
    """The server's comparisons with other portraits than the papers', each with its own threshold."""
    return tuple(check_words(check) for check in _beside(case))


def _beside(case: CaseView) -> list[FaceCheckView]:
    """The server's comparisons beyond the one whose score stands large; that one too where nobody could make it."""
    faces = case.identity.faces
    return [one for one in faces if one.use is not FaceUse.PORTRAIT or one.outcome is CheckOutcome.UNAVAILABLE]


def check_words(check: FaceCheckView) -> T:
    """One comparison with its own threshold: the authority's portrait, or one kept from an earlier visit."""
    if check.outcome is CheckOutcome.UNAVAILABLE:
        return t("face.use_unavailable")
    on = f"{check.known_at.astimezone():%m-%d}" if check.known_at is not None else "–"
    if check.outcome is CheckOutcome.UNFIT:
        return t(f"face.unfit_{check.use.value}", on=on)
    score, threshold, mark = f"{check.score:.1f}", f"{check.threshold:.0f}", "" if check.same else " ≠"
    return t(f"face.use_{check.use.value}", on=on, score=score, threshold=threshold, mark=mark)


def portraits_bad(case: CaseView) -> bool:
    """Whether another portrait is of somebody else, or could not be compared."""
    return any(one.outcome is not CheckOutcome.COMPARED or not one.same for one in _beside(case))


def presence_bad(case: CaseView) -> bool:
    """Whether it may not be a living face, or not the same face all along."""
    live = case.identity.liveness
    return bool(case.identity.continuity.alarms) or (live is not None and not live.passed)


def joined(parts: tuple[T, ...]) -> Words:
    """In one line."""
    words: Words = ""
    for part in parts:
        words = part if words == "" else t("teller.live_note", note=words, live=part)
    return words
