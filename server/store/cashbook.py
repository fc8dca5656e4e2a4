"""Movements of physical cash, findable by machine, state and suspense reference."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from common.wire.cases import CashState
from server.store.codec import dump_movement, load_movement
from server.store.tables import cash_movements
from teller.cash.movement import CashMovement


@dataclass(frozen=True, slots=True)
class SuspenseItem:
    """A movement nobody can explain yet."""

    case_id: str
    machine: str
    reference: str
    amount_minor: int
    currency: str
    since: datetime


class CashBook:
    """One row a movement, kept in step with the case's document."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, case_id: str, machine: str, movement: CashMovement, *, known: bool) -> None:
        """Store a new movement, or the next state of a known one."""
        values = {
            "state": movement.state.value,
            "amount_minor": movement.amount.minor,
            "settled_minor": movement.settled.minor if movement.settled else None,
            "suspense_ref": movement.suspense_ref,
            "changed_at": movement.changed_at,
            "document": dump_movement(movement),
        }
        if known:
            this = cash_movements.c.id == movement.id
            self._connection.execute(cash_movements.update().where(this).values(**values))
            return
        fixed = {
            "id": movement.id,
            "case_id": case_id,
            "machine": machine,
            "direction": movement.direction.value,
            "currency": movement.amount.currency,
            "created_at": movement.created_at,
        }
        self._connection.execute(cash_movements.insert().values(**fixed, **values))

    def remove_planned(self, movement_id: str) -> None:
        """A plan that was dropped before anything was posted."""
        mine = (cash_movements.c.id == movement_id) & (cash_movements.c.state == CashState.PLANNED.value)
        self._connection.execute(cash_movements.delete().where(mine))

    def get(self, case_id: str, movement_id: str) -> CashMovement | None:
        """A movement of a case, also one that the case has let go of."""
        mine = (cash_movements.c.id == movement_id) & (cash_movements.c.case_id == case_id)
        found = self._connection.execute(select(cash_movements.c.document).where(mine)).scalar()
        return None if found is None else load_movement(found)

    def case_of(self, movement_id: str) -> str | None:
        """The case that a movement belongs to."""
        found = self._connection.execute(
            select(cash_movements.c.case_id).where(cash_movements.c.id == movement_id)
        ).scalar()  # fmt: skip
        return None if found is None else str(found)

    def in_suspense(self) -> list[SuspenseItem]:
        """Oldest first."""
        table = cash_movements.c
        query = select(
            table.case_id, table.machine, table.suspense_ref, table.amount_minor, table.currency, table.changed_at
        )
        found = query.where(table.state == CashState.SUSPENSE.value).order_by(table.changed_at)
        return [SuspenseItem(*row) for row in self._connection.execute(found)]
