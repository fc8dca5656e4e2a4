"""Sessions: passwords against argon2 hashes, opaque random tokens of which only the hash is kept."""

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from common.clock import Clock
from common.errors import UserError
from server.edge.limits import GuessThrottle
from server.services.ports import GuessStore, Principal, SessionRecord, SessionStore, UserDirectory

OVERLAP_S = 30
"""After a refresh the old token lives on this long: the answer with the new one may have been lost."""


@dataclass(frozen=True)
class Session:
    """A session just begun or found. ``token_hash`` names it inside the server; the token is only with the client."""

    token_hash: str
    principal: Principal
    record: SessionRecord


def token_hash(token: str) -> str:
    """How a token is kept: SHA-256, hex. A plain hash will do, the token has 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


class Sessions:
    """Signs on, finds, refreshes and ends sessions. Safe across threads as far as its store is."""

    def __init__(
        self,
        users: UserDirectory,
        store: SessionStore,
        guesses: GuessStore,
        clock: Clock,
        *,
        minutes: int,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._users = users
        self._store = store
        self._clock = clock
        self._life = timedelta(minutes=minutes)
        self._hasher = hasher or PasswordHasher()
        self._throttle = GuessThrottle(guesses, clock)
        # argon2 takes 64 MiB a check: a burst of sign-ons waits here instead of filling the memory.
        self._checking = threading.BoundedSemaphore(2)
        # Checked when the login is unknown, so that the answer takes as long as for a known one.
        self._nobody = self._hasher.hash(secrets.token_hex(16))
        self.on_refreshed: Callable[[str, SessionRecord], None] = lambda old, new: None
        self.on_revoked: Callable[[str], None] = lambda old: None

    def sign_on(self, login: str, password: str) -> tuple[str, Session]:
        """Begin a session; the token goes to the client and is kept nowhere.

        Raises:
            UserError: ``auth.bad_credentials`` | ``auth.too_many``.
        """
        self._throttle.check(login)
        user = self._users.by_login(login)
        with self._checking:
            self._throttle.check(login)  # again: what a burst did while this one waited counts
            right = self._verify(user.password_hash if user else self._nobody, password)
            if user is None or not right or not user.active:
                self._throttle.failed(login)
                raise UserError("auth.bad_credentials")
        self._throttle.succeeded(login)
        self._store.remove_expired(self._clock.now())
        return self._begin(user.principal)

    def find(self, token: str) -> Session:
        """The session of a token.

        Raises:
            UserError: ``auth.required`` (no such session, or the user may no longer sign on) | ``auth.expired``.
        """
        hashed = token_hash(token)
        record = self._store.get(hashed)
        if record is None:
            raise UserError("auth.required")
        if record.expires_at <= self._clock.now():
            self._store.remove(hashed)
            raise UserError("auth.expired")
        user = self._users.by_id(record.user_id)
        if user is None or not user.active:
            raise UserError("auth.required")
        return Session(hashed, user.principal, record)

    def refresh(self, session: Session) -> tuple[str, Session]:
        """A new token for the same user; the old one ends within `OVERLAP_S` seconds."""
        token, fresh = self._begin(session.principal)
        soon = self._clock.now() + timedelta(seconds=OVERLAP_S)
        self._store.remove(session.token_hash)
        old = session.record
        self._store.add(SessionRecord(old.token_hash, old.user_id, min(soon, old.expires_at)))
        self.on_refreshed(session.token_hash, fresh.record)
        return token, fresh

    def revoke(self, session: Session) -> None:
        """End a session at once."""
        self._store.remove(session.token_hash)
        self.on_revoked(session.token_hash)

    def _begin(self, principal: Principal) -> tuple[str, Session]:
        token = secrets.token_urlsafe(32)
        record = SessionRecord(token_hash(token), principal.id, self._clock.now() + self._life)
        self._store.add(record)
        return token, Session(record.token_hash, principal, record)

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
