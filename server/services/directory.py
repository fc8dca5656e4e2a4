"""Users and sessions for the edge (:class:`server.services.ports.UserDirectory`, ``SessionStore``)."""

from datetime import datetime

from server.services.ports import SessionRecord, UserRecord
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
