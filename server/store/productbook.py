"""Registrations by kind and key. The row is the present state; what each case changed stands in the case."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from common.errors import ServiceError
from server.store.product_tables import products
from server.store.types import UtcDateTime

_INSERT = (
    "INSERT INTO products (kind, key, customer_id, status, data, case_id, changed_at, subject) "
    "VALUES (:kind, :key, :customer, :status, :data, :case_id, :at, :subject) ON CONFLICT (kind, key) DO "
)
_UNLESS_KNOWN = "NOTHING"
_OR_CHANGE = (
    "UPDATE SET customer_id = excluded.customer_id, status = excluded.status, data = excluded.data, "
    "case_id = excluded.case_id, changed_at = excluded.changed_at, subject = excluded.subject"
)
Cells = Mapping[str, str | int | None]


class ProductBook:
    """Reads and writes registrations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, kind: str, key: str, *, lock: bool = False) -> dict[str, Any] | None:
        """The cells. ``lock``: nobody else changes them until this unit ends."""
        query = select(products.c.data).where(products.c.kind == kind, products.c.key == key)
        data = self._connection.execute(query.with_for_update() if lock else query).scalar_one_or_none()
        return None if data is None else json.loads(data)

    def of_customer(self, kind: str, customer_id: str) -> dict[str, dict[str, Any]]:
        """Key to cells, of one kind."""
        query = select(products.c.key, products.c.data).where(
            products.c.customer_id == customer_id, products.c.kind == kind
        )
        return {key: json.loads(data) for key, data in self._connection.execute(query.order_by(products.c.key))}

    def case_of(self, kind: str, key: str) -> str:
        """Id of the case that changed a known registration last."""
        query = select(products.c.case_id).where(products.c.kind == kind, products.c.key == key)
        found: str = self._connection.execute(query).scalar_one()
        return found

    def of_subject(self, kind: str, subject: str) -> list[str]:
        """Keys of what stands of one kind for a subject."""
        mine = products.c.subject == subject, products.c.kind == kind, products.c.status == "active"
        return list(self._connection.execute(select(products.c.key).where(*mine).order_by(products.c.key)).scalars())

    def in_state(self, kind: str, status: str) -> list[tuple[str, dict[str, Any]]]:
        """Key and cells of every registration of a kind in a state, oldest change first."""
        query = select(products.c.key, products.c.data).where(products.c.kind == kind, products.c.status == status)
        rows = self._connection.execute(query.order_by(products.c.changed_at))
        return [(key, json.loads(data)) for key, data in rows]

    def put(self, kind: str, key: str, cells: Cells, case_id: str, at: datetime, *, first: bool = False) -> None:
        """Store the present state. ``first``: whoever decided on it found none, and so there may be none yet.

        Raises:
            ServiceError: ``store.unavailable``: somebody else stored a first one in the same moment. Nothing of this
                unit may be kept; asked again, it finds that one.
        """
        statement = text(_INSERT + (_UNLESS_KNOWN if first else _OR_CHANGE)).bindparams(
            bindparam("at", type_=UtcDateTime())
        )
        values = {
            "kind": kind,
            "key": key,
            "customer": cells.get("customer_id"),
            "status": cells.get("status") or "active",
            "data": json.dumps(dict(cells), ensure_ascii=False, sort_keys=True),
            "case_id": case_id,
            "at": at,
            "subject": cells.get("subject"),
        }
        if self._connection.execute(statement, values).rowcount == 0:
            raise ServiceError("store.unavailable")
