"""Sign-on: wrong passwords are counted in the database, for all processes of the server."""

import sqlalchemy as sa
from alembic import op

from server.store.types import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """One row for each login that was guessed at, whether it exists or not."""
    op.create_table(
        "failed_sign_ons",
        sa.Column("login_hash", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("free_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("login_hash", name=op.f("pk_failed_sign_ons")),
    )
    op.create_index(op.f("ix_failed_sign_ons_at"), "failed_sign_ons", ["at"])


def downgrade() -> None:
    op.drop_table("failed_sign_ons")
