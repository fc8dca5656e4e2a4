"""Tables of machines as staff command them: one row an order, and its trace in the registers."""

from sqlalchemy import Column, Index, String, Table, Text

from server.store.tables import metadata
from server.store.types import UtcDateTime

machine_orders = Table(
    "machine_orders",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("machine", String(16), nullable=False),
    Column("action", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_machine_orders_machine_at", "machine", "at"),
)
