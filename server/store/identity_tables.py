"""Identity trust: consents, what authorities were asked, their answers for a time, portraits kept by consent."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from server.store.tables import metadata
from server.store.types import Sequence64, UtcDateTime

consents = Table(
    "consents",
    metadata,
    Column("sequence", Sequence64, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("customer_id", String(36), ForeignKey("customers.id"), index=True),
    Column("case_id", String(36), ForeignKey("cases.id"), nullable=False, index=True),
    Column("purpose", String(48), nullable=False),
    Column("state", String(16), nullable=False),
    Column("text", String(32), nullable=False),
    Column("by", String(16), nullable=False),
)

queries = Table(
    "verification_queries",
    metadata,
    Column("sequence", Sequence64, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("case_id", String(36), ForeignKey("cases.id"), nullable=False, index=True),
    Column("verification_id", String(36), nullable=False),
    Column("who", String(16), nullable=False),
    Column("purpose", String(48), nullable=False),
    Column("elements", String(8), nullable=False),
    Column("source", String(32), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("ms", Integer, nullable=False),
    Column("cost_minor", Integer, nullable=False),
)

answers = Table(
    "verification_answers",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("subject", String(64), nullable=False),
    Column("elements", String(8), nullable=False),
    Column("source", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("sealed", Text, nullable=False),
    Index("ix_verification_answers_subject_at", "subject", "at"),
    Index("ix_verification_answers_at", "at"),
)

kept_faces = Table(
    "kept_faces",
    metadata,
    Column("customer_id", String(36), ForeignKey("customers.id"), primary_key=True),
    Column("case_id", String(36), ForeignKey("cases.id"), primary_key=True),
    Column("digest", String(64), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False, index=True),
)
