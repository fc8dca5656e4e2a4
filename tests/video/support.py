"""Two parties in one loop, joined by a signalling port that delivers at once; and waiting with a deadline."""

import asyncio
from collections.abc import Callable

from benchmarks.parties import PartyProcess
from common.aio import TaskSet
from common.errors import UserError
from common.settings import VideoSettings
from video.call import CallState
from video.media import LocalMedia
from video.peer import PeerLimits
from video.session import CallSession, CallSnapshot
from video.signalling import Candidate, DescriptionKind

SMALL = VideoSettings(
    camera="synthetic", microphone="synthetic", speaker="none", width=320, height=180, fps=15, measure=True
)
QUICK = PeerLimits(media_s=0.8, setup_s=10.0)
DEADLINE_S = 20.0


class WirePort:
    """Hands descriptions to the other session in a task of its own, like a socket would."""

    def __init__(self) -> None:
        self.other: CallSession | None = None
        self.sent: list[tuple[str, str]] = []
        self.errors: list[UserError] = []
        self.tasks = TaskSet("wire")
        self.to_party: PartyProcess | None = None

    async def send_description(self, call_id: str, to: str, kind: DescriptionKind, sdp: str) -> None:
        self.sent.append((kind, sdp))
        if self.to_party is not None:
            self.to_party.tell({"type": "description", "kind": kind, "sdp": sdp})
        if self.other is not None:
            self.tasks.spawn(self._deliver(self.other, kind, sdp))

    async def _deliver(self, other: CallSession, kind: str, sdp: str) -> None:
        try:
            await other.on_description(kind, sdp)
        except UserError as error:
            self.errors.append(error)

    async def send_candidate(self, call_id: str, to: str, candidate: Candidate) -> None:
        raise AssertionError("aiortc gathers before it describes")


class Party:
    """A session with everything it told its owner."""

    def __init__(self, name: str, settings: VideoSettings = SMALL, limits: PeerLimits = QUICK) -> None:
        self.port = WirePort()
        self.snapshots: list[CallSnapshot] = []
        self._changed = asyncio.Event()
        media = LocalMedia(settings, "teller" if name == "teller" else "customer")
        self.session = CallSession(
            self.port, media, call_id="call-1", peer_id="other", on_change=self._on_change, limits=limits
        )

    def _on_change(self, snapshot: CallSnapshot) -> None:
        self.snapshots.append(snapshot)
        self._changed.set()

    async def until(self, condition: Callable[[CallSnapshot], bool]) -> CallSnapshot:
        """The next (or present) snapshot that fulfils a condition."""
        async with asyncio.timeout(DEADLINE_S):
            while not condition(self.session.snapshot()):
                self._changed.clear()
                await self._changed.wait()
        return self.session.snapshot()

    async def state(self, state: CallState) -> CallSnapshot:
        """Wait for a state."""
        return await self.until(lambda snapshot: snapshot.state is state)

    async def close(self) -> None:
        await self.session.hang_up()
        await self.port.tasks.close()


async def frames(party: Party, count: int) -> None:
    """Wait for this many more remote frames."""
    enough = asyncio.Event()
    seen = 0

    def tap(_: object) -> None:
        nonlocal seen
        seen += 1
        if seen >= count:
            enough.set()

    remove = party.session.remote_screen.add_tap(tap)
    try:
        async with asyncio.timeout(DEADLINE_S):
            await enough.wait()
    finally:
        remove()


async def eventually(condition: Callable[[], bool]) -> None:
    """Look again and again until it is so; for what has no event to wait on."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.01)
