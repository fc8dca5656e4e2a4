"""What each key does now and why not: one function of the state, so that bar, shortcuts and F1 agree. No Qt."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from common.wire.authorisation import Decision
from ui.authoriser_app.state import Phase, Review, shown_evidence
from ui.kit.pictures import PictureState
from ui.kit.texts.words import T, Words, t


class Face(Enum):
    """The faces of the main key."""

    DO = "do"
    WAITING = "waiting"
    BUSY = "busy"
    OFF = "off"


class Act(Enum):
    """What the main key does."""

    NOTHING = "nothing"
    NEXT_DIFFERENCE = "next_difference"
    APPROVE = "approve"
    LOAD_AGAIN = "load_again"
    RESUME = "resume"
    GO_ON = "go_on"


@dataclass(frozen=True)
class Facts:
    """What the keys depend on."""

    review: Review
    accepting: bool
    idle_since: datetime
    offline_since: datetime | None
    pictures: frozenset[PictureState]
    pictures_here: int
    altered: bool


@dataclass(frozen=True)
class MainKey:
    """The main key: face, words, icon; ``since`` of a wait; ``note``: the line at its left."""

    face: Face
    words: T
    icon: str = "arrow-r"
    act: Act = Act.NOTHING
    since: datetime | None = None
    note: Words = ""


def main_key(facts: Facts) -> MainKey:
    """The next thing that has to be done, in words; no state leaves it empty."""
    phase = facts.review.phase
    if phase is Phase.IDLE:
        return _idle(facts)
    if phase is Phase.LOADING:
        return _loading(facts)
    if phase is Phase.GONE:
        return MainKey(Face.DO, t("authoriser.key_go_on"), "arrow-r", Act.GO_ON, note=t("authoriser.note_gone"))
    if phase is Phase.DECIDING:
        return _deciding(facts)
    return _reviewing(facts)


def _idle(facts: Facts) -> MainKey:
    if not facts.accepting:
        return MainKey(Face.DO, t("authoriser.key_resume"), "play", Act.RESUME, note=t("authoriser.note_paused"))
    if facts.offline_since is not None:
        return MainKey(Face.WAITING, t("common.waiting_network"), since=facts.offline_since)
    return MainKey(Face.WAITING, t("authoriser.key_waiting_task"), since=facts.idle_since)


def _loading(facts: Facts) -> MainKey:
    if facts.offline_since is not None:
        return MainKey(Face.WAITING, t("common.waiting_network"), since=facts.offline_since)
    if facts.review.trouble is not None:
        return MainKey(Face.DO, t("authoriser.key_load_again"), "refresh", Act.LOAD_AGAIN)
    return MainKey(Face.BUSY, t("authoriser.key_loading"))


def _deciding(facts: Facts) -> MainKey:
    if facts.offline_since is not None:
        note = t("authoriser.note_kept")
        return MainKey(Face.WAITING, t("common.waiting_network"), since=facts.offline_since, note=note)
    assert facts.review.sent is not None
    return MainKey(Face.BUSY, t(f"authoriser.sending_{facts.review.sent.body.decision.value}"))


def _reviewing(facts: Facts) -> MainKey:
    review = facts.review
    total, unseen = len(review.differing), len(review.unseen)
    if facts.altered:
        return MainKey(Face.OFF, t("authoriser.approve"), "check", note=t("authoriser.note_altered"))
    if unseen:
        # The number makes each press a new meaning: the guard keeps one press from looking at two differences.
        words = t("authoriser.key_next_difference", n=unseen)
        return MainKey(Face.DO, words, "arrow-r", Act.NEXT_DIFFERENCE, note=t("authoriser.note_look_first"))
    if PictureState.FAILED in facts.pictures:
        note = t("authoriser.note_picture_failed")
        return MainKey(Face.DO, t("authoriser.key_pictures_again"), "refresh", Act.LOAD_AGAIN, note=note)
    if PictureState.COMING in facts.pictures:
        all_of_them = len(shown_evidence(review.task)) if review.task is not None else 0
        words = t("authoriser.key_pictures", here=facts.pictures_here, total=all_of_them)
        return MainKey(Face.WAITING, words, since=review.since)
    note = t("authoriser.note_all_seen", n=total) if total else t("authoriser.note_no_differences")
    return MainKey(Face.DO, t("authoriser.approve"), "check", Act.APPROVE, note=note)


def usable(facts: Facts) -> frozenset[str]:
    """Ids of the other keys that apply now; the rest is greyed in place."""
    phase = facts.review.phase
    keys = {"help", "refresh", "accept", "palette", "close", "middle"}
    if facts.review.task is not None and phase in (Phase.REVIEWING, Phase.DECIDING):
        keys |= {"zoom", "rotate", "voucher", "left", "right"}
    if phase is Phase.IDLE:
        keys |= {"left"}
    if phase is Phase.REVIEWING and not facts.altered:
        keys |= {"reject", "return"}
        if facts.review.unseen:
            keys.add("look")
    return frozenset(keys)


DECIDED_TOASTS = {
    Decision.APPROVE: "authoriser.done_approve",
    Decision.REJECT: "authoriser.done_reject",
    Decision.RETURN: "authoriser.done_return",
}
