"""Who is connected, in what state each seat is, which authorisers take tasks. Kept in memory, safe across threads."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.clock import Clock
from common.wire.sessions import Role
from server.services.ports import Principal


class SeatState(StrEnum):
    """What a teller's seat is doing; any state may follow any other."""

    READY = "ready"
    BREAK = "break"
    AFTER_CALL = "after_call"
    BUSY = "busy"


@dataclass(frozen=True)
class Seat:
    """A connected teller. ``ready_since`` is monotonic seconds and counts only while ready."""

    number: str
    state: SeatState
    since: datetime
    ready_since: float


class PresenceBook:
    """Implements :class:`server.services.ports.Presence`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._online: dict[str, Principal] = {}
        self._seats: dict[str, Seat] = {}
        self._accepting: set[str] = set()
        self._gone_at: dict[str, float] = {}
        self.on_changed: Callable[[], None] = lambda: None
        """Called after every change, from the thread that made it."""

    def connected(self, who: Principal) -> None:
        """A connection of this user stands. A seat begins on ``break`` until its window says more."""
        with self._lock:
            self._online[who.number] = who
            self._gone_at.pop(who.number, None)
            if who.role is Role.TELLER:
                self._seats[who.number] = self._seat(who.number, SeatState.BREAK)
        self.on_changed()

    def disconnected(self, number: str) -> None:
        """The last connection of this user is gone. Whether an authoriser accepts is remembered for its return."""
        with self._lock:
            self._online.pop(number, None)
            self._seats.pop(number, None)
            self._gone_at[number] = self._clock.monotonic()
        self.on_changed()

    def set_seat(self, number: str, state: SeatState) -> bool:
        """Set a connected seat's state; True when it changed."""
        with self._lock:
            old = self._seats.get(number)
            if old is None or old.state is state:
                return False
            self._seats[number] = self._seat(number, state)
        self.on_changed()
        return True

    def _seat(self, number: str, state: SeatState) -> Seat:
        return Seat(number, state, self._clock.now(), self._clock.monotonic())

    def name(self, number: str) -> str | None:
        """Name of a connected user."""
        with self._lock:
            who = self._online.get(number)
        return who.name if who else None

    def seats(self) -> tuple[Seat, ...]:
        """Connected seats."""
        with self._lock:
            return tuple(self._seats.values())

    def gone_s(self, number: str, since: float) -> float:
        """Seconds this user has been away; 0 when connected. Never seen: counted from ``since`` (monotonic)."""
        with self._lock:
            if number in self._online:
                return 0.0
            return self._clock.monotonic() - self._gone_at.get(number, since)

    def accepting_numbers(self) -> frozenset[str]:
        """Authorisers connected and taking tasks."""
        with self._lock:
            return frozenset(self._accepting & self._online.keys())

    # --- the port -------------------------------------------------------------------------------------------

    def online(self, number: str) -> bool:
        with self._lock:
            return number in self._online

    def seat_state(self, number: str) -> str:
        with self._lock:
            seat = self._seats.get(number)
        return (seat.state if seat else SeatState.BREAK).value

    def seat_since(self, number: str) -> datetime | None:
        with self._lock:
            seat = self._seats.get(number)
        return seat.since if seat else None

    def set_accepting(self, number: str, accepting: bool) -> None:
        with self._lock:
            if accepting:
                self._accepting.add(number)
            else:
                self._accepting.discard(number)
        self.on_changed()

    def accepting(self, number: str) -> bool:
        with self._lock:
            return number in self._accepting

    def authorisers_online(self) -> int:
        with self._lock:
            # Who pauses cannot authorise: for a waiting teller he is not there.
            return len(self._accepting & self._online.keys())
