"""Rings ready seats for waiting customers, tells kiosks their place, ends calls with the visit, resumes them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from common.clock import Clock
from common.wire.signalling import Message, QueueChanged, Ringing, RingingStopped
from server.edge.calls import Calls
from server.edge.metrics import Metrics
from server.edge.presence import PresenceBook, SeatState
from server.edge.routing import ReadySeat, estimated_wait_s, match_seats
from server.edge.timings import Timings
from server.services.ports import QueueService, ServedCase, WaitingTicket

LONGEST_WAIT_S = 5.0


@dataclass(frozen=True)
class Ring:
    """A seat that is being rung, until when (monotonic seconds)."""

    seat: str
    until: float


class QueueDispatch:
    """One round at a time, on the loop; the queue itself is looked at in a worker thread.

    Rings live here and in the tickets. After a restart there are none here, so tickets still ringing from
    before go back to waiting at the first round.
    """

    def __init__(
        self,
        queue: QueueService,
        presence: PresenceBook,
        calls: Calls,
        send: Callable[[str, Message], None],
        clock: Clock,
        timings: Timings,
        metrics: Metrics,
    ) -> None:
        self._queue = queue
        self._presence = presence
        self._calls = calls
        self._send = send
        self._clock = clock
        self._timings = timings
        self._metrics = metrics
        self._rings: dict[str, Ring] = {}
        self._told: dict[str, tuple[str, int, int | None]] = {}
        self._to_resume: set[str] | None = None
        self.on_desk_changed: Callable[[], None] = lambda: None

    def kiosk_arrived(self, number: str) -> None:
        """A kiosk that (re)connects is told its place anew."""
        self._told = {case: told for case, told in self._told.items() if told[0] != number}

    async def round(self) -> float:
        """One round; the answer is the seconds until the next is due."""
        # In this order: a ticket answered in between is then in both, never in neither; and a call that begins
        # now is of a case that the list of those served may not know yet.
        called = self._calls.cases()
        tickets = await asyncio.to_thread(self._queue.waiting)
        serving = await asyncio.to_thread(self._queue.serving)
        for case_id in called - {one.case_id for one in serving}:
            self._calls.end_for_case(case_id)
        self._resume_calls(serving)
        self._settle(tickets, serving)
        if await self._stop_overdue(tickets):
            tickets = await asyncio.to_thread(self._queue.waiting)
        await self._ring(tickets, serving)
        await self._tell_places(tickets)
        now = self._clock.monotonic()
        return max(0.02, min([LONGEST_WAIT_S, *(ring.until - now for ring in self._rings.values())]))

    def _resume_calls(self, serving: Sequence[ServedCase]) -> None:
        """Cases that were at a seat when this server started get their call back once both sides are here."""
        if self._to_resume is None:
            self._to_resume = {one.case_id for one in serving}
        self._to_resume &= {one.case_id for one in serving}
        for one in serving:
            if one.case_id not in self._to_resume:
                continue
            if self._calls.had_call(one.case_id):
                self._to_resume.discard(one.case_id)
            elif self._presence.online(one.teller) and self._presence.online(one.kiosk):
                self._to_resume.discard(one.case_id)
                self._presence.set_seat(one.teller, SeatState.BUSY)
                self._calls.start(one.case_id, one.teller, one.kiosk)

    def _settle(self, tickets: Sequence[WaitingTicket], serving: Sequence[ServedCase]) -> None:
        """Rings that ended outside: answered, or the customer left."""
        ringing_at = {ticket.case_id: ticket.seat for ticket in tickets}
        answered = {one.case_id for one in serving}
        for case_id, ring in list(self._rings.items()):
            if ringing_at.get(case_id) == ring.seat:
                continue
            del self._rings[case_id]
            if case_id in answered:
                self._stopped(ring.seat, case_id, "answered")
            else:
                self._stopped(ring.seat, case_id, "timeout" if case_id in ringing_at else "customer_left")

    async def _stop_overdue(self, tickets: Sequence[WaitingTicket]) -> bool:
        """Take back rings whose time is over, whose seat is not ready any more, or that an old server left."""
        now = self._clock.monotonic()
        stopped = False
        for ticket in tickets:
            if ticket.seat is None:
                continue
            ring = self._rings.get(ticket.case_id)
            ready = self._presence.seat_state(ticket.seat) == SeatState.READY
            if ring is not None and ring.until > now and ready:
                continue
            if not await asyncio.to_thread(self._queue.stop_ringing, ticket.case_id):
                continue  # answered this very moment: the next round settles it
            stopped = True
            if ring is not None:
                del self._rings[ticket.case_id]
                if ring.until <= now and self._presence.set_seat(ring.seat, SeatState.BREAK):
                    self._metrics.count("rings unanswered")
                self._stopped(ring.seat, ticket.case_id, "timeout")
        return stopped

    async def _ring(self, tickets: Sequence[WaitingTicket], serving: Sequence[ServedCase]) -> None:
        taken = {one.teller for one in serving} | {ring.seat for ring in self._rings.values()}
        ready = [
            ReadySeat(seat.number, seat.ready_since)
            for seat in self._presence.seats()
            if seat.state is SeatState.READY and seat.number not in taken
        ]
        here = [one.case_id for one in tickets if one.seat is None and self._presence.online(one.kiosk)]
        for case_id, seat in match_seats(here, ready):
            until = self._clock.monotonic() + self._timings.ring_s
            if await asyncio.to_thread(self._queue.ring, case_id, seat):
                self._rings[case_id] = Ring(seat, until)
                self._metrics.count("rings")
                self._send(seat, Ringing(case_id=case_id, ring_seconds=self._timings.ring_s))
                self.on_desk_changed()

    async def _tell_places(self, tickets: Sequence[WaitingTicket]) -> None:
        seats = sum(1 for seat in self._presence.seats() if seat.state is not SeatState.BREAK)
        average = await asyncio.to_thread(self._queue.average_service_s) if tickets else None
        told = {}
        for position, ticket in enumerate(tickets, start=1):
            wait = estimated_wait_s(position, seats, average)
            told[ticket.case_id] = place = (ticket.kiosk, position, wait)
            if self._told.get(ticket.case_id) != place and self._presence.online(ticket.kiosk):
                message = QueueChanged(case_id=ticket.case_id, position=position, estimated_wait_s=wait)
                self._send(ticket.kiosk, message)
        self._told = {case: place for case, place in told.items() if self._presence.online(place[0])}

    def _stopped(self, seat: str, case_id: str, reason: Literal["answered", "timeout", "customer_left"]) -> None:
        self._send(seat, RingingStopped(case_id=case_id, reason=reason))
        self.on_desk_changed()
