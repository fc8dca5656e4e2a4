"""What customers hold beside accounts and cards: sign-ups, limits, deposits, keys; one row a registration.

``subject``: whom else it is counted for beside the customer (an agent's identity number).
"""

from sqlalchemy import Column, Index, String, Table, Text

from server.store.tables import metadata
from server.store.types import UtcDateTime

products = Table(
    "products",
    metadata,
    Column("kind", String(24), primary_key=True),
    Column("key", String(96), primary_key=True),
    Column("customer_id", String(36)),
    Column("status", String(16), nullable=False),
    Column("data", Text, nullable=False),
    Column("case_id", String(36), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("subject", String(64)),
    Index("ix_products_customer_id_kind", "customer_id", "kind"),
    Index("ix_products_subject_kind", "subject", "kind"),
)
