"""Tables of replenishment: one row a task, its history in the registers."""

from sqlalchemy import Column, Index, String, Table, Text

from server.store.tables import metadata
from server.store.types import UtcDateTime

replenishments = Table(
    "replenishments",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("machine", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_replenishments_machine_state", "machine", "state"),
    Index("ix_replenishments_raised_at", "raised_at"),
)
