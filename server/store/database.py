"""Engine and transactions: SQLite in WAL mode with one writer at a time, or PostgreSQL with row locks."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from common.errors import ServiceError, UserError
from server.store.migrate import upgrade
from server.store.unit import Unit

log = logging.getLogger(__name__)

BUSY_MS = 5_000
_WRITES = "guitai_writes"


def sqlite_url(data_dir: Path) -> str:
    """The database of an installation that names none."""
    return f"sqlite+pysqlite:///{data_dir / 'guitai.sqlite3'}"


def make_engine(url: str) -> Engine:
    """An engine for the URL; a bare ``postgresql://`` means psycopg 3. Nothing is connected yet.

    Raises:
        UserError: ``store.bad_url``, no database's address, or of a kind whose driver is not here.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        parsed.get_dialect().import_dbapi()
    except (ArgumentError, ImportError) as error:
        raise UserError("store.bad_url") from error
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, isolation_level="READ COMMITTED")
    engine = create_engine(parsed, connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions of its own: a writer takes its lock at BEGIN, not at the first write.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """Units of work on one database. Safe to use from several threads; closed by whoever made it."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url)

    @property
    def engine(self) -> Engine:
        return self._engine

    def migrate(self) -> None:
        """Bring the schema to the newest version.

        Raises:
            ServiceError: ``store.unavailable`` | ``store.not_a_database`` (``file``).
        """
        with _translated(self._engine), self._engine.execution_options(**{_WRITES: True}).begin() as connection:
            upgrade(connection)

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """A unit that only looks; rolled back at the end."""
        with _translated(self._engine), self._engine.connect() as connection, connection.begin() as transaction:
            yield Unit(connection)
            transaction.rollback()

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """A unit that is committed when the block ends, and rolled back when it raises.

        Raises:
            ServiceError: ``store.unavailable``, retryable: nothing of the unit was kept.
        """
        engine = self._engine.execution_options(**{_WRITES: True})
        with _translated(self._engine), engine.begin() as connection:
            yield Unit(connection)

    def check(self) -> None:
        """Raises ``store.unavailable`` when the database does not answer."""
        with _translated(self._engine), self._engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        log.warning("database unavailable", extra={"error": type(error.orig).__name__})
        raise ServiceError("store.unavailable") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise ServiceError("store.unavailable") from error
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            # Whoever named the file can put it right, and trying again cannot. Clients may hear this: no path.
            log.error("the file is not a database", extra={"error": type(error.orig).__name__})
            file = Path(engine.url.database or "").name
            raise ServiceError("store.not_a_database", retryable=False, file=file) from error
        raise
