"""A request for a second person's consent, and its states.

queued → assigned → opened → approved | rejected | returned; before a decision it may go back to queued (deadline
passed, authoriser gone) or be withdrawn by the teller.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from common.errors import UserError
from common.wire.authorisation import Decision
from teller.authorisation.policy import Reason
from teller.authorisation.rules import Level


class RequestState(StrEnum):
    """Where a request stands."""

    QUEUED = "queued"
    ASSIGNED = "assigned"
    OPENED = "opened"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


_R = RequestState

TRANSITIONS: Mapping[RequestState, frozenset[RequestState]] = MappingProxyType(
    {
        _R.QUEUED: frozenset({_R.ASSIGNED, _R.WITHDRAWN}),
        _R.ASSIGNED: frozenset({_R.OPENED, _R.QUEUED, _R.WITHDRAWN}),
        _R.OPENED: frozenset({_R.APPROVED, _R.REJECTED, _R.RETURNED, _R.QUEUED, _R.WITHDRAWN}),
    }
)

DECIDED: Mapping[Decision, RequestState] = MappingProxyType(
    {Decision.APPROVE: _R.APPROVED, Decision.REJECT: _R.REJECTED, Decision.RETURN: _R.RETURNED}
)


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody had the request and it went on to another: who, when, why (expired | reassigned)."""

    authoriser: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Times as the server saw them; numbers, not names."""

    task_id: str
    level: Level
    reasons: tuple[Reason, ...]
    maker: str
    note: str
    submitted_at: datetime
    state: RequestState = RequestState.QUEUED
    authoriser: str | None = None
    assigned_at: datetime | None = None
    opened_at: datetime | None = None
    decided_at: datetime | None = None
    deadline: datetime | None = None
    reason_code: str | None = None
    reason_text: str = ""
    returned_items: tuple[str, ...] = ()
    passed: tuple[Passed, ...] = ()
    altered: tuple[str, ...] = ()
    """Digests of evidence that did not reach the second person as it was stored. No consent rests on such a request."""

    def _to(self, state: RequestState) -> Self:
        if state not in TRANSITIONS.get(self.state, frozenset()):
            raise UserError("task.wrong_state", state=self.state.value)
        return replace(self, state=state)

    @property
    def open(self) -> bool:
        """Whether somebody may still decide."""
        return self.state in TRANSITIONS

    def assigned(self, authoriser: str, at: datetime, term: timedelta) -> Self:
        """Dealt to an authoriser, with a deadline.

        Raises:
            UserError: ``task.maker_is_checker``, ``task.wrong_state``.
        """
        if authoriser == self.maker:
            raise UserError("task.maker_is_checker")
        dealt = self._to(_R.ASSIGNED)
        return replace(dealt, authoriser=authoriser, assigned_at=at, opened_at=None, deadline=at + term)

    def opened(self, by: str, at: datetime) -> Self:
        """On the screen of the one who has it. Opening again changes nothing."""
        self._must_be(by, at)
        return self if self.state is _R.OPENED else replace(self._to(_R.OPENED), opened_at=at)

    def passed_on(self, at: datetime, reason: str) -> Self:
        """Back into the queue, with a trace of who had it."""
        had = Passed(self.authoriser or "", at, reason)
        queued = self._to(_R.QUEUED)
        return replace(
            queued, authoriser=None, assigned_at=None, opened_at=None, deadline=None, passed=(*self.passed, had)
        )

    def withdrawn(self, at: datetime) -> Self:
        return replace(self._to(_R.WITHDRAWN), decided_at=at)

    def decided(self, by: str, decision: Decision, at: datetime, code: str | None, text: str) -> Self:
        """The second person's word.

        Raises:
            UserError: ``task.maker_is_checker``; ``task.decided`` (``number``, ``at``); ``task.expired``;
                ``task.not_yours``; ``task.wrong_state`` before it was opened; ``task.reason_missing``.
        """
        self._must_be(by, at)
        if decision is not Decision.APPROVE and not (code or "").strip():
            raise UserError("task.reason_missing")
        return replace(self._to(DECIDED[decision]), decided_at=at, reason_code=code, reason_text=text)

    def reported(self, by: str, digest: str, at: datetime) -> Self:
        """The one who looks got something else than this digest names. Saying so again changes nothing."""
        self._must_be(by, at)
        return self if digest in self.altered else replace(self, altered=(*self.altered, digest))

    def returning(self, items: tuple[str, ...]) -> Self:
        """What has to be done again before the case may come back; only a returned request has any."""
        return replace(self, returned_items=items) if self.state is _R.RETURNED else self

    def _must_be(self, by: str, at: datetime) -> None:
        if by == self.maker:
            raise UserError("task.maker_is_checker")
        if not self.open and self.state is not _R.WITHDRAWN:
            raise UserError("task.decided", number=self.authoriser, at=_iso(self.decided_at))
        if self.state is _R.WITHDRAWN:
            raise UserError("task.withdrawn", at=_iso(self.decided_at))
        if self.authoriser != by:
            mine = any(trace.authoriser == by for trace in self.passed)
            raise UserError("task.expired" if mine else "task.not_yours")
        if self.deadline is not None and at > self.deadline:
            raise UserError("task.expired")


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
