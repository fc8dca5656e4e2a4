"""Trust: portraits that customers let the bank keep for their next visit."""

import sqlalchemy as sa
from alembic import op

from server.store.types import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """One portrait for each visit at most; whose and until when."""
    op.create_table(
        "kept_faces",
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_kept_faces_case_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_kept_faces_customer_id")),
        sa.PrimaryKeyConstraint("customer_id", "case_id", name=op.f("pk_kept_faces")),
    )
    op.create_index(op.f("ix_kept_faces_digest"), "kept_faces", ["digest"])
    op.create_index(op.f("ix_kept_faces_until"), "kept_faces", ["until"])


def downgrade() -> None:
    op.drop_table("kept_faces")
