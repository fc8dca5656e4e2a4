"""Messages of the signalling WebSocket ``/ws/v1`` (for people: docs/signalling.md).

One JSON object a text frame: ``{"v": 1, "type": …, "id": …, "payload": {…}}``. ``id`` is the sender's own and is
repeated as ``re`` in an answer. Signalling carries no business: it says that something changed and helps two
clients to a call; what changed is fetched over REST.
"""

import json
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from common.errors import UserError

VERSION = 1
MAX_BYTES = 64 * 1024
"""A longer frame is refused and the connection closed (1009)."""


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    type: str


Message = _Message
"""Any message, for annotations."""


# --- client to server ----------------------------------------------------------------------------------------


class Hello(_Message):
    """First frame of a connection, within 5 s; answered by `Welcome` or `Refused` and close 4401."""

    type: Literal["hello"] = "hello"
    token: str = Field(max_length=512)
    client: str = Field("", max_length=64)


class Ping(_Message):
    """Answered by `Pong`; a connection silent for 15 s is closed."""

    type: Literal["ping"] = "ping"


class SetPresence(_Message):
    """A seat's state; rings only while ``ready``."""

    type: Literal["presence.set"] = "presence.set"
    state: Literal["ready", "break", "after_call", "busy"]


class Description(_Message):
    """Session description (RFC 8866) for the other participant; the server adds ``sender``."""

    type: Literal["call.description"] = "call.description"
    call_id: str = Field(max_length=64)
    generation: int
    kind: Literal["offer", "answer"]
    sdp: str = Field(max_length=48 * 1024)
    sender: str | None = None


class Candidate(_Message):
    """ICE candidate (RFC 8839) for the other participant; an empty one ends the list."""

    type: Literal["call.candidate"] = "call.candidate"
    call_id: str = Field(max_length=64)
    generation: int
    candidate: str = Field(max_length=1024)
    sdp_mid: str | None = Field(None, max_length=64)
    sdp_m_line_index: int | None = None
    sender: str | None = None


class RestartCall(_Message):
    """No picture or sound for 3 s: start the media anew (same call, next generation)."""

    type: Literal["call.restart"] = "call.restart"
    call_id: str = Field(max_length=64)
    generation: int


class HangUp(_Message):
    """Leave the call; the case goes on."""

    type: Literal["call.hangup"] = "call.hangup"
    call_id: str = Field(max_length=64)


# --- server to client ----------------------------------------------------------------------------------------


class Welcome(_Message):
    type: Literal["welcome"] = "welcome"
    number: str
    role: str
    heartbeat_s: float = 5.0


class Refused(_Message):
    """The frame with id ``re`` was not carried out; nothing changed."""

    type: Literal["refused"] = "refused"
    code: str
    params: dict[str, Any] = {}


class Pong(_Message):
    type: Literal["pong"] = "pong"


class Ringing(_Message):
    """To a ready seat: this customer is yours until the deadline; answer with ``POST /cases/{id}/answer``."""

    type: Literal["call.ringing"] = "call.ringing"
    case_id: str
    ring_seconds: float


class RingingStopped(_Message):
    type: Literal["call.ringing_stopped"] = "call.ringing_stopped"
    case_id: str
    reason: Literal["answered", "timeout", "customer_left"]


