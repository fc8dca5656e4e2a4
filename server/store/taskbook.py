"""Authorisation tasks as the dispatcher and the desk find them; the case's document holds the request itself."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from common.errors import UserError
from server.store.tables import tasks
from teller.authorisation.request import Request, RequestState
from teller.cases.model import Case

_HELD = (RequestState.ASSIGNED.value, RequestState.OPENED.value)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task."""

    id: str
    case_id: str
    case_number: str
    scenario: str
    state: str
    maker: str
    authoriser: str | None
    amount_minor: int
    currency: str
    submitted_at: datetime
    assigned_at: datetime | None
    opened_at: datetime | None
    decided_at: datetime | None
    deadline: datetime | None
    passed: tuple[str, ...]


def _line(row: Row[Any]) -> TaskLine:
    columns: dict[str, Any] = {**row._mapping}
    columns["passed"] = tuple(json.loads(columns["passed"]))
    return TaskLine(**columns)


def _columns(request: Request) -> dict[str, Any]:
    return {
        "state": request.state.value,
        "authoriser": request.authoriser,
        "assigned_at": request.assigned_at,
        "opened_at": request.opened_at,
        "decided_at": request.decided_at,
        "deadline": request.deadline,
        "passed": json.dumps([trace.authoriser for trace in request.passed]),
    }


class TaskBook:
    """One row a task."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, case: Case, request: Request, *, known: bool) -> None:
        """Store a new task or the next state of a known one."""
        if known:
            this = tasks.c.id == request.task_id
            self._connection.execute(tasks.update().where(this).values(**_columns(request)))
            return
        assert case.summary is not None, "a case is submitted with its summary"
        fixed = {
            "id": request.task_id,
            "case_id": case.id,
            "case_number": case.number,
            "scenario": case.scenario,
            "maker": request.maker,
            "amount_minor": case.summary.amount.minor,
            "currency": case.summary.amount.currency,
            "submitted_at": request.submitted_at,
        }
        self._connection.execute(tasks.insert().values(**fixed, **_columns(request)))

    def get(self, task_id: str) -> TaskLine:
        """Raises ``task.not_found``."""
        row = self._connection.execute(select(tasks).where(tasks.c.id == task_id)).first()
        if row is None:
            raise UserError("task.not_found")
        return _line(row)

    def queued(self) -> list[TaskLine]:
        """Tasks nobody has, oldest first."""
        return self._list(tasks.c.state == RequestState.QUEUED.value)

    def held(self) -> list[TaskLine]:
        """Tasks somebody has and has not decided."""
        return self._list(tasks.c.state.in_(_HELD))

    def due(self, now: datetime) -> list[TaskLine]:
        """Held tasks past their deadline."""
        return self._list(and_(tasks.c.state.in_(_HELD), tasks.c.deadline <= now))

    def held_by(self, authoriser: str) -> TaskLine | None:
        found = self._list(and_(tasks.c.state.in_(_HELD), tasks.c.authoriser == authoriser))
        return found[0] if found else None

    def count_queued(self) -> int:
        query = select(func.count()).select_from(tasks).where(tasks.c.state == RequestState.QUEUED.value)
        return self._connection.execute(query).scalar_one()

    def decided_since(self, since: datetime) -> list[TaskLine]:
        """Decisions of everybody, newest first."""
        decided = (RequestState.APPROVED.value, RequestState.REJECTED.value, RequestState.RETURNED.value)
        where = and_(tasks.c.state.in_(decided), tasks.c.decided_at >= since)
        return sorted(self._list(where), key=lambda line: line.decided_at or since, reverse=True)

    def _list(self, where: Any) -> list[TaskLine]:
        rows: Sequence[Row[Any]] = self._connection.execute(
            select(tasks).where(where).order_by(tasks.c.submitted_at, tasks.c.id)
        ).all()
        return [_line(row) for row in rows]
