"""What is known of a face beside its score: other portraits it was compared with, alive or not, looks, alarms."""

from common.wire.cases import CaseView
from common.wire.identity import CheckOutcome, FaceCheckView, FaceUse
from common.wire.liveness import FilmOutcome
from ui.kit.texts.words import T, Words, t


def presence_words(case: CaseView) -> tuple[T, ...]:
    """The parts of the line; none before anything was looked at."""
    live, seen = case.identity.liveness, case.identity.continuity
    parts = []
    if live is not None:
        parts.append(t("teller.live_passed" if live.passed else "teller.live_failed"))
    if live is not None and live.passed and _film(case) is not FilmOutcome.PASSED:
        parts.append(t(f"teller.film_{(_film(case) or FilmOutcome.UNAVAILABLE).value}"))
    if seen.alarms:
        parts.append(t("teller.alarms", n=len(seen.alarms)))
    elif seen.looks:
        parts.append(t("teller.same_looks", n=seen.looks))
    return tuple(parts)


def _film(case: CaseView) -> FilmOutcome | None:
    """What the server found on the kiosk's film of the check."""
    challenge = case.identity.challenge
    return challenge.film if challenge is not None else None


def other_portraits(case: CaseView) -> tuple[T, ...]:
    """The server's comparisons with other portraits than the papers', each with its own threshold."""
    return tuple(check_words(check) for check in _beside(case))


def _beside(case: CaseView) -> list[FaceCheckView]:
    """The server's comparisons beyond the one whose score stands large; that one too where nobody could make it."""
    large = case.face_match.portrait if case.face_match is not None else None
    return [one for one in case.identity.faces if not _is_large(one, large)]


def _is_large(check: FaceCheckView, portrait: str | None) -> bool:
    own = check.use is FaceUse.PORTRAIT and check.known == portrait
    return own and check.outcome is not CheckOutcome.UNAVAILABLE


def check_words(check: FaceCheckView) -> T:
    """One comparison with its own threshold: chip, card, authority, or a portrait kept from an earlier visit."""
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
    not_live = live is not None and (not live.passed or _film(case) is FilmOutcome.FAILED)
    return bool(case.identity.continuity.alarms) or not_live


def joined(parts: tuple[T, ...]) -> Words:
    """In one line."""
    words: Words = ""
    for part in parts:
        words = part if words == "" else t("teller.live_note", note=words, live=part)
    return words
