"""One side of a call with one participant: the link's state, the connection, what is sent and shown.

Everything here runs in one event loop. The owner — a window's presenter — creates a session when a call
rings or is placed, hands it what the signalling brings, and shows the snapshots it gets back.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.aio import TaskSet
from common.clock import Clock, SystemClock
from common.errors import UserError
from video.call import CallEvent, CallLink, CallState, EndReason, advance, allowed
from video.data import DataCounts
from video.measure import CallFigures, CallMeasure
from video.media import LocalMedia, Notice
from video.peer import IceServer, Peer, PeerLimits, PeerObserver, PeerStats, Role
from video.signalling import Candidate, Description, SignallingPort, check_candidate, check_description
from video.sinks.screen import ScreenSink
from video.sinks.speaker import SpeakerSink
from video.sources.choose import speaker_device
from video.watch import Health

log = logging.getLogger(__name__)

_ATTEMPT = re.compile(r"^a=x-guitai-attempt:(\d{1,6})\r?$", re.MULTILINE)
_STATS_S = 1.0


@dataclass(frozen=True, slots=True)
class CallSnapshot:
    """What a window needs to show a call."""

    call_id: str
    state: CallState
    since: datetime
    ended_by: EndReason | None
    lost: tuple[str, ...]
    remote_size: tuple[int, int] | None
    fps_in: float
    fps_out: float
    rtt_ms: float | None
    packets_lost: int
    local_muted: bool
    local_held: bool
    notices: tuple[Notice, ...]


_NO_STATS = PeerStats(0.0, 0.0, None, 0, 0, 0, None)


def _nobody_listens(data: bytes) -> None:
    """What arrives before anybody asked for it is lost."""


class CallSession:
    """A call with one participant, from ringing to its end.

    Args:
        port: carries descriptions to the other side.
        media: what is sent; the session opens it when joining and closes it at the end.
        call_id, peer_id: as the signalling names the call and the other participant.
        on_change: gets a snapshot, in the loop, on every change and once a second while a connection stands.
    """

    def __init__(
        self,
        port: SignallingPort,
        media: LocalMedia,
        *,
        call_id: str,
        peer_id: str,
        on_change: Callable[[CallSnapshot], None] = lambda snapshot: None,
        limits: PeerLimits | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._port = port
        self._limits = limits or PeerLimits()
        self._on_change = on_change
        self._link = CallLink(call_id, peer_id, CallState.IDLE, self._clock.now())
        self._tasks = TaskSet("call")
        self._lock = asyncio.Lock()
        self._role: Role = "answerer"
        self._ice: tuple[IceServer, ...] = ()
        self._peer: Peer | None = None
        self._attempt = 0
        self._offer: Description | None = None
        self._early: list[Candidate] = []
        self._stats = _NO_STATS
        self._lost: tuple[str, ...] = ()
        self._on_data: Callable[[bytes], None] = _nobody_listens
        self.data_counts = DataCounts()
        measuring = media.settings.measure
        self.media = media
        self.measure = CallMeasure()
        self.remote_screen = ScreenSink("remote", measure=measuring, on_decoded=self.measure.note_decoded)
        self.remote_screen.add_tap(self.measure.note_frame)
        heard = self.measure.note_heard if measuring else None
        self.speaker = SpeakerSink(speaker_device(media.settings), media.note, on_heard=heard)
        self._stop_notices = media.on_notice(self._changed)

    # --- what the person does

    def ring(self) -> None:
        """Somebody calls, nobody has answered yet.

        Raises:
            UserError: ``call.wrong_state``.
        """
        self._event(CallEvent.RING)

    async def join(self, role: Role, ice_servers: Sequence[IceServer] | None = None) -> None:
        """Place the call (offerer) or answer it (answerer). The answerer may be called before or after the offer came.

        Args:
            ice_servers: None takes those of the settings.

        Raises:
            UserError: ``call.wrong_state``, ``settings.invalid``.
            ServiceError: ``call.signalling_lost`` from the port; the call is broken then and can be restarted.
        """
        async with self._lock:
            self._event(CallEvent.JOIN)
            self.measure.note_joined()
            self._role = role
            configured = self.media.settings.ice_servers if ice_servers is None else ice_servers
            self._ice = tuple(IceServer(one.url, one.username, one.credential) for one in configured)
            self._tasks.spawn(self._report(), name="call-report")
            # Devices open while the two sides negotiate: the tracks wait for their first frame.
            done = await asyncio.gather(
                self.media.open(), self.speaker.open(), self._connect(role), return_exceptions=True
            )
            for failure in done:
                if isinstance(failure, BaseException):
                    self._event(CallEvent.SILENCE)
                    raise failure

    async def restart(self) -> None:
        """Make a new connection in the same call. Either side may; the other follows by itself.

        Raises:
            UserError: ``call.wrong_state``.
            ServiceError: ``call.signalling_lost``.
        """
        async with self._lock:
            self._event(CallEvent.RESTART)
            self._offer = None
            await self._connect("offerer")

    async def hang_up(self) -> None:
        """End the call; the owner tells the other side. Safe to call in any state."""
        await self._end(CallEvent.HANG_UP)

    def mute(self, on: bool) -> None:
        """Send silence or the microphone."""
        self.media.mute(on)
        self._changed()

    def hold(self, on: bool) -> None:
        """Send the hold card and silence, or camera and microphone."""
        self.media.hold(on)
        self._changed()

    def send_data(self, data: bytes) -> None:
        """Send a message that may be lost, beside picture and sound. Call it in the loop.

        Dropped and counted (:attr:`data_counts`), without a word: while no channel is open, over 200 kB, and when
        more than 256 kB would wait to be sent.
        """
        if self._peer is None:
            self.data_counts.dropped_out += 1
        else:
            self._peer.send_data(data)

    def on_data(self, callback: Callable[[bytes], None]) -> None:
        """Who gets the other side's messages, in the loop; at any time, for all connections of the call."""
        self._on_data = callback

    # --- what the signalling brings

    async def on_description(self, kind: str, sdp: str) -> None:
        """An offer or answer of the other side. An offer during a call is the other side's restart.

        Raises:
            UserError: ``call.bad_description`` (nothing changed), ``call.wrong_state`` (the call is over).
        """
        description = check_description(kind, sdp)
        async with self._lock:
            if self._link.state is CallState.ENDED:
                raise UserError("call.wrong_state", state="ended", event=kind)
            if description.kind == "answer":
                await self._take_answer(description)
            elif self._link.state in (CallState.IDLE, CallState.RINGING):
                self._offer = description
            else:
                await self._take_offer(description)

    async def on_candidate(self, candidate: Candidate) -> None:
        """A trickled candidate of the other side.

        Raises:
            UserError: ``call.bad_candidate``.
        """
        check_candidate(candidate)
        async with self._lock:
            if self._peer is not None:
                await self._peer.add_candidate(candidate)
            elif len(self._early) < 64:
                self._early.append(candidate)

    async def on_remote_hang_up(self) -> None:
        """The other side ended the call."""
        await self._end(CallEvent.REMOTE_HANG_UP)

    # --- connection

    async def _connect(self, role: Role) -> None:
        if role == "answerer":
            await self._renew()
            assert self._peer is not None
            await self._peer.start("answerer")
            if self._offer is not None:
                await self._answer(self._offer)
            return
        await self._renew()
        assert self._peer is not None
        self._attempt += 1
        offer = await self._peer.start("offerer")
        assert offer is not None
        await self._send(offer)

    async def _renew(self) -> None:
        """A new, unused peer in place of the old one."""
        old, self._peer = self._peer, None
        if old is not None:
            await old.close()
        tracks = [self.media.microphone.track(), self.media.camera.track()]
        # Not the present callback itself: the owner may give another one at any time.
        observer = PeerObserver(
            self.remote_screen.show, self.speaker.play, lambda data: self._on_data(data), self._media_health
        )
        self._peer = Peer(tracks, observer, ice_servers=self._ice, limits=self._limits, counts=self.data_counts)
        self._lost = ()

    async def _take_offer(self, offer: Description) -> None:
        ours_open = self._peer is not None and self._peer.offering
        if ours_open and self._role == "offerer":
            # Both restarted at once: the one who placed the call has the right of way.
            return
        if self._peer is None or not self._peer.fresh:
            if allowed(self._link, CallEvent.RESTART):
                self._event(CallEvent.RESTART)
            await self._renew()
            await self._peer_of_this_moment().start("answerer")
        await self._answer(offer)

    def _peer_of_this_moment(self) -> Peer:
        assert self._peer is not None
        return self._peer

    async def _answer(self, offer: Description) -> None:
        self._offer = None
        peer = self._peer_of_this_moment()
        try:
            answer = await peer.accept_offer(offer)
        except UserError:
            # It parsed, but nothing in it can be answered; a fresh peer waits for a better one.
            await self._renew()
            await self._peer_of_this_moment().start("answerer")
            raise
        await self._hand_over_early(peer)
        attempt = _ATTEMPT.search(offer.sdp)
        await self._send(answer, int(attempt.group(1)) if attempt else None)

    async def _take_answer(self, answer: Description) -> None:
        if self._peer is None or not self._peer.offering:
            raise UserError("call.bad_description", why="order")
        attempt = _ATTEMPT.search(answer.sdp)
        if attempt is not None and int(attempt.group(1)) != self._attempt:
            # The answer to an offer that a restart has replaced meanwhile.
            return
        await self._peer.accept_answer(answer)
        await self._hand_over_early(self._peer)

    async def _hand_over_early(self, peer: Peer) -> None:
        early, self._early = self._early, []
        for candidate in early:
            await peer.add_candidate(candidate)

    async def _send(self, description: Description, attempt: int | None = None) -> None:
        number = self._attempt if description.kind == "offer" else attempt
        sdp = description.sdp
        if number is not None:
            # A line that no other implementation knows is skipped by it (RFC 8866, 5.13).
            head, section, rest = sdp.partition("m=")
            sdp = f"{head}a=x-guitai-attempt:{number}\r\n{section}{rest}"
        await self._port.send_description(self._link.call_id, self._link.peer_id, description.kind, sdp)

    def _media_health(self, health: Health, lost: tuple[str, ...]) -> None:
        self._lost = lost
        event = {Health.ALIVE: CallEvent.MEDIA, Health.LOST: CallEvent.SILENCE}.get(health)
        if health is Health.ALIVE:
            self.measure.note_connected()
        if event is not None and allowed(self._link, event):
            self._event(event)

    # --- snapshots and end

    def snapshot(self) -> CallSnapshot:
        """How the call stands now."""
        return CallSnapshot(
            call_id=self._link.call_id,
            state=self._link.state,
            since=self._link.since,
            ended_by=self._link.ended_by,
            lost=self._lost,
            remote_size=self._stats.remote_size,
            fps_in=self._stats.fps_in,
            fps_out=self._stats.fps_out,
            rtt_ms=self._stats.rtt_ms,
            packets_lost=self._stats.packets_lost,
            local_muted=self.media.muted,
            local_held=self.media.held,
            notices=self.media.notices,
        )

    def figures(self) -> CallFigures:
        """What was measured of this call so far."""
        return self.measure.figures(f"{self.speaker.path} speaker")

    def _event(self, event: CallEvent) -> None:
        self._link = advance(self._link, event, self._clock.now())
        self._changed()

    def _changed(self) -> None:
        self._on_change(self.snapshot())

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(_STATS_S)
            await self.speaker.check()
            if self._peer is not None:
                self._stats = await self._peer.stats()
                self._changed()

    async def _end(self, event: CallEvent) -> None:
        async with self._lock:
            if self._link.state is CallState.ENDED:
                return
            self._event(event)
            self._stop_notices()
            peer, self._peer = self._peer, None
            if peer is not None:
                await peer.close()
            await self._tasks.close()
            await self.media.close()
            self.remote_screen.clear()
            await self.remote_screen.close()
            await self.speaker.close()
