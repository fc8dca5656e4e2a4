"""What the window knows that no case says: call, ring, work under way, what is typed and not yet sent. No Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from common.wire.doubts import Doubt


class CallPhase(StrEnum):
    """The call as the window shows it."""

    NONE = "none"
    CONNECTING = "connecting"
    LIVE = "live"
    HELD = "held"
    RECOVERING = "recovering"
    ENDED = "ended"


class Phase(StrEnum):
    """A piece of machine work: reading a document, comparing two faces."""

    IDLE = "idle"
    RUNNING = "running"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """Machine work with its owner and clock.

    ``what`` is the evidence kind it is about; ``code`` says why it failed (an error or a finding of the vision room).
    """

    phase: Phase = Phase.IDLE
    what: str = ""
    since: datetime | None = None
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def running(self) -> bool:
        return self.phase is Phase.RUNNING

    @property
    def failed(self) -> bool:
        return self.phase is Phase.FAILED


@dataclass(frozen=True)
class Ring:
    """A customer offered to this seat."""

    case_id: str
    until: datetime


NO_EDITS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Local:
    """The window's own state beside the case.

    Attributes:
        me: number of the signed-on teller. offline_since: when the server was lost, none while it is there.
        command: what is being sent now (suffix of the path), empty when nothing is.
        edits: typed values not yet stored by the server. accepted: unsure fields answered with "matches the card".
        mended: returned items that were mended since they came back. note: words for the authoriser. note_due: the
            server would not take the case without them.
        doubts: what was found against pictures showing an original, by digest, whatever the server knows of it by now.
        gone_on: digests of those that the teller takes all the same.
        choice: the chosen way out of a trouble. step_since: when the customer's step last changed.
        revealed: masked facts in full, by field, as long as the key is held.
        read_only: an archived case opened to look at.
    """

    me: str = ""
    now: datetime | None = None
    offline_since: datetime | None = None
    call: CallPhase = CallPhase.NONE
    call_since: datetime | None = None
    muted: bool = False
    rtt_ms: int | None = None
    fps: float | None = None
    ring: Ring | None = None
    command: str = ""
    reading: Job = Job()
    vision: str = "stopped"
    face: Job = Job()
    verify: Job = Job()
    revealed: Mapping[str, str] = field(default_factory=dict)
    edits: Mapping[str, str] = field(default_factory=lambda: NO_EDITS)
    accepted: frozenset[str] = frozenset()
    mended: frozenset[str] = frozenset()
    note: str = ""
    note_skipped: bool = False
    note_due: bool = False
    doubts: Mapping[str, frozenset[Doubt]] = field(default_factory=dict)
    gone_on: frozenset[str] = frozenset()
    choice: str | None = None
    step_since: datetime | None = None
    read_only: bool = False
    focused: str | None = None

    def with_edit(self, name: str, value: str) -> "Local":
        """The same with a typed value."""
        return replace(self, edits=MappingProxyType({**self.edits, name: value}))

    def without_edits(self, names: frozenset[str]) -> "Local":
        """The same after the server has stored these."""
        kept = {name: value for name, value in self.edits.items() if name not in names}
        return replace(self, edits=MappingProxyType(kept), accepted=self.accepted - names)

    def for_new_case(self) -> "Local":
        """What survives from one customer to the next."""
        return Local(
            me=self.me, now=self.now, offline_since=self.offline_since, call=self.call, call_since=self.call_since,
            muted=self.muted, vision=self.vision, ring=self.ring, step_since=self.now,
        )  # fmt: skip
