"""Remote authorisation: ``/api/v1/tasks``. The one who asked can never decide, whatever a window does."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from common.wire.base import Amount, Body, Digest, Moment, View
from common.wire.cases import CaseView
from common.wire.identity import ComparisonRow as ComparisonRow


class Decision(StrEnum):
    """What an authoriser may say."""

    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"


class NoteDraft(Body):
    """``PUT /cases/{id}/note``: what the teller means to tell the authoriser, kept until it is submitted: a window that
    is lost loses none of it. 409 ``case.wrong_state`` once the case is no longer gathered."""

    note: str = Field(max_length=500)


class MonthFigure(View):
    month: str = Field(description="2026-11")
    withdrawn: Amount


class Movement(View):
    on: str
    text_zh: str
    text_en: str
    amount: Amount


class TaskView(View):
    """``GET /tasks/{id}``: everything to decide on. ``evidence_intact`` false: no decision is possible."""

    id: str
    kind: Literal["case", "reversal"] = "case"
    state: str = Field(description="queued | assigned | opened | approved | rejected | returned | withdrawn | expired")
    case: CaseView
    submitted_at: Moment
    deadline: Moment
    note: str = ""
    comparison: list[ComparisonRow] = []
    months: list[MonthFigure] = []
    movements: list[Movement] = []
    evidence_intact: bool = True
    waiting: int = Field(0, description="tasks in the queue behind this one")


class TaskRow(View):
    id: str
    case_number: str
    scenario: str
    amount: Amount | None = None
    decision: str | None = None
    decided_at: Moment | None = None
    seconds: int | None = None


class AlteredEvidence(Body):
    """``POST /tasks/{id}/altered``: what came for this digest is not what it names. 404 ``evidence.not_found``."""

    digest: Digest


class DecideTask(Body):
    """``POST /tasks/{id}/decision``.

    409 ``task.decided`` (``number``, ``at``), ``task.expired``, ``task.not_yours``; 403 ``task.maker_is_checker``;
    422 ``task.evidence_altered``, ``task.differences_unseen``, ``task.reason_missing``.
    """

    decision: Decision
    reason_code: str | None = Field(None, max_length=64)
    reason_text: str = Field("", max_length=500)
    returned_items: list[str] = Field([], max_length=16)
    evidence: list[Digest] = Field(description="digests of what was on the screen")
    seen_differences: list[str] = Field([], description="fields that differ and were looked at")


class Accepting(Body):
    """``PUT /tasks/accepting``."""

    accepting: bool


class AuthoriserDesk(View):
    """``GET /tasks/desk``: figures of the day."""

    accepting: bool
    current_task: str | None = None
    waiting: int = 0
    decided: int = 0
    approved: int = 0
    rejected: int = 0
    returned: int = 0
    median_s: int | None = None
    per_hour: dict[str, int] = Field({}, description="hour 00..23 to decisions")
    team: dict[str, int] = Field({}, description="authoriser number to decisions today")
    recent: list[TaskRow] = []
