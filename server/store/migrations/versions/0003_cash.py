"""Cash: cash units, replenishment tasks, handovers."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply the step."""


def downgrade() -> None:
    """Take the step back."""
