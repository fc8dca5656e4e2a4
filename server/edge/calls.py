"""The calls that stand: one a case, each participant in one call. Lives on the event loop."""

import asyncio
import logging
from collections.abc import Callable

from common.clock import Clock, IdSource
from common.errors import UserError
from common.wire.sessions import Role
from common.wire.signalling import Candidate, Description, HangUp, Message, Participant, RestartCall
from server.edge import call as machine
from server.edge.call import Call, CallState, EndReason, Outcome
from server.edge.loopcall import LoopCaller
from server.edge.metrics import Metrics
from server.edge.presence import PresenceBook, SeatState
from server.edge.timings import Timings
from server.services.ports import Principal

log = logging.getLogger(__name__)
CallMessage = Description | Candidate | RestartCall | HangUp


class Calls:
    """Carries out what :mod:`server.edge.call` decides: keeps the calls, sends the messages, runs the graces."""

    def __init__(
        self,
        send: Callable[[str, Message], None],
        presence: PresenceBook,
        clock: Clock,
        ids: IdSource,
        timings: Timings,
        metrics: Metrics,
    ) -> None:
        self._send = send
        self._presence = presence
        self._clock = clock
        self._ids = ids
        self._timings = timings
        self._metrics = metrics
        self._by_id: dict[str, Call] = {}
        self._tellers: dict[str, str] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    # --- on behalf of services -----------------------------------------------------------------------------

    def start(self, case_id: str, teller: str, kiosk: str) -> None:
        """Begin the call of a case. One that stands between the two goes on: the command may be a retry."""
        self._tellers[case_id] = teller
        standing = self.of_case(case_id)
        if standing is not None and standing.has(teller) and standing.has(kiosk):
            return
        for old in [call for call in self._by_id.values() if call.has(teller) or call.has(kiosk)]:
            self._end(old, "hangup", teller)
        people = tuple(self._participant(number, role) for number, role in _roles(teller, kiosk))
        call = Call(str(self._ids.new()), case_id, people)
        now, grace = self._clock.monotonic(), self._timings.call_grace_s
        absent = {one.number: now + grace for one in people if not self._presence.online(one.number)}
        self._metrics.count("calls started")
        self._apply(machine.begin(call, absent, now, grace))

    def call_again(self, case_id: str, teller: str, kiosk: str) -> None:
        """As `start`, but media of a standing call begin anew, if they did not just now."""
        standing = self.of_case(case_id)
        if standing is None or not (standing.has(teller) and standing.has(kiosk)):
            self.start(case_id, teller, kiosk)
            return
        now = self._clock.monotonic()
        if standing.state is CallState.ACTIVE and now - standing.generation_at >= self._timings.restart_gap_s:
            self._apply(machine.restart(standing, now))

    def end_for_case(self, case_id: str) -> None:
        """The visit is over, and so is its call; its seat has after-call work, unless its window said otherwise."""
        if (call := self.of_case(case_id)) is not None:
            self._end(call, "case_ended")
        teller = self._tellers.pop(case_id, None)
        if teller is not None and self._presence.seat_state(teller) == SeatState.BUSY:
            self._presence.set_seat(teller, SeatState.AFTER_CALL)

    def cases(self) -> frozenset[str]:
        """Cases for which this server holds, or since their visit began has held, a call."""
        return frozenset(self._tellers)

    def had_call(self, case_id: str) -> bool:
        """Whether this server, since it started, ever held a call for the case."""
        return case_id in self._tellers

    def of_case(self, case_id: str) -> Call | None:
        """The standing call of a case."""
        return next((call for call in self._by_id.values() if call.case_id == case_id), None)

    # --- on behalf of clients ------------------------------------------------------------------------------

    def receive(self, sender: Principal, message: CallMessage) -> None:
        """Carry out a client's call message.

        Raises:
            UserError: the codes of :mod:`server.edge.call`; nothing changed.
        """
        call = self._by_id.get(message.call_id)
        if call is None or not call.has(sender.number):
            raise UserError("call.not_found")
        now = self._clock.monotonic()
        if isinstance(message, HangUp):
            self._end(call, "hangup", sender.number)
        elif isinstance(message, RestartCall):
            gap = self._timings.restart_gap_s
            self._apply(machine.ask_restart(call, sender.number, message.generation, now, gap))
            self._metrics.count("calls restarted")
        else:
            self._apply(machine.relay(call, sender.number, message))

    def connected(self, number: str) -> None:
        """A participant is here, again or with a new connection."""
        now, grace = self._clock.monotonic(), self._timings.call_grace_s
        for call in [one for one in self._by_id.values() if one.has(number)]:
            self._apply(machine.come_back(call, number, now, grace))

    def disconnected(self, number: str) -> None:
        """A participant's only connection is gone."""
        grace = self._timings.call_grace_s
        deadline = self._clock.monotonic() + grace
        for call in [one for one in self._by_id.values() if one.has(number)]:
            self._apply(machine.lose(call, number, deadline, grace))

    def close(self) -> None:
        """Forget all calls and stop their timers (the server stops; clients come back to a new one)."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._by_id.clear()

    # --- inside --------------------------------------------------------------------------------------------

    def _participant(self, number: str, role: Role) -> Participant:
        return Participant(number=number, role=role.value, name=self._presence.name(number))

    def _end(self, call: Call, reason: EndReason, by: str | None = None) -> None:
        self._metrics.count(f"calls ended {reason}")
        self._apply(machine.end(call, reason, by))

    def _apply(self, outcome: Outcome) -> None:
        call, posts = outcome
        if call.state is CallState.ENDED:
            self._by_id.pop(call.call_id, None)
        else:
            self._by_id[call.call_id] = call
        self._watch(call)
        for number, message in posts:
            self._send(number, message)

    def _watch(self, call: Call) -> None:
        """One timer a call, at the first deadline of those who are lost."""
        if (old := self._timers.pop(call.call_id, None)) is not None:
            old.cancel()
        if call.state is CallState.WAITING:
            left = min(call.lost.values()) - self._clock.monotonic()
            loop = asyncio.get_running_loop()
            self._timers[call.call_id] = loop.call_later(max(0.0, left), self._check, call.call_id)

    def _check(self, call_id: str) -> None:
        call = self._by_id.get(call_id)
        if call is None:
            return
        late = machine.overdue(call, self._clock.monotonic())
        if late is None:
            self._watch(call)
        else:
            self._end(call, "peer_gone", late)


class CallDesk:
    """Implements :class:`server.services.ports.CallControl` for services in other threads."""

    def __init__(self, calls: Calls, presence: PresenceBook, loop: LoopCaller) -> None:
        self._calls = calls
        self._presence = presence
        self._loop = loop

    def start(self, case_id: str, teller: str, kiosk: str) -> None:
        # At once, not on the loop: the seat must not be rung for somebody else in between.
        self._presence.set_seat(teller, SeatState.BUSY)
        self._loop.post(self._calls.start, case_id, teller, kiosk)

    def call_again(self, case_id: str, teller: str, kiosk: str) -> None:
        self._loop.post(self._calls.call_again, case_id, teller, kiosk)

    def end_for_case(self, case_id: str) -> None:
        self._loop.post(self._calls.end_for_case, case_id)


def _roles(teller: str, kiosk: str) -> tuple[tuple[str, Role], tuple[str, Role]]:
    return (teller, Role.TELLER), (kiosk, Role.KIOSK)
