"""Pictures from the customer's own phone: which case a link leads to."""

import sqlalchemy as sa
from alembic import op

from server.store.types import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """One row for each link that was made, by the digest of its code; what became of it stands in the case."""
    op.create_table(
        "capture_links",
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("link_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_capture_links_case_id_cases")),
        sa.PrimaryKeyConstraint("code_digest", name=op.f("pk_capture_links")),
    )
    op.create_index(op.f("ix_capture_links_at"), "capture_links", ["at"])


def downgrade() -> None:
    op.drop_table("capture_links")
