"""Fakes of the services as the edge sees them."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from argon2 import PasswordHasher

from common.wire.sessions import Role
from server.services.ports import (
    FailedSignOns,
    Principal,
    QueuedTask,
    ServedCase,
    SessionRecord,
    UserRecord,
    WaitingTicket,
)

HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse"
_HASH = HASHER.hash(PASSWORD)


class FakeUsers:
    """Tellers T-01…, authorisers A-01…, kiosks K-01…, admin X-01; login is the number in lower case."""

    def __init__(self, each: int = 3) -> None:
        self._users: dict[str, UserRecord] = {}
        roles = {"T": Role.TELLER, "A": Role.AUTHORISER, "K": Role.KIOSK, "X": Role.ADMIN}
        for letter, role in roles.items():
            for index in range(1, each + 1):
                number = f"{letter}-{index:02}"
                who = Principal(f"user-{number}", number, f"Name {number}", role, "branch-1")
                self._users[number.lower()] = UserRecord(who, number.lower(), _HASH)

    def by_login(self, login: str) -> UserRecord | None:
        return self._users.get(login)

    def by_id(self, user_id: str) -> UserRecord | None:
        return next((user for user in self._users.values() if user.principal.id == user_id), None)

    def deactivate(self, login: str) -> None:
        self._users[login] = replace(self._users[login], active=False)


class FakeSessionStore:
    """Sessions in a dictionary; survives a "restart" by being handed to the next server."""

    def __init__(self) -> None:
        self.rows: dict[str, SessionRecord] = {}

    def add(self, session: SessionRecord) -> None:
        self.rows[session.token_hash] = session

    def get(self, token_hash: str) -> SessionRecord | None:
        return self.rows.get(token_hash)

    def remove(self, token_hash: str) -> None:
        self.rows.pop(token_hash, None)

    def remove_expired(self, now: datetime) -> None:
        self.rows = {key: row for key, row in self.rows.items() if row.expires_at > now}


class FakeGuesses:
    """Wrong passwords in a dictionary."""

    def __init__(self) -> None:
        self.rows: dict[str, FailedSignOns] = {}

    def get(self, login_hash: str) -> FailedSignOns | None:
        return self.rows.get(login_hash)

    def change(self, login_hash: str, after: Callable[[FailedSignOns | None], FailedSignOns]) -> None:
        self.rows[login_hash] = after(self.rows.get(login_hash))

    def remove(self, login_hash: str) -> None:
        self.rows.pop(login_hash, None)


class FakeQueue:
    """Tickets in order of arrival."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tickets: list[WaitingTicket] = []
        self._serving: list[ServedCase] = []
        self.average: int | None = 120

    def add(self, case_id: str, kiosk: str, since: datetime) -> None:
        with self._lock:
            self._tickets.append(WaitingTicket(case_id, kiosk, since))

    def serve(self, case_id: str, kiosk: str, teller: str) -> None:
        with self._lock:
            self._serving.append(ServedCase(case_id, kiosk, teller))

    def leave(self, case_id: str) -> None:
        with self._lock:
            self._tickets = [one for one in self._tickets if one.case_id != case_id]

    def answer(self, case_id: str, teller: str) -> str:
        """The kiosk's number."""
        with self._lock:
            ticket = next(one for one in self._tickets if one.case_id == case_id)
            self._tickets.remove(ticket)
            self._serving.append(ServedCase(case_id, ticket.kiosk, teller))
            return ticket.kiosk

    def finish(self, case_id: str) -> None:
        with self._lock:
            self._serving = [one for one in self._serving if one.case_id != case_id]

    def _swap(self, case_id: str, ringing: bool, seat: str | None) -> bool:
        with self._lock:
            for index, one in enumerate(self._tickets):
                if one.case_id == case_id and (one.seat is not None) is ringing:
                    self._tickets[index] = replace(one, seat=seat)
                    return True
            return False

    def waiting(self) -> Sequence[WaitingTicket]:
        with self._lock:
            return tuple(self._tickets)

    def ring(self, case_id: str, seat_number: str) -> bool:
        return self._swap(case_id, False, seat_number)

    def stop_ringing(self, case_id: str) -> bool:
        return self._swap(case_id, True, None)

    def serving(self) -> Sequence[ServedCase]:
        with self._lock:
            return tuple(self._serving)

    def average_service_s(self) -> int | None:
        return self.average


class FakeTasks:
    """Tasks in order of submission; refuses what the real service refuses."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.rows: dict[str, QueuedTask] = {}
        self.history: list[tuple[str, str]] = []
        self.deadline_of: datetime | None = None

    def add(self, task_id: str, excluded: frozenset[str], at: datetime) -> None:
        with self._lock:
            self.rows[task_id] = QueuedTask(task_id, f"case-{task_id}", at, excluded)

    def decide(self, task_id: str) -> None:
        with self._lock:
            del self.rows[task_id]

    def open(self, task_id: str) -> None:
        with self._lock:
            self.rows[task_id] = replace(self.rows[task_id], opened=True)

    def queued(self) -> Sequence[QueuedTask]:
        with self._lock:
            return tuple(row for row in self.rows.values() if row.authoriser is None)

    def assigned(self) -> Sequence[QueuedTask]:
        with self._lock:
            return tuple(row for row in self.rows.values() if row.authoriser is not None)

    def assign(self, task_id: str, authoriser_number: str) -> bool:
        with self._lock:
            row = self.rows.get(task_id)
            held = {one.authoriser for one in self.rows.values()}
            if row is None or row.authoriser or authoriser_number in row.excluded | held:
                return False
            self.rows[task_id] = replace(row, authoriser=authoriser_number, deadline=self.deadline_of)
            self.history.append((task_id, authoriser_number))
            return True

    def unassign(self, task_id: str, authoriser_number: str) -> bool:
        with self._lock:
            row = self.rows.get(task_id)
            if row is None or row.authoriser != authoriser_number:
                return False
            passed = row.passed | {authoriser_number}
            self.rows[task_id] = replace(row, authoriser=None, opened=False, deadline=None, passed=passed)
            return True

    def expire_due(self, now: datetime) -> Sequence[QueuedTask]:
        due = [row for row in self.assigned() if row.deadline is not None and row.deadline <= now]
        return [row for row in due if row.authoriser and self.unassign(row.task_id, row.authoriser)]
