"""Proposals of persons to close suspense items."""

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from common.errors import UserError
from server.store.cash_tables import suspense_closings
from teller.cash.suspense import Closing, ClosingState

_CODEC = TypeAdapter(Closing)


class SuspenseBook:
    """One row a proposal."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, closing: Closing) -> None:
        """Store a new proposal, or the decision on a known one."""
        values = {"state": closing.state.value, "document": _CODEC.dump_json(closing).decode()}
        this = suspense_closings.c.id == closing.id
        if self._connection.execute(suspense_closings.update().where(this).values(**values)).rowcount == 0:
            fixed = {"id": closing.id, "movement_id": closing.movement, "proposed_at": closing.proposed_at}
            self._connection.execute(suspense_closings.insert().values(**fixed, **values))

    def get(self, closing_id: str) -> Closing:
        """Raises ``suspense.not_found``."""
        query = select(suspense_closings.c.document).where(suspense_closings.c.id == closing_id)
        found = self._connection.execute(query.with_for_update()).scalar()
        if found is None:
            raise UserError("suspense.not_found")
        return _CODEC.validate_json(found)

    def waiting(self, about: str) -> Closing | None:
        """The proposal about a movement or an account that waits for its second person."""
        table = suspense_closings.c
        mine = (table.movement_id == about) & (table.state == ClosingState.PROPOSED.value)
        found = self._connection.execute(select(table.document).where(mine).limit(1)).scalar()
        return None if found is None else _CODEC.validate_json(found)

    def standing(self, movement_id: str) -> Closing | None:
        """The proposal that waits for its second person, or that was carried out; refused ones are history."""
        table = suspense_closings.c
        query = select(table.document).where(
            table.movement_id == movement_id, table.state != ClosingState.REFUSED.value
        )  # fmt: skip
        found = self._connection.execute(query.order_by(table.proposed_at.desc()).limit(1)).scalar()
        return None if found is None else _CODEC.validate_json(found)
