"""Registers: seals, key items, voids, reprints."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply the step."""


def downgrade() -> None:
    """Take the step back."""
