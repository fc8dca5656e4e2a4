"""Identity: consents, verification queries, answers kept for a time; the ledgers append-only."""

import sqlalchemy as sa
from alembic import op

from server.store.types import Sequence64, UtcDateTime

revision = "0002"
down_revision = "0001"

_APPEND_ONLY = ("consents", "verification_queries")


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("sequence", Sequence64, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=48), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_consents_case_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_consents_customer_id")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_case_id"), "consents", ["case_id"], unique=False)
    op.create_index(op.f("ix_consents_customer_id"), "consents", ["customer_id"], unique=False)


def _queries() -> None:
    op.create_table(
        "verification_queries",
        sa.Column("sequence", Sequence64, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("verification_id", sa.String(length=36), nullable=False),
        sa.Column("who", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=48), nullable=False),
        sa.Column("elements", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("cost_minor", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_verification_queries_case_id")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_verification_queries")),
    )
    op.create_index(op.f("ix_verification_queries_case_id"), "verification_queries", ["case_id"], unique=False)


def _answers() -> None:
    op.create_table(
        "verification_answers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("elements", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_answers")),
    )
    op.create_index("ix_verification_answers_at", "verification_answers", ["at"], unique=False)
    op.create_index("ix_verification_answers_subject_at", "verification_answers", ["subject", "at"], unique=False)


def _refuse_changes(table: str) -> None:
    """As in the first schema: a line of a ledger can be neither changed nor removed."""
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
    _consents()
    _queries()
    _answers()
    for table in _APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("verification_answers")
    op.drop_table("verification_queries")
    op.drop_table("consents")
