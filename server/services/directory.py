"""Users, sessions and wrong passwords for the edge: ``UserDirectory``, ``SessionStore``, ``GuessStore``."""

from collections.abc import Callable
from datetime import datetime

from server.services.ports import FailedSignOns, SessionRecord, UserRecord
from server.store.database import Database


class Users:
    """Who may sign on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_login(self, login: str) -> UserRecord | None:
        with self._database.read() as unit:
            return unit.people.by_login(login)

    def by_id(self, user_id: str) -> UserRecord | None:
        with self._database.read() as unit:
            return unit.people.by_id(user_id)


class SessionTable:
    """Sessions outlive the server process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, session: SessionRecord) -> None:
        with self._database.write() as unit:
            unit.people.remove_session(session.token_hash)
            unit.people.put_session(session)

    def get(self, token_hash: str) -> SessionRecord | None:
        with self._database.read() as unit:
            return unit.people.session(token_hash)

    def remove(self, token_hash: str) -> None:
        with self._database.write() as unit:
            unit.people.remove_session(token_hash)

    def remove_expired(self, now: datetime) -> None:
        with self._database.write() as unit:
            unit.people.remove_expired(now)


class GuessTable:
    """Wrong passwords, counted for every process of the server.

    Args:
        keep: logins that are remembered at most.
    """

    def __init__(self, database: Database, *, keep: int = 4096) -> None:
        self._database, self._keep = database, keep

    def get(self, login_hash: str) -> FailedSignOns | None:
        with self._database.read() as unit:
            return unit.people.failed_sign_ons(login_hash)

    def change(self, login_hash: str, after: Callable[[FailedSignOns | None], FailedSignOns]) -> None:
        with self._database.write() as unit:
            known = unit.people.failed_sign_ons(login_hash, to_change=True)
            unit.people.put_failed_sign_ons(after(known), keep=self._keep)

    def remove(self, login_hash: str) -> None:
        with self._database.write() as unit:
            unit.people.remove_failed_sign_ons(login_hash)
