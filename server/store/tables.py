"""All tables. The schema itself is made by the migrations; a test holds the two equal."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.store.types import Sequence64, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- people and machines -----------------------------------------------------------------------------------------

users = Table(
    "users",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("number", String(16), nullable=False, unique=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("branch", String(64), nullable=False),
    Column("seat", String(16)),
    Column("limit_minor", BigInteger),
    Column("currency", String(3), nullable=False, default="CNY"),
    Column("place", String(64)),
    Column("password_hash", String(256), nullable=False),
    Column("active", Boolean, nullable=False, default=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", String(36), ForeignKey("users.id"), nullable=False, index=True),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

failed_sign_ons = Table(
    "failed_sign_ons",
    metadata,
    Column("login_hash", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("free_at", UtcDateTime, nullable=False),
)

machines = Table(
    "machines",
    metadata,
    Column("number", String(16), primary_key=True),
    Column("place", String(64), nullable=False),
    Column("report", Text),
    Column("report_at", UtcDateTime),
    Column("opened_at", UtcDateTime),
)

# --- customers ---------------------------------------------------------------------------------------------------

customers = Table(
    "customers",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("sex", String(4), nullable=False),
    Column("nation", String(32), nullable=False),
    Column("birth", Date, nullable=False),
    Column("address", String(256), nullable=False),
    Column("id_number", String(32), nullable=False, unique=True),
    Column("phone", String(20)),
    Column("kind", String(8), nullable=False, server_default="person"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("customer_id", String(36), ForeignKey("customers.id"), nullable=False, index=True),
    Column("ledger_code", String(48), ForeignKey("ledger_accounts.code"), nullable=False, unique=True),
    Column("currency", String(3), nullable=False),
    Column("status", String(16), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("account_class", String(8), nullable=False, server_default="1"),
    Column("bound_account", String(32)),
    Column("purpose", String(32)),
)

cards = Table(
    "cards",
    metadata,
    Column("number", String(19), primary_key=True),
    Column("account", String(32), ForeignKey("accounts.number"), nullable=False, index=True),
    Column("status", String(16), nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("pin_hash", String(256), nullable=False),
    Column("tries_left", Integer, nullable=False),
)

# --- the books ---------------------------------------------------------------------------------------------------

ledger_accounts = Table(
    "ledger_accounts",
    metadata,
    Column("code", String(48), primary_key=True),
    Column("role", String(24), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("balance_minor", BigInteger, nullable=False, default=0),
    CheckConstraint("kind in ('asset', 'liability', 'equity')", name="kind"),
)

entries = Table(
    "entries",
    metadata,
    Column("sequence", Sequence64, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("kind", String(48), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("business_date", Date, nullable=False, index=True),
    Column("case_id", String(36), index=True),
    Column("reverses", String(36), index=True),
    Column("text_zh", String(128)),
    Column("text_en", String(128)),
)

postings = Table(
    "postings",
    metadata,
    Column("entry_sequence", Sequence64, ForeignKey("entries.sequence"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("account", String(48), ForeignKey("ledger_accounts.code"), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    CheckConstraint("amount_minor <> 0", name="not_empty"),
    Index("ix_postings_account_entry_sequence", "account", "entry_sequence"),
)

holds = Table(
    "holds",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("account", String(48), ForeignKey("ledger_accounts.code"), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("case_id", String(36), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    CheckConstraint("amount_minor > 0", name="positive"),
    Index("ix_holds_account_state", "account", "state"),
)

# --- cases -------------------------------------------------------------------------------------------------------

cases = Table(
    "cases",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("number", String(16), nullable=False),
    Column("business_date", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("scenario", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("step", String(32), nullable=False),
    Column("visit_open", Boolean, nullable=False),
    Column("kiosk", String(16), nullable=False),
    Column("teller", String(16)),
    Column("ticket", String(16), nullable=False),
    Column("waiting_since", UtcDateTime),
    Column("ringing_seat", String(16)),
    Column("customer", String(64)),
    Column("amount_minor", BigInteger),
    Column("currency", String(3)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("rating", Integer),
    Column("voucher_due", Boolean, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("business_date", "number"),
    Index("ix_cases_kiosk_visit_open", "kiosk", "visit_open"),
    Index("ix_cases_teller_created_at", "teller", "created_at"),
    Index("ix_cases_ticket_waiting_since", "ticket", "waiting_since"),
    Index("ix_cases_voucher_due", "voucher_due"),
    Index("ix_cases_created_at", "created_at"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("case_id", String(36), ForeignKey("cases.id"), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("media_type", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("captured_at", UtcDateTime, nullable=False),
    Column("by", String(16), nullable=False),
    Index("ix_evidence_digest", "digest"),
)

capture_links = Table(
    "capture_links",
    metadata,
    Column("code_digest", String(64), primary_key=True),
    Column("link_id", String(36), nullable=False),
    Column("case_id", String(36), ForeignKey("cases.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", String(36), ForeignKey("cases.id"), nullable=False, index=True),
    Column("case_number", String(16), nullable=False),
    Column("scenario", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("maker", String(16), nullable=False),
    Column("authoriser", String(16)),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("submitted_at", UtcDateTime, nullable=False),
    Column("assigned_at", UtcDateTime),
    Column("opened_at", UtcDateTime),
    Column("decided_at", UtcDateTime),
    Column("deadline", UtcDateTime),
    Column("passed", Text, nullable=False),
    Index("ix_tasks_state_submitted_at", "state", "submitted_at"),
    Index("ix_tasks_authoriser_decided_at", "authoriser", "decided_at"),
)

cash_movements = Table(
    "cash_movements",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", String(36), ForeignKey("cases.id"), nullable=False, index=True),
    Column("machine", String(16), nullable=False),
    Column("direction", String(4), nullable=False),
    Column("state", String(16), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("settled_minor", BigInteger),
    Column("currency", String(3), nullable=False),
    Column("suspense_ref", String(24), unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_cash_movements_machine_state", "machine", "state"),
)

vouchers = Table(
    "vouchers",
    metadata,
    Column("number", String(24), primary_key=True),
    Column("code", String(12), nullable=False, unique=True),
    Column("case_id", String(36), ForeignKey("cases.id"), nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("content_digest", String(64), nullable=False),
    Column("sealed_at", UtcDateTime, nullable=False),
)

# --- commands, registers, counters -------------------------------------------------------------------------------

commands = Table(
    "commands",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("maker", String(16), nullable=False),
    Column("name", String(48), nullable=False),
    Column("body_digest", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("outcome", Text, nullable=False),
    CheckConstraint("state in ('started', 'done', 'refused')", name="state"),
)

registers = Table(
    "registers",
    metadata,
    Column("sequence", Sequence64, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("who", String(16), nullable=False),
    Column("case_id", String(36), index=True),
    Column("subject", String(80), nullable=False),
    Column("data", Text, nullable=False),
    Column("branch", String(64), nullable=False, server_default=""),
    Index("ix_registers_kind_sequence", "kind", "sequence"),
    Index("ix_registers_at", "at"),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(48), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
