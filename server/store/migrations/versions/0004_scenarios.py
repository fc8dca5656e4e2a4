"""Scenarios: classes of accounts; sign-ups, limits, deposits and keys as registrations."""

import sqlalchemy as sa
from alembic import op

from server.store.types import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply the step."""
    op.add_column("accounts", sa.Column("account_class", sa.String(length=8), nullable=False, server_default="1"))
    op.add_column("accounts", sa.Column("bound_account", sa.String(length=32)))
    op.add_column("accounts", sa.Column("purpose", sa.String(length=32)))
    op.create_table(
        "products",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("customer_id", sa.String(length=36)),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_products")),
    )
    op.create_index("ix_products_customer_id_kind", "products", ["customer_id", "kind"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("products")
    for column in ("purpose", "bound_account", "account_class"):
        op.drop_column("accounts", column)
