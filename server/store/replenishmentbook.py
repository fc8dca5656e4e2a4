"""Replenishment tasks, and what they are proposed from: the notes that left a machine lately."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from common.errors import UserError
from common.wire.cases import CashState
from server.store.cash_tables import replenishments
from server.store.codec import load_movement
from server.store.tables import cash_movements
from teller.cash.movement import CashMovement, Direction
from teller.cash.replenishment import Replenishment, State

_CODEC = TypeAdapter(Replenishment)
_OVER = (State.DONE.value, State.CANCELLED.value)
_UNSETTLED = (CashState.POSTED.value, CashState.MOVING.value, CashState.COUNTED.value)


class ReplenishmentBook:
    """One row a task."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, task: Replenishment) -> None:
        """Store a new task, or the next state of a known one."""
        values = {
            "state": task.state.value, "changed_at": task.changed_at, "document": _CODEC.dump_json(task).decode(),
        }  # fmt: skip
        this = replenishments.c.id == task.id
        if self._connection.execute(replenishments.update().where(this).values(**values)).rowcount == 0:
            fixed = {"id": task.id, "machine": task.machine, "raised_at": task.raised_at}
            self._connection.execute(replenishments.insert().values(**fixed, **values))

    def get(self, task_id: str) -> Replenishment:
        """Raises ``replenishment.not_found``."""
        query = select(replenishments.c.document).where(replenishments.c.id == task_id)
        found = self._connection.execute(query.with_for_update()).scalar()
        if found is None:
            raise UserError("replenishment.not_found")
        return _CODEC.validate_json(found)

    def current(self, machine: str) -> Replenishment | None:
        """The one that is not over."""
        table = replenishments.c
        query = select(table.document).where(table.machine == machine, table.state.not_in(_OVER))
        found = self._connection.execute(query.order_by(table.raised_at.desc()).limit(1)).scalar()
        return None if found is None else _CODEC.validate_json(found)

    def done_at(self, machine: str) -> datetime | None:
        """When the last one of this machine was done."""
        table = replenishments.c
        query = select(table.document).where(table.machine == machine, table.state == State.DONE.value)
        found = self._connection.execute(query.order_by(table.changed_at.desc()).limit(1)).scalar()
        return None if found is None else _CODEC.validate_json(found).changed_at

    def newest(self, limit: int) -> list[Replenishment]:
        """Newest first."""
        query = select(replenishments.c.document).order_by(replenishments.c.raised_at.desc()).limit(limit)
        return [_CODEC.validate_json(row.document) for row in self._connection.execute(query)]

    def cash_moves(self, machine: str) -> bool:
        """Whether a movement of a customer's cash is not finished there."""
        table = cash_movements.c
        query = select(table.id).where(table.machine == machine, table.state.in_(_UNSETTLED)).limit(1)
        return self._connection.execute(query).first() is not None

    def opened_between(self, machine: str, since: datetime, until: datetime) -> bool:
        """Whether the safe was opened after one moment and not after another: counters began anew at its count."""
        return any(since < opened <= until for opened, _ in self._opened(machine, since))

    def counted_since(self, machine: str, moment: datetime) -> bool:
        """Whether the safe was opened after that moment and the books follow the count of every note since."""
        return any(whole and opened > moment for opened, whole in self._opened(machine, moment))

    def _opened(self, machine: str, since: datetime) -> list[tuple[datetime, bool]]:
        table = replenishments.c
        query = select(table.document).where(table.machine == machine, table.changed_at > since)
        tasks = [_CODEC.validate_json(row.document) for row in self._connection.execute(query)]
        return [(task.counted_at or task.opened_at, task.whole) for task in tasks if task.opened_at is not None]

    def left_since(self, machine: str, since: datetime) -> Mapping[int, int]:
        """Notes that left the machine for good less those that came in, by face value."""
        table = cash_movements.c
        settled = (table.machine == machine) & (table.state == CashState.SETTLED.value) & (table.changed_at >= since)
        left: Counter[int] = Counter()
        for (document,) in self._connection.execute(select(table.document).where(settled)):
            _add(left, load_movement(document))
        return {face: count for face, count in left.items() if count > 0}


def _add(left: Counter[int], movement: CashMovement) -> None:
    if movement.outcome is None:
        return
    if movement.direction is Direction.OUT:
        left.update(movement.outcome.taken.counts)
    else:
        left.subtract(movement.outcome.stored.counts)