class Participant(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    number: str
    role: str
    name: str | None = None


class CallStarted(_Message):
    """To every participant. The offerer sends an offer for this generation; a higher generation replaces the media."""

    type: Literal["call.started"] = "call.started"
    call_id: str
    case_id: str
    generation: int
    offerer: bool
    peers: list[Participant]
    ice_servers: list[dict[str, Any]] = []


class PeerLost(_Message):
    """The other side's connection to the server is gone; it has ``grace_s`` to come back."""

    type: Literal["call.peer_lost"] = "call.peer_lost"
    call_id: str
    number: str
    grace_s: float


class CallEnded(_Message):
    type: Literal["call.ended"] = "call.ended"
    call_id: str
    reason: Literal["hangup", "peer_gone", "case_ended"]
    by: str | None = None


class QueueChanged(_Message):
    type: Literal["queue.changed"] = "queue.changed"
    case_id: str
    position: int | None
    estimated_wait_s: int | None = None


class CaseChanged(_Message):
    """Fetch ``GET /cases/{id}`` when ``version`` is newer than the one at hand."""

    type: Literal["case.changed"] = "case.changed"
    case_id: str
    version: int


class DeskChanged(_Message):
    """Queue, machines or today's cases changed; at most four a second."""

    type: Literal["desk.changed"] = "desk.changed"


class MachineOrdered(_Message):
    """To a kiosk: there is something to do, or whether it serves has changed: fetch ``GET /machines/me``."""

    type: Literal["machine.ordered"] = "machine.ordered"


class TaskAssigned(_Message):
    type: Literal["task.assigned"] = "task.assigned"
    task_id: str


class TaskClosed(_Message):
    type: Literal["task.closed"] = "task.closed"
    task_id: str
    reason: Literal["decided", "expired", "withdrawn", "reassigned"]


FromClient = Annotated[
    Hello | Ping | SetPresence | Description | Candidate | RestartCall | HangUp, Field(discriminator="type")
]
FromServer = Annotated[
    Welcome
    | Refused
    | Pong
    | Ringing
    | RingingStopped
    | CallStarted
    | PeerLost
    | CallEnded
    | QueueChanged
    | CaseChanged
    | DeskChanged
    | MachineOrdered
    | TaskAssigned
    | TaskClosed
    | Description
    | Candidate,
    Field(discriminator="type"),
]

_FROM_CLIENT: TypeAdapter[Any] = TypeAdapter(FromClient)
_FROM_SERVER: TypeAdapter[Any] = TypeAdapter(FromServer)


class Frame(BaseModel):
    """A parsed frame: the message and the ids that tie question and answer together."""

    model_config = ConfigDict(frozen=True)
    limit: ClassVar[int] = MAX_BYTES
    message: Any
    id: str | None = None
    re: str | None = None


def encode(message: _Message, *, id: str | None = None, re: str | None = None) -> str:
    """A message as the text of one frame."""
    envelope: dict[str, Any] = {"v": VERSION, "type": message.type}
    if id is not None:
        envelope["id"] = id
    if re is not None:
        envelope["re"] = re
    envelope["payload"] = message.model_dump(mode="json", exclude={"type"}, exclude_none=True)
    return json.dumps(envelope, ensure_ascii=False)


def _decode(text: str | bytes, adapter: TypeAdapter[Any]) -> Frame:
    if len(text) > MAX_BYTES:
        raise UserError("signalling.too_long")
    try:
        envelope = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError("signalling.not_json") from error
    if not isinstance(envelope, dict) or not isinstance(envelope.get("payload", {}), dict):
        raise UserError("signalling.bad_envelope")
    if envelope.get("v") != VERSION:
        raise UserError("signalling.version", version=VERSION)
    try:
        message = adapter.validate_python({**envelope.get("payload", {}), "type": envelope.get("type")})
        return Frame(message=message, id=envelope.get("id"), re=envelope.get("re"))
    except ValidationError as error:
        kind = error.errors()[0]["type"]
        code = "signalling.unknown_type" if kind.startswith("union_tag") else "signalling.bad_payload"
        raise UserError(code) from error


def decode_from_client(text: str | bytes) -> Frame:
    """Parse what a client sent.

    Raises:
        UserError: ``signalling.too_long | not_json | bad_envelope | version | unknown_type | bad_payload``.
    """
    return _decode(text, _FROM_CLIENT)


def decode_from_server(text: str | bytes) -> Frame:
    """Parse what the server sent; a type this client does not know raises ``signalling.unknown_type``: ignore it."""
    return _decode(text, _FROM_SERVER)
