"""The first schema: people, customers, the books, cases, commands, registers; books and registers append-only."""

import sqlalchemy as sa
from alembic import op

from server.store.types import Sequence64, UtcDateTime

revision = "0001"
down_revision = None

_APPEND_ONLY = ("entries", "postings", "registers")


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scenario", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("visit_open", sa.Boolean(), nullable=False),
        sa.Column("kiosk", sa.String(length=16), nullable=False),
        sa.Column("teller", sa.String(length=16), nullable=True),
        sa.Column("ticket", sa.String(length=16), nullable=False),
        sa.Column("waiting_since", UtcDateTime(), nullable=True),
        sa.Column("ringing_seat", sa.String(length=16), nullable=True),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("voucher_due", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("business_date", "number", name=op.f("uq_cases_business_date_number")),
    )
    op.create_index("ix_cases_created_at", "cases", ["created_at"], unique=False)
    op.create_index("ix_cases_kiosk_visit_open", "cases", ["kiosk", "visit_open"], unique=False)
    op.create_index("ix_cases_teller_created_at", "cases", ["teller", "created_at"], unique=False)
    op.create_index("ix_cases_ticket_waiting_since", "cases", ["ticket", "waiting_since"], unique=False)
    op.create_index("ix_cases_voucher_due", "cases", ["voucher_due"], unique=False)


def _commands() -> None:
    op.create_table(
        "commands",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("maker", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint("state in ('started', 'done', 'refused')", name=op.f("ck_commands_state")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_commands")),
    )


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("sex", sa.String(length=4), nullable=False),
        sa.Column("nation", sa.String(length=32), nullable=False),
        sa.Column("birth", sa.Date(), nullable=False),
        sa.Column("address", sa.String(length=256), nullable=False),
        sa.Column("id_number", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("id_number", name=op.f("uq_customers_id_number")),
    )


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("sequence", Sequence64, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=True),
        sa.Column("reverses", sa.String(length=36), nullable=True),
        sa.Column("text_zh", sa.String(length=128), nullable=True),
        sa.Column("text_en", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_entries")),
        sa.UniqueConstraint("id", name=op.f("uq_entries_id")),
    )
    op.create_index(op.f("ix_entries_business_date"), "entries", ["business_date"], unique=False)
    op.create_index(op.f("ix_entries_case_id"), "entries", ["case_id"], unique=False)
    op.create_index(op.f("ix_entries_reverses"), "entries", ["reverses"], unique=False)


def _ledger_accounts() -> None:
    op.create_table(
        "ledger_accounts",
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind in ('asset', 'liability', 'equity')", name=op.f("ck_ledger_accounts_kind")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ledger_accounts")),
    )
    op.create_index(op.f("ix_ledger_accounts_role"), "ledger_accounts", ["role"], unique=False)


def _machines() -> None:
    op.create_table(
        "machines",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("report_at", UtcDateTime(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_machines")),
    )


def _registers() -> None:
    op.create_table(
        "registers",
        sa.Column("sequence", Sequence64, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_registers")),
    )
    op.create_index(op.f("ix_registers_case_id"), "registers", ["case_id"], unique=False)


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("branch", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.String(length=16), nullable=True),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
        sa.UniqueConstraint("number", name=op.f("uq_users_number")),
    )


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("ledger_code", sa.String(length=48), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_accounts_customer_id")),
        sa.ForeignKeyConstraint(["ledger_code"], ["ledger_accounts.code"], name=op.f("fk_accounts_ledger_code")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_accounts")),
        sa.UniqueConstraint("ledger_code", name=op.f("uq_accounts_ledger_code")),
    )
    op.create_index(op.f("ix_accounts_customer_id"), "accounts", ["customer_id"], unique=False)


def _cash_movements() -> None:
    op.create_table(
        "cash_movements",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("machine", sa.String(length=16), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("settled_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("suspense_ref", sa.String(length=24), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_cash_movements_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_movements")),
        sa.UniqueConstraint("suspense_ref", name=op.f("uq_cash_movements_suspense_ref")),
    )
    op.create_index(op.f("ix_cash_movements_case_id"), "cash_movements", ["case_id"], unique=False)
    op.create_index("ix_cash_movements_machine_state", "cash_movements", ["machine", "state"], unique=False)


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("captured_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_evidence_case_id")),
        sa.PrimaryKeyConstraint("case_id", "digest", "kind", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_digest", "evidence", ["digest"], unique=False)


def _holds() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=48), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_holds_positive")),
        sa.ForeignKeyConstraint(["account"], ["ledger_accounts.code"], name=op.f("fk_holds_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index("ix_holds_account_state", "holds", ["account", "state"], unique=False)
    op.create_index(op.f("ix_holds_case_id"), "holds", ["case_id"], unique=False)


def _postings() -> None:
    op.create_table(
        "postings",
        sa.Column("entry_sequence", Sequence64, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=48), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_postings_not_empty")),
        sa.ForeignKeyConstraint(["account"], ["ledger_accounts.code"], name=op.f("fk_postings_account")),
        sa.ForeignKeyConstraint(["entry_sequence"], ["entries.sequence"], name=op.f("fk_postings_entry_sequence")),
        sa.PrimaryKeyConstraint("entry_sequence", "line", name=op.f("pk_postings")),
    )
    op.create_index("ix_postings_account_entry_sequence", "postings", ["account", "entry_sequence"], unique=False)


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("case_number", sa.String(length=16), nullable=False),
        sa.Column("scenario", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("maker", sa.String(length=16), nullable=False),
        sa.Column("authoriser", sa.String(length=16), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.Column("assigned_at", UtcDateTime(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("deadline", UtcDateTime(), nullable=True),
        sa.Column("passed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tasks_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index("ix_tasks_authoriser_decided_at", "tasks", ["authoriser", "decided_at"], unique=False)
    op.create_index(op.f("ix_tasks_case_id"), "tasks", ["case_id"], unique=False)
    op.create_index("ix_tasks_state_submitted_at", "tasks", ["state", "submitted_at"], unique=False)


def _vouchers() -> None:
    op.create_table(
        "vouchers",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_vouchers_case_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_vouchers")),
        sa.UniqueConstraint("case_id", name=op.f("uq_vouchers_case_id")),
        sa.UniqueConstraint("code", name=op.f("uq_vouchers_code")),
    )


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("number", sa.String(length=19), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("pin_hash", sa.String(length=256), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_cards_account")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cards")),
    )
    op.create_index(op.f("ix_cards_account"), "cards", ["account"], unique=False)


def _refuse_changes(table: str) -> None:
    """A posted line can be neither changed nor removed, whatever a program does."""
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
    _cases()
    _commands()
    _counters()
    _customers()
    _entries()
    _ledger_accounts()
    _machines()
    _registers()
    _users()
    _accounts()
    _cash_movements()
    _evidence()
    _holds()
    _postings()
    _sessions()
    _tasks()
    _vouchers()
    _cards()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION guitai_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in _APPEND_ONLY:
        _refuse_changes(table)


def downgrade() -> None:
    op.drop_table("cards")
    op.drop_table("vouchers")
    op.drop_table("tasks")
    op.drop_table("sessions")
    op.drop_table("postings")
    op.drop_table("holds")
    op.drop_table("evidence")
    op.drop_table("cash_movements")
    op.drop_table("accounts")
    op.drop_table("users")
    op.drop_table("registers")
    op.drop_table("machines")
    op.drop_table("ledger_accounts")
    op.drop_table("entries")
    op.drop_table("customers")
    op.drop_table("counters")
    op.drop_table("commands")
    op.drop_table("cases")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION guitai_append_only()")
