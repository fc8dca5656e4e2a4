"""Tables of cash: replenishment tasks, closed suspense items, suspect notes; their history is in the registers."""

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

suspense_closings = Table(
    "suspense_closings",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("movement_id", String(36), nullable=False),
    Column("state", String(16), nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_suspense_closings_movement_id", "movement_id"),
)

suspect_notes = Table(
    "suspect_notes",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", String(36), nullable=False),
    Column("machine", String(16), nullable=False),
    Column("serial", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_suspect_notes_case_id", "case_id"),
    Index("ix_suspect_notes_serial", "serial"),
)
