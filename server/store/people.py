"""Users and their sessions."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects import postgresql, sqlite

from common.wire.base import Amount
from common.wire.sessions import Role
from server.services.ports import FailedSignOns, Principal, SessionRecord, UserRecord
from server.store.tables import failed_sign_ons, sessions, users


def _record(row: Row[Any]) -> UserRecord:
    limit = None if row.limit_minor is None else Amount(minor=row.limit_minor, currency=row.currency)
    who = Principal(row.id, row.number, row.name, Role(row.role), row.branch, row.seat, limit, row.place)
    return UserRecord(who, row.login, row.password_hash, row.active)


class People:
    """Users by login, id and number; sessions by the hash of their token; wrong passwords by the hash of the login."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, user: UserRecord) -> None:
        who = user.principal
        self._connection.execute(
            users.insert().values(
                id=who.id,
                number=who.number,
                login=user.login,
                name=who.name,
                role=who.role.value,
                branch=who.branch,
                seat=who.seat,
                limit_minor=who.limit.minor if who.limit else None,
                currency=who.limit.currency if who.limit else "CNY",
                place=who.place,
                password_hash=user.password_hash,
                active=user.active,
            )
        )

    def by_login(self, login: str) -> UserRecord | None:
        row = self._connection.execute(select(users).where(users.c.login == login)).first()
        return None if row is None else _record(row)

    def by_id(self, user_id: str) -> UserRecord | None:
        row = self._connection.execute(select(users).where(users.c.id == user_id)).first()
        return None if row is None else _record(row)

    def by_number(self, number: str) -> UserRecord | None:
        row = self._connection.execute(select(users).where(users.c.number == number)).first()
        return None if row is None else _record(row)

    def any(self) -> bool:
        return self._connection.execute(select(users.c.id).limit(1)).first() is not None

    # --- sessions ---

    def put_session(self, session: SessionRecord) -> None:
        self._connection.execute(
            sessions.insert().values(
                token_hash=session.token_hash, user_id=session.user_id, expires_at=session.expires_at
            )
        )

    def session(self, token_hash: str) -> SessionRecord | None:
        row = self._connection.execute(select(sessions).where(sessions.c.token_hash == token_hash)).first()
        return None if row is None else SessionRecord(*row)

    def remove_session(self, token_hash: str) -> None:
        self._connection.execute(sessions.delete().where(sessions.c.token_hash == token_hash))

    def remove_expired(self, now: datetime) -> None:
        self._connection.execute(sessions.delete().where(sessions.c.expires_at <= now))

    # --- wrong passwords ---

    def failed_sign_ons(self, login_hash: str, *, to_change: bool = False) -> FailedSignOns | None:
        """``to_change``: nobody else changes them before this unit ends, also where there were none."""
        if to_change:
            # A row that does not exist cannot be locked: two first ones at once would both begin to count.
            never = datetime.fromtimestamp(0, UTC)
            empty = self._insert().values(login_hash=login_hash, count=0, at=never, free_at=never)
            self._connection.execute(empty.on_conflict_do_nothing(index_elements=("login_hash",)))
        wanted = select(failed_sign_ons).where(failed_sign_ons.c.login_hash == login_hash)
        row = self._connection.execute(wanted.with_for_update() if to_change else wanted).first()
        known = None if row is None else FailedSignOns(*row)
        return known if known is not None and known.count else None

    def _insert(self) -> sqlite.Insert | postgresql.Insert:
        """Both databases have ``ON CONFLICT``, in the same words; SQLAlchemy has them by dialect only."""
        if self._connection.dialect.name == "postgresql":
            return postgresql.insert(failed_sign_ons)
        return sqlite.insert(failed_sign_ons)

    def put_failed_sign_ons(self, failed: FailedSignOns, *, keep: int) -> None:
        """At most ``keep`` logins stay; those longest untouched are forgotten."""
        table, values = failed_sign_ons, {"count": failed.count, "at": failed.at, "free_at": failed.free_at}
        stored = self._insert().values(login_hash=failed.login_hash, **values)
        # Never removed and put anew: who waits for the row's lock would find none and begin to count again.
        self._connection.execute(stored.on_conflict_do_update(index_elements=("login_hash",), set_=values))
        others = table.c.login_hash != failed.login_hash
        latest = select(table.c.at).where(others).order_by(table.c.at.desc())
        oldest = latest.offset(keep - 1).limit(1).scalar_subquery()
        self._connection.execute(table.delete().where(others, table.c.at <= oldest))

    def remove_failed_sign_ons(self, login_hash: str) -> None:
        self._connection.execute(failed_sign_ons.delete().where(failed_sign_ons.c.login_hash == login_hash))
