"""Business: yearly sums, passbooks, corporate customers, appointments."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply the step."""
    _counted_for()
    _companies()


def downgrade() -> None:
    """Take the step back."""
    _no_companies()
    _counted_for_nobody()


def _counted_for() -> None:
    """Whom a registration is counted for beside the customer: accounts that an agent opened for others."""
    op.add_column("products", sa.Column("subject", sa.String(length=64)))
    op.create_index("ix_products_subject_kind", "products", ["subject", "kind"], unique=False)


def _counted_for_nobody() -> None:
    op.drop_index("ix_products_subject_kind", table_name="products")
    op.drop_column("products", "subject")


def _companies() -> None:
    """Customers are persons or companies."""
    op.add_column("customers", sa.Column("kind", sa.String(length=8), nullable=False, server_default="person"))


def _no_companies() -> None:
    op.drop_column("customers", "kind")
