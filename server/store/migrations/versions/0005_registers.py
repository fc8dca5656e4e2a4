"""Registers: seals, key items, voids, reprints."""

import sqlalchemy as sa
from alembic import op

from server.store.types import Sequence64, UtcDateTime

revision = "0005"
down_revision = "0004"

_APPEND_ONLY = ("seal_permissions", "voucher_copies")


def _permissions() -> None:
    table = op.create_table(
        "seal_permissions",
        sa.Column("sequence", Sequence64, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("branch", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_seal_permissions")),
    )
    # What every counter begins with: its tellers seal with the branch's seal.
    first = {"at": sa.func.now(), "who": "server", "role": "teller", "branch": "*", "text": "*", "place": "branch"}
    op.execute(table.insert().values(**first))


def _copies() -> None:
    op.create_table(
        "voucher_copies",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["vouchers.number"], name=op.f("fk_voucher_copies_number")),
        sa.PrimaryKeyConstraint("number", "kind", "ordinal", name=op.f("pk_voucher_copies")),
        sa.UniqueConstraint("digest", name=op.f("uq_voucher_copies_digest")),
    )


def _refuse_changes(table: str) -> None:
    """As in the first schema: a line of a book can be neither changed nor removed."""
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION guitai_append_only()"
    )


def upgrade() -> None:
    """Apply the step."""
    op.add_column("registers", sa.Column("branch", sa.String(length=64), nullable=False, server_default=""))
    op.create_index("ix_registers_kind_sequence", "registers", ["kind", "sequence"], unique=False)
    op.create_index("ix_registers_at", "registers", ["at"], unique=False)
    _permissions()
    _copies()
    for table in _APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("voucher_copies")
    op.drop_table("seal_permissions")
    op.drop_index("ix_registers_at", "registers")
    op.drop_index("ix_registers_kind_sequence", "registers")
    op.drop_column("registers", "branch")
