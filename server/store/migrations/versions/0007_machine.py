"""Machine: suspect notes, closed suspense items, remote actions."""

import sqlalchemy as sa
from alembic import op

from server.store.types import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply the step."""
    _orders()


def _orders() -> None:
    """What staff order machines from afar."""
    op.create_table(
        "machine_orders",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("machine", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_orders")),
    )
    op.create_index("ix_machine_orders_machine_at", "machine_orders", ["machine", "at"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("machine_orders")
