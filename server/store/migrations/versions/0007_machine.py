"""Machine: suspect notes, closed suspense items, remote actions."""

import sqlalchemy as sa
from alembic import op

from server.store.types import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply the step."""
    _orders()
    _closings()
    _suspect_notes()


def _closings() -> None:
    """What two persons found out about cash in suspense."""
    op.create_table(
        "suspense_closings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("movement_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspense_closings")),
    )
    op.create_index("ix_suspense_closings_movement_id", "suspense_closings", ["movement_id"], unique=False)


def _suspect_notes() -> None:
    """Notes that a machine did not trust."""
    op.create_table(
        "suspect_notes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("machine", sa.String(length=16), nullable=False),
        sa.Column("serial", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspect_notes")),
    )
    op.create_index("ix_suspect_notes_case_id", "suspect_notes", ["case_id"], unique=False)
    op.create_index("ix_suspect_notes_serial", "suspect_notes", ["serial"], unique=False)


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
    op.drop_table("suspect_notes")
    op.drop_table("suspense_closings")
    op.drop_table("machine_orders")
