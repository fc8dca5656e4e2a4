"""Scenarios: products, sign-ups, limits, screening."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply the step."""


def downgrade() -> None:
    """Take the step back."""
