"""Identity: consents, verification queries, chip readings."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply the step."""


def downgrade() -> None:
    """Take the step back."""
