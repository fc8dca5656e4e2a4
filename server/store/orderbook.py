"""Orders to machines from afar, and what the newest of them make of a machine: in service or out of it."""

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from common.errors import UserError
from common.wire.machine import OrderAction
from server.store.machine_tables import machine_orders
from teller.machines.orders import Order, OrderState

_CODEC = TypeAdapter(Order)
_OPEN = (OrderState.GIVEN.value, OrderState.BEGUN.value)
_SERVICE = (OrderAction.OUT_OF_SERVICE.value, OrderAction.INTO_SERVICE.value)


class OrderBook:
    """One row an order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, order: Order) -> None:
        """Store a new order, or the next state of a known one."""
        values = {"state": order.state.value, "document": _CODEC.dump_json(order).decode()}
        this = machine_orders.c.id == order.id
        if self._connection.execute(machine_orders.update().where(this).values(**values)).rowcount == 0:
            fixed = {"id": order.id, "machine": order.machine, "action": order.action.value, "at": order.at}
            self._connection.execute(machine_orders.insert().values(**fixed, **values))

    def get(self, order_id: str) -> Order:
        """Raises ``order.not_found``."""
        query = select(machine_orders.c.document).where(machine_orders.c.id == order_id).with_for_update()
        found = self._connection.execute(query).scalar()
        if found is None:
            raise UserError("order.not_found")
        return _CODEC.validate_json(found)

    def newest(self, machine: str, limit: int) -> list[Order]:
        """Newest first."""
        table = machine_orders.c
        query = select(table.document).where(table.machine == machine).order_by(table.at.desc(), table.id.desc())
        return [_CODEC.validate_json(row.document) for row in self._connection.execute(query.limit(limit))]

    def open(self, machine: str) -> list[Order]:
        """Given or begun, oldest first."""
        table = machine_orders.c
        query = select(table.document).where(table.machine == machine, table.state.in_(_OPEN))
        found = self._connection.execute(query.order_by(table.at, table.id))
        return [_CODEC.validate_json(row.document) for row in found]

    def in_service(self, machine: str) -> bool:
        """Whether the machine serves: unless the last word about it was to go out of service."""
        table = machine_orders.c
        last = select(table.action).where(
            table.machine == machine, table.action.in_(_SERVICE), table.state == OrderState.DONE.value
        )
        action = self._connection.execute(last.order_by(table.at.desc(), table.id.desc()).limit(1)).scalar()
        return action != OrderAction.OUT_OF_SERVICE.value
