"""What can be said about a task and which words go with it. Codes travel; texts stand in the table."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.wire.authorisation import DecideTask, Decision, TaskView
from common.wire.cases import EvidenceKind
from ui.authoriser_app.state import Review, shown_evidence
from ui.kit.business import of_house
from ui.kit.texts.words import T, Words, t

REASONS = (
    "reason.face_differs",
    "reason.document_bad",
    "reason.form_differs",
    "reason.directed_by_others",
    "reason.purpose_unclear",
    "reason.account_unusual",
)
"""Why an authoriser says no, in the order of the numbers 1 to 6."""

NOTE_ITEM = "note"
MOST_ITEMS = 9
_PAPERS = (EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK, EvidenceKind.LIVE_FRAME)


@dataclass(frozen=True)
class Option:
    """One line of the reason dialog: what is sent and what is read."""

    id: str
    words: Words


@dataclass(frozen=True)
class Question:
    """The dialog for one decision. ``many``: several lines may be chosen (what is missing)."""

    decision: Decision
    title: T
    hint: T
    field: T
    foot: T
    verb: T
    options: tuple[Option, ...]
    many: bool


def reject_question(task: TaskView) -> Question:
    """Why not."""
    return Question(
        decision=Decision.REJECT,
        title=of_house(task.case.scenario, "authoriser.reject_title", t("scenario.reject")),
        hint=t("authoriser.by_number"),
        field=t("authoriser.words_for_teller"),
        foot=t("authoriser.reject_foot"),
        verb=t("authoriser.reject"),
        options=tuple(Option(code, t(code)) for code in REASONS),
        many=False,
    )


def return_question(task: TaskView, lang: str) -> Question:
    """What has to be done again: pictures, fields that differ, the teller's words."""
    licence = [EvidenceKind.LICENCE] if any(one.kind is EvidenceKind.LICENCE for one in task.case.evidence) else []
    options = [Option(kind.value, t(f"authoriser.again_{kind.value}")) for kind in (*_PAPERS, *licence)]
    options.append(Option(NOTE_ITEM, t("authoriser.again_note")))
    for row in [row for row in task.comparison if row.differs][: MOST_ITEMS - len(options)]:
        label = row.label_zh if lang == "zh" else row.label_en
        options.append(Option(row.field, t("authoriser.again_field", what=label)))
    return Question(
        decision=Decision.RETURN,
        title=t("authoriser.return_title"),
        hint=t("authoriser.by_number_many"),
        field=t("authoriser.words_for_teller"),
        foot=t("authoriser.return_foot"),
        verb=t("authoriser.return"),
        options=tuple(options),
        many=True,
    )


def body_of(review: Review, decision: Decision, chosen: Sequence[str] = (), words: str = "") -> DecideTask:
    """The command: what was decided, why, and what was on the screen meanwhile."""
    assert review.task is not None
    returned = list(chosen) if decision is Decision.RETURN else []
    return DecideTask(
        decision=decision,
        reason_code=_reason(decision, chosen),
        reason_text=words.strip(),
        returned_items=returned,
        evidence=[piece.digest for piece in shown_evidence(review.task)],
        seen_differences=[name for name in review.differing if name in review.seen],
    )


def _reason(decision: Decision, chosen: Sequence[str]) -> str | None:
    if decision is Decision.APPROVE:
        return None
    if decision is Decision.REJECT:
        return chosen[0]
    if len(chosen) > 1:
        return "reason.return_several"
    known = {kind.value for kind in (*_PAPERS, EvidenceKind.LICENCE)} | {NOTE_ITEM}
    return f"reason.return_{chosen[0]}" if chosen[0] in known else "reason.return_field"
