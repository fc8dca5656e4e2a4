"""The states of a call with one other participant, pure. A call of n people holds n - 1 such links.

Believe frames, not states: a link is connected when a picture or sound was decoded, and broken when none
was for the watchdog's limit, whatever the connection says of itself.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from common.errors import UserError


class CallState(StrEnum):
    """Where a link stands."""

    IDLE = "idle"
    RINGING = "ringing"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    BROKEN = "broken"
    RECONNECTING = "reconnecting"
    ENDED = "ended"


class CallEvent(StrEnum):
    """What can happen to a link."""

    RING = "ring"
    JOIN = "join"
    MEDIA = "media"  # every kind of media agreed on is being decoded
    SILENCE = "silence"  # one kind was not decoded for the limit, or never within the set-up limit
    RESTART = "restart"
    HANG_UP = "hang_up"
    REMOTE_HANG_UP = "remote_hang_up"


_S, _E = CallState, CallEvent
_ALIVE = (_S.IDLE, _S.RINGING, _S.CONNECTING, _S.CONNECTED, _S.BROKEN, _S.RECONNECTING)

TRANSITIONS: dict[tuple[CallState, CallEvent], CallState] = {
    (_S.IDLE, _E.RING): _S.RINGING,
    (_S.IDLE, _E.JOIN): _S.CONNECTING,
    (_S.RINGING, _E.JOIN): _S.CONNECTING,
    (_S.CONNECTING, _E.MEDIA): _S.CONNECTED,
    (_S.CONNECTING, _E.SILENCE): _S.BROKEN,
    (_S.CONNECTING, _E.RESTART): _S.RECONNECTING,
    (_S.CONNECTED, _E.SILENCE): _S.BROKEN,
    (_S.CONNECTED, _E.RESTART): _S.RECONNECTING,
    (_S.BROKEN, _E.MEDIA): _S.CONNECTED,
    (_S.BROKEN, _E.RESTART): _S.RECONNECTING,
    (_S.RECONNECTING, _E.MEDIA): _S.CONNECTED,
    (_S.RECONNECTING, _E.SILENCE): _S.BROKEN,
    (_S.RECONNECTING, _E.RESTART): _S.RECONNECTING,
    **{(state, event): _S.ENDED for state in _ALIVE for event in (_E.HANG_UP, _E.REMOTE_HANG_UP)},
}


class EndReason(StrEnum):
    """Who ended a call."""

    LOCAL = "local"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True)
class CallLink:
    """One participant as seen from here."""

    call_id: str
    peer_id: str
    state: CallState
    since: datetime
    ended_by: EndReason | None = None


def advance(link: CallLink, event: CallEvent, now: datetime) -> CallLink:
    """The link after an event.

    Raises:
        UserError: ``call.wrong_state`` (``state``, ``event``): the table has no such step; nothing changes.
    """
    target = TRANSITIONS.get((link.state, event))
    if target is None:
        raise UserError("call.wrong_state", state=link.state.value, event=event.value)
    if target is link.state:
        return link
    ended_by = {_E.HANG_UP: EndReason.LOCAL, _E.REMOTE_HANG_UP: EndReason.REMOTE}.get(event)
    return replace(link, state=target, since=now, ended_by=ended_by)


def allowed(link: CallLink, event: CallEvent) -> bool:
    """Whether the table has a step for this event here."""
    return (link.state, event) in TRANSITIONS
