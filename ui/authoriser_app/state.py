"""Where the authoriser stands with one task: an explicit state machine, without Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from common.errors import AppError
from common.wire.authorisation import DecideTask, TaskView
from common.wire.cases import EvidenceKind, EvidenceView

SHOWN_KINDS = (
    EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK, EvidenceKind.LICENCE, EvidenceKind.PORTRAIT, EvidenceKind.LIVE_FRAME,
)  # fmt: skip
"""Evidence that is shown and has to be shown before an approval: the newest piece of each kind there is."""

BESIDE_KINDS = (
    EvidenceKind.CHIP_PORTRAIT, EvidenceKind.AUTHORITY_PORTRAIT, EvidenceKind.PARTY_FRONT, EvidenceKind.HOUSEHOLD_PAGE,
)  # fmt: skip
"""Further portraits and the papers of who acts for the customer: fetched with the others, looked at in the viewer."""

NOTICE_S = 3.0
"""How long it is said that a task went away before the next one may come."""


class Phase(StrEnum):
    """What is on the screen."""

    IDLE = "idle"
    LOADING = "loading"
    REVIEWING = "reviewing"
    DECIDING = "deciding"
    GONE = "gone"


TRANSITIONS: Mapping[Phase, frozenset[Phase]] = {
    Phase.IDLE: frozenset({Phase.LOADING, Phase.GONE}),
    Phase.LOADING: frozenset({Phase.REVIEWING, Phase.GONE, Phase.IDLE}),
    Phase.REVIEWING: frozenset({Phase.DECIDING, Phase.GONE}),
    Phase.DECIDING: frozenset({Phase.IDLE, Phase.REVIEWING, Phase.GONE}),
    Phase.GONE: frozenset({Phase.IDLE, Phase.LOADING}),
}


@dataclass(frozen=True)
class Sent:
    """A decision on its way: sent again with the same key until it is answered."""

    body: DecideTask
    key: str
    unanswered: bool = False
    """Patience ended while the server was away; it goes out again when the server is back."""


@dataclass(frozen=True)
class Review:
    """One task from its arrival until the next one. ``gone``: code and params of why it was taken away."""

    phase: Phase = Phase.IDLE
    since: datetime | None = None
    task_id: str = ""
    task: TaskView | None = None
    seen: frozenset[str] = frozenset()
    sent: Sent | None = None
    trouble: AppError | None = None
    gone_code: str = ""
    gone_params: Mapping[str, Any] = field(default_factory=dict)

    def to(self, phase: Phase, since: datetime, **changes: Any) -> Self:
        """Move on.

        Raises:
            ValueError: the table does not know that move.
        """
        if phase not in TRANSITIONS[self.phase]:
            raise ValueError(f"{self.phase} to {phase}")
        return replace(self, phase=phase, since=since, **changes)

    @property
    def differing(self) -> tuple[str, ...]:
        """Fields that differ, in the order of the form."""
        return tuple(row.field for row in self.task.comparison if row.differs) if self.task is not None else ()

    @property
    def unseen(self) -> tuple[str, ...]:
        """Fields that differ and were not looked at, in the order of the form."""
        return tuple(name for name in self.differing if name not in self.seen)


def shown_evidence(task: TaskView) -> tuple[EvidenceView, ...]:
    """The newest piece of each kind, in the order of the kinds."""
    newest: dict[EvidenceKind, EvidenceView] = {}
    for piece in task.case.evidence:
        known = newest.get(piece.kind)
        if known is None or piece.captured_at >= known.captured_at:
            newest[piece.kind] = piece
    return tuple(newest[kind] for kind in (*SHOWN_KINDS, *BESIDE_KINDS) if kind in newest)
