"""Cash: replenishment tasks."""

import sqlalchemy as sa
from alembic import op

from server.store.types import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "replenishments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("machine", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replenishments")),
    )
    op.create_index("ix_replenishments_machine_state", "replenishments", ["machine", "state"], unique=False)
    op.create_index("ix_replenishments_raised_at", "replenishments", ["raised_at"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("replenishments")
