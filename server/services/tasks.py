"""Authorisation tasks as the dispatcher sees them (:class:`server.services.ports.TaskService`)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from common.errors import UserError
from server.services.casework import CaseWork
from server.services.parts import Parts
from server.services.ports import QueuedTask
from server.store.taskbook import TaskLine
from server.store.unit import Unit
from teller.authorisation.request import Request
from teller.cases import approval
from teller.cases.model import Case
from teller.cases.reversing import request_of


def _queued(line: TaskLine) -> QueuedTask:
    return QueuedTask(
        task_id=line.id,
        case_id=line.case_id,
        submitted_at=line.submitted_at,
        excluded=frozenset({line.maker}),
        authoriser=line.authoriser,
        opened=line.opened_at is not None,
        deadline=line.deadline,
        passed=frozenset(line.passed),
    )


class Tasks:
    """queued → assigned → opened → decided; the case's document and the task's row change together."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts = parts
        self._work = work

    def queued(self) -> Sequence[QueuedTask]:
        with self._parts.database.read() as unit:
            return [_queued(line) for line in unit.tasks.queued()]

    def assigned(self) -> Sequence[QueuedTask]:
        with self._parts.database.read() as unit:
            return [_queued(line) for line in unit.tasks.held()]

    def assign(self, task_id: str, authoriser_number: str) -> bool:
        now = self._parts.clock.now()

        def step(unit: Unit, request: Request) -> Request:
            if unit.tasks.held_by(authoriser_number) is not None:
                raise UserError("task.has_another")
            return request.assigned(authoriser_number, now, self._parts.task_term)

        return self._change(task_id, step, "task_assigned")

    def unassign(self, task_id: str, authoriser_number: str) -> bool:
        now = self._parts.clock.now()

        def step(unit: Unit, request: Request) -> Request:
            if request.authoriser != authoriser_number:
                raise UserError("task.not_yours")
            return request.passed_on(now, "reassigned")

        return self._change(task_id, step, "task_passed_on")

    def expire_due(self, now: datetime) -> Sequence[QueuedTask]:
        with self._parts.database.read() as unit:
            due = [_queued(line) for line in unit.tasks.due(now)]

        def step(unit: Unit, request: Request) -> Request:
            if request.deadline is None or request.deadline > now:
                raise UserError("task.wrong_state")
            return request.passed_on(now, "expired")

        return [
            replace(task, passed=task.passed | {task.authoriser} if task.authoriser else task.passed)
            for task in due
            if self._change(task.task_id, step, "task_passed_on")
        ]

    def _change(self, task_id: str, step: Callable[[Unit, Request], Request], mark: str) -> bool:
        with self._parts.database.read() as unit:
            try:
                case_id = unit.tasks.get(task_id).case_id
            except UserError:
                return False

        def act(unit: Unit, case: Case) -> Case:
            request = request_of(case, task_id)
            if request is None:
                raise UserError("task.withdrawn")
            return approval.request_changed(case, step(unit, request), self._parts.clock.now(), mark)

        return self._work.quietly(case_id, act)
