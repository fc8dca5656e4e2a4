"""Permissions to seal, and copies of vouchers; both append-only. The registers themselves: `server.store.tables`."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from server.store.tables import metadata
from server.store.types import Sequence64, UtcDateTime

seal_permissions = Table(
    "seal_permissions",
    metadata,
    Column("sequence", Sequence64, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(16), nullable=False),
    Column("role", String(16), nullable=False),
    Column("branch", String(64), nullable=False),
    Column("text", String(32), nullable=False),
    Column("place", String(16)),
)

voucher_copies = Table(
    "voucher_copies",
    metadata,
    Column("number", String(24), ForeignKey("vouchers.number"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(16), nullable=False),
    Column("reason", String(200), nullable=False),
)
