"""Where the services and the edge meet: who asks, who is told, what the dispatcher may do.

Everything here is synchronous and may be called from any thread: services run in worker threads, the
edge's hub and dispatcher on the event loop. Methods of the edge (`Notifier`, `CallControl`, `Presence`)
never block and never raise for a number that is not connected.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from common.wire.base import Amount
from common.wire.sessions import Role


@dataclass(frozen=True)
class Principal:
    """Who is behind a request. ``number`` is what others see: T-03, A-07, K-02."""

    id: str
    number: str
    name: str
    role: Role
    branch: str
    seat: str | None = None
    limit: Amount | None = None
    place: str | None = None


# --- implemented by the edge, called by services after commit ---------------------------------------------------


class Notifier(Protocol):
    """Says that something changed, after the transaction that changed it was committed."""

    def case_changed(self, case_id: str, version: int, members: frozenset[str]) -> None:
        """``members``: numbers of the case's kiosk, teller and authoriser."""

    def desk_changed(self) -> None: ...

    def machine_ordered(self, number: str) -> None:
        """There is an order for this machine, or it goes out of service or into it."""

    def queue_changed(self) -> None: ...

    def task_queued(self) -> None: ...

    def task_closed(self, task_id: str, authoriser: str | None, reason: str) -> None:
        """``reason``: decided | expired | withdrawn | reassigned; ``authoriser``: who had it, if anybody."""

    def case_ended(self, case_id: str) -> None:
        """The case reached a final state. Its call stands until the visit is over (`QueueService.serving`)."""


class CallControl(Protocol):
    """Calls belong to the edge; the case is untouched by them."""

    def start(self, case_id: str, teller: str, kiosk: str) -> None:
        """A teller took the case: begin its call, ending the ring. Numbers, not ids."""

    def call_again(self, case_id: str, teller: str, kiosk: str) -> None:
        """The teller asks again after a call was lost or ended; a standing one is started anew."""

    def end_for_case(self, case_id: str) -> None: ...


class Presence(Protocol):
    """Who is connected and willing. Not stored: after a restart everybody announces himself again."""

    def online(self, number: str) -> bool: ...

    def seat_state(self, number: str) -> str:
        """ready | break | after_call | busy (what the teller's window last set; ``break`` when not connected)."""

    def seat_since(self, number: str) -> datetime | None: ...

    def set_accepting(self, number: str, accepting: bool) -> None:
        """``PUT /tasks/accepting``: an authoriser takes tasks, or pauses."""

    def accepting(self, number: str) -> bool: ...

    def authorisers_online(self) -> int: ...


# --- implemented by services, called by the edge ----------------------------------------------------------------


@dataclass(frozen=True)
class WaitingTicket:
    """A customer in the queue. ``seat`` is who is being rung, by number, else None."""

    case_id: str
    kiosk: str
    since: datetime
    seat: str | None = None


@dataclass(frozen=True)
class ServedCase:
    """A case at a seat whose customer is still there."""

    case_id: str
    kiosk: str
    teller: str


class QueueService(Protocol):
    """Tickets: waiting → ringing → serving → left."""

    def waiting(self) -> Sequence[WaitingTicket]:
        """Waiting and ringing tickets, head of the queue first."""

    def ring(self, case_id: str, seat_number: str) -> bool:
        """waiting → ringing at this seat. False: the ticket is no longer waiting; nothing changed."""

    def stop_ringing(self, case_id: str) -> bool:
        """ringing → waiting, place in the queue kept. False: it was not ringing any more."""

    def serving(self) -> Sequence[ServedCase]:
        """Cases whose customer is at a seat right now, until the visit is over: as long as their call may stand."""

    def average_service_s(self) -> int | None:
        """Mean length of recent services in seconds; None: none yet."""


@dataclass(frozen=True)
class QueuedTask:
    """A task to deal. ``excluded``: numbers that may never see it (the maker first of all); ``passed``: those who
    had it and let it lie, or vanished: they get it again only when nobody else is there."""

    task_id: str
    case_id: str
    submitted_at: datetime
    excluded: frozenset[str]
    authoriser: str | None = None
    opened: bool = False
    deadline: datetime | None = None
    passed: frozenset[str] = frozenset()


class TaskService(Protocol):
    """Authorisation tasks, as the dispatcher sees them."""

    def queued(self) -> Sequence[QueuedTask]:
        """Tasks nobody has, oldest first."""

    def assigned(self) -> Sequence[QueuedTask]:
        """Tasks somebody has and has not decided."""

    def assign(self, task_id: str, authoriser_number: str) -> bool:
        """queued → assigned. False: not queued any more, excluded, or that authoriser has another one."""

    def unassign(self, task_id: str, authoriser_number: str) -> bool:
        """assigned or opened by this authoriser → queued, with a trace. False: decided or withdrawn meanwhile."""

    def expire_due(self, now: datetime) -> Sequence[QueuedTask]:
        """Take tasks past their deadline back into the queue; what was taken, from whom."""


@dataclass(frozen=True)
class UserRecord:
    """A user with the argon2 hash of the password; never leaves the edge."""

    principal: Principal
    login: str
    password_hash: str
    active: bool = True


class UserDirectory(Protocol):
    def by_login(self, login: str) -> UserRecord | None: ...

    def by_id(self, user_id: str) -> UserRecord | None: ...


@dataclass(frozen=True)
class SessionRecord:
    """A session: SHA-256 of its token, whose it is, until when."""

    token_hash: str
    user_id: str
    expires_at: datetime


@dataclass(frozen=True)
class FailedSignOns:
    """Wrong passwords in a row for a login, named by a hash: what was typed as a login may be a password.

    ``at`` is when the last one came, ``free_at`` when the next may be tried.
    """

    login_hash: str
    count: int
    at: datetime
    free_at: datetime


class GuessStore(Protocol):
    """Wrong passwords live in the database: every process of the server counts them, and a restart forgets none."""

    def get(self, login_hash: str) -> FailedSignOns | None: ...

    def change(self, login_hash: str, after: Callable[[FailedSignOns | None], FailedSignOns]) -> None:
        """Read and write as one."""

    def remove(self, login_hash: str) -> None: ...


class SessionStore(Protocol):
    """Sessions live in the database, so that a restarted server knows its clients."""

    def add(self, session: SessionRecord) -> None: ...

    def get(self, token_hash: str) -> SessionRecord | None: ...

    def remove(self, token_hash: str) -> None: ...

    def remove_expired(self, now: datetime) -> None: ...
