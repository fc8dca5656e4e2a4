"""One call as a state machine, for any number of participants. Pure: no sockets, no clock of its own.

A call is *active* while everybody is connected, *waiting* while somebody is lost and may come back, *ended*
for good. Each time media must begin anew the generation grows by one; what belongs to an older generation
is refused. The case is untouched by all of this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from common.errors import UserError
from common.wire.signalling import (
    CallEnded,
    CallStarted,
    Candidate,
    Description,
    Message,
    Participant,
    PeerLost,
)

EndReason = Literal["hangup", "peer_gone", "case_ended"]
Post = tuple[str, Message]
"""A message and the number it goes to."""


class CallState(StrEnum):
    ACTIVE = "active"
    WAITING = "waiting"
    ENDED = "ended"


TRANSITIONS: Mapping[CallState, frozenset[CallState]] = {
    CallState.ACTIVE: frozenset({CallState.ACTIVE, CallState.WAITING, CallState.ENDED}),
    CallState.WAITING: frozenset({CallState.WAITING, CallState.ACTIVE, CallState.ENDED}),
    CallState.ENDED: frozenset(),
}


@dataclass(frozen=True)
class Call:
    """A call. The first participant makes the offers. ``lost``: number to the monotonic second it must be back."""

    call_id: str
    case_id: str
    participants: tuple[Participant, ...]
    state: CallState = CallState.ACTIVE
    generation: int = 1
    lost: Mapping[str, float] = field(default_factory=dict)
    described: frozenset[str] = frozenset()
    generation_at: float = 0.0

    def has(self, number: str) -> bool:
        """Whether this number takes part."""
        return any(one.number == number for one in self.participants)

    @property
    def offerer(self) -> str:
        """Number of who makes the offers."""
        return self.participants[0].number

    def others(self, number: str) -> tuple[str, ...]:
        """Numbers of the other participants."""
        return tuple(one.number for one in self.participants if one.number != number)

    def _to(self, state: CallState) -> CallState:
        if state not in TRANSITIONS[self.state]:
            raise UserError("call.not_found")
        return state


Outcome = tuple[Call, tuple[Post, ...]]


def begin(call: Call, absent: Mapping[str, float], now: float, grace_s: float) -> Outcome:
    """A new call: started for all, or waiting for those who are not connected (number to deadline)."""
    if absent:
        call = replace(call, state=CallState.WAITING, lost=dict(absent), generation=0)
        return call, _tell_lost(call, tuple(absent), grace_s)
    call = replace(call, generation_at=now)
    return call, _started(call)


def restart(call: Call, now: float) -> Outcome:
    """Next generation, for all: the media are made anew."""
    call = replace(
        call,
        state=call._to(CallState.ACTIVE),
        generation=call.generation + 1,
        lost={},
        described=frozenset(),
        generation_at=now,
    )
    return call, _started(call)


def ask_restart(call: Call, number: str, generation: int, now: float, gap_s: float) -> Outcome:
    """A participant saw no picture or sound.

    Raises:
        UserError: ``call.stale_generation`` (it was restarted meanwhile), ``call.peer_lost``,
            ``call.restart_too_soon`` (less than ``gap_s`` after the last start).
    """
    _current(call, number, generation)
    if now - call.generation_at < gap_s:
        raise UserError("call.restart_too_soon", retryable=True)
    return restart(call, now)


def relay(call: Call, sender: str, message: Description | Candidate) -> Outcome:
    """Pass a description or candidate on to the other participants, with its sender.

    Raises:
        UserError: ``call.not_found`` (also for somebody else's call), ``call.stale_generation``,
            ``call.peer_lost``, ``call.out_of_order`` (an answer before the offer, a second description in one
            generation, an offer by the wrong side).
    """
    _current(call, sender, message.generation)
    if isinstance(message, Description):
        call = replace(call, described=_described(call, sender, message))
    passed = message.model_copy(update={"sender": sender})
    return call, tuple((number, passed) for number in call.others(sender))


def _described(call: Call, sender: str, message: Description) -> frozenset[str]:
    may_offer = sender == call.offerer
    offered = call.offerer in call.described
    in_order = may_offer if message.kind == "offer" else offered and not may_offer
    if not in_order or sender in call.described:
        raise UserError("call.out_of_order")
    return call.described | {sender}


def _inside(call: Call, number: str) -> None:
    if call.state is CallState.ENDED or not call.has(number):
        raise UserError("call.not_found")


def _current(call: Call, number: str, generation: int) -> None:
    _inside(call, number)
    if call.state is CallState.WAITING:
        raise UserError("call.peer_lost", retryable=True)
    if generation != call.generation:
        raise UserError("call.stale_generation", generation=call.generation)


def lose(call: Call, number: str, deadline: float, grace_s: float) -> Outcome:
    """A participant's connection is gone; the others are told, media may well go on between them."""
    _inside(call, number)
    call = replace(call, state=call._to(CallState.WAITING), lost={**call.lost, number: deadline})
    return call, _tell_lost(call, (number,), grace_s)


def come_back(call: Call, number: str, now: float, grace_s: float) -> Outcome:
    """A participant is connected again (perhaps as a new process): with everybody here the media begin anew."""
    _inside(call, number)
    lost = {who: until for who, until in call.lost.items() if who != number}
    if not lost:
        return restart(call, now)
    call = replace(call, lost=lost)
    return call, tuple((number, _peer_lost(call, who, grace_s)) for who in lost)


def end(call: Call, reason: EndReason, by: str | None = None) -> Outcome:
    """End for all participants."""
    call = replace(call, state=call._to(CallState.ENDED))
    ended = CallEnded(call_id=call.call_id, reason=reason, by=by)
    return call, tuple((one.number, ended) for one in call.participants)


def overdue(call: Call, now: float) -> str | None:
    """The number of a participant who did not come back in time, if any."""
    late = [number for number, until in call.lost.items() if until <= now]
    return min(late) if late and call.state is CallState.WAITING else None


def _started(call: Call) -> tuple[Post, ...]:
    return tuple(
        (
            one.number,
            CallStarted(
                call_id=call.call_id,
                case_id=call.case_id,
                generation=call.generation,
                offerer=one.number == call.offerer,
                peers=[peer for peer in call.participants if peer.number != one.number],
            ),
        )
        for one in call.participants
    )


def _peer_lost(call: Call, number: str, grace_s: float) -> PeerLost:
    return PeerLost(call_id=call.call_id, number=number, grace_s=grace_s)


def _tell_lost(call: Call, gone: tuple[str, ...], grace_s: float) -> tuple[Post, ...]:
    here = [one.number for one in call.participants if one.number not in call.lost]
    return tuple((to, _peer_lost(call, number, grace_s)) for to in here for number in gone)
