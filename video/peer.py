"""One connection to one other participant: negotiation, tracks out, frames in, and the watchdog."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import av
import numpy as np
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InternalError, InvalidAccessError, InvalidStateError, OperationError
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from common.aio import TaskSet, cancel_and_wait
from common.errors import UserError
from video import codecs, jitter
from video.data import DataCounts, DataPath, with_refused_data
from video.frames import TimedPicture, TimedSound
from video.signalling import MAX_CANDIDATES, Candidate, Description, check_candidate
from video.watch import Health, MediaWatch

log = logging.getLogger(__name__)

Role = Literal["offerer", "answerer"]

_CLOSE_S = 5.0


@dataclass(frozen=True, slots=True)
class IceServer:
    """A STUN or TURN server (RFC 7064, RFC 7065)."""

    url: str
    username: str | None = None
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class PeerLimits:
    """Seconds of silence that break a call, and that its set-up may take."""

    media_s: float = 3.0
    setup_s: float = 15.0


@dataclass(frozen=True, slots=True)
class PeerStats:
    """How the connection does; rates over the last two seconds. ``rtt_ms`` is None until the first report."""

    fps_in: float
    fps_out: float
    rtt_ms: float | None
    bytes_in: int
    bytes_out: int
    packets_lost: int
    remote_size: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class PeerObserver:
    """Who is told, in the event loop, what arrives. Each must return at once.

    ``media_health``: the verdict changed; the second argument names the kinds of media that are missing.
    """

    picture_arrived: Callable[[TimedPicture], None]
    sound_arrived: Callable[[TimedSound], None]
    data_arrived: Callable[[bytes], None]
    media_health: Callable[[Health, tuple[str, ...]], None]


class _Rate:
    """Events a second over the last two."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque(maxlen=240)

    def note(self, now: float) -> None:
        self._moments.append(now)

    def value(self, now: float) -> float:
        recent = sum(1 for moment in self._moments if now - moment <= 2.0)
        return recent / 2.0


class Peer:
    """One RTCPeerConnection. Made, used and closed in one event loop; not used again after close.

    Args:
        tracks: what is sent; the peer stops them when it closes.
        observer: gets every decoded frame, every message and the watchdog's verdicts.
        counts: where messages are counted; None makes its own.
    """

    def __init__(
        self,
        tracks: Sequence[MediaStreamTrack],
        observer: PeerObserver,
        *,
        ice_servers: Sequence[IceServer] = (),
        limits: PeerLimits | None = None,
        counts: DataCounts | None = None,
    ) -> None:
        codecs.install()
        servers = [RTCIceServer(one.url, one.username, one.credential) for one in ice_servers]
        # An empty list is said explicitly: aiortc's own default is a public server of a stranger.
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._connection.on("track", self._track_arrived)
        self._tracks = list(tracks)
        self._observer = observer
        self._data = DataPath(self._connection, observer.data_arrived, counts or DataCounts())
        self._limits = limits or PeerLimits()
        self._tasks = TaskSet("peer")
        self._watch: MediaWatch | None = None
        self._health = Health.WAITING
        self._pending: list[Candidate] = []
        self._fps_in, self._fps_out = _Rate(), _Rate()
        self._taken = 0
        self._remote_size: tuple[int, int] | None = None
        self._closed = False

    # --- negotiation

    @property
    def offering(self) -> bool:
        """Whether an offer of ours waits for its answer."""
        return self._connection.signalingState == "have-local-offer"

    @property
    def fresh(self) -> bool:
        """Whether nothing has been negotiated yet."""
        return not self._closed and self._connection.localDescription is None

    async def start(self, role: Role) -> Description | None:
        """Begin. The offerer gets the description to send; the answerer waits for :meth:`accept_offer`."""
        self._watch = MediaWatch(limit_s=self._limits.media_s, setup_s=self._limits.setup_s, now=time.monotonic())
        self._tasks.spawn(self._watch_media(), name="peer-watchdog")
        if role == "answerer":
            return None
        for track in self._tracks:
            self._connection.addTransceiver(track, direction="sendrecv")
            self._watch.expect(track.kind)
        self._data.offer()
        self._shape()
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return self._local("offer")

    async def accept_offer(self, offer: Description) -> Description:
        """Take the other side's offer; the answer to send.

        Raises:
            UserError: ``call.bad_description``: it cannot be answered (codecs, order); the peer is of no more use.
        """
        for track in self._tracks:
            self._connection.addTrack(track)
        await self._apply(offer)
        self._shape()
        try:
            await self._connection.setLocalDescription(await self._connection.createAnswer())
        except (InvalidStateError, ValueError) as error:
            raise UserError("call.bad_description", why="answer") from error
        return self._local("answer")

    async def accept_answer(self, answer: Description) -> None:
        """Take the answer to our offer.

        Raises:
            UserError: ``call.bad_description``: no offer is open, or the answer does not fit it.
        """
        if self._connection.signalingState != "have-local-offer":
            raise UserError("call.bad_description", why="order")
        await self._apply(Description("answer", with_refused_data(answer.sdp)))

    async def add_candidate(self, message: Candidate) -> None:
        """Take a trickled candidate, before or after the description it belongs to.

        Raises:
            UserError: ``call.bad_candidate``.
        """
        checked = check_candidate(message)
        if len(self._pending) >= MAX_CANDIDATES:
            raise UserError("call.bad_candidate", why="flood")
        # Remembered for good: what a peer may send is bounded over its whole life.
        self._pending.append(message)
        if self._connection.remoteDescription is not None:
            await self._connection.addIceCandidate(checked)

    async def _apply(self, description: Description) -> None:
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(description.sdp, description.kind))
        # Everything that aiortc throws at a description that parses but does not fit.
        except (InvalidStateError, InvalidAccessError, InternalError, OperationError) as error:
            raise UserError("call.bad_description", why=type(error).__name__) from error
        except (ValueError, AssertionError, LookupError, AttributeError, TypeError, StopIteration) as error:
            raise UserError("call.bad_description", why="content") from error
        self._data.guard()
        for message in self._pending:
            await self._connection.addIceCandidate(check_candidate(message))

    def _shape(self) -> None:
        """Codec order and shorter buffers, while nothing has been negotiated or has arrived yet."""
        for transceiver in self._connection.getTransceivers():
            if transceiver.kind == "video" and self._connection.remoteDescription is None:
                transceiver.setCodecPreferences(codecs.preferred_video())
            jitter.shorten(transceiver.receiver, transceiver.kind)

    def _local(self, kind: Literal["offer", "answer"]) -> Description:
        return Description(kind, self._connection.localDescription.sdp)

    # --- media and data

    def send_data(self, data: bytes) -> None:
        """Send a message that may be lost; see :meth:`video.data.DataPath.send` for what is dropped."""
        self._data.send(data)

    def _track_arrived(self, track: MediaStreamTrack) -> None:
        if self._closed:
            return
        if self._watch is not None:
            self._watch.expect(track.kind)
        pump = self._pump_pictures if track.kind == "video" else self._pump_sound
        self._tasks.spawn(pump(track), name=f"peer-{track.kind}")

    async def _pump_pictures(self, track: MediaStreamTrack) -> None:
        # recv is called again at once whatever the sinks do: aiortc's queue behind it has no bound.
        while (frame := await _next(track)) is not None:
            assert isinstance(frame, av.VideoFrame)
            now = time.monotonic_ns()
            self._remote_size = (frame.width, frame.height)
            self._fps_in.note(now / 1e9)
            self._saw("video", now / 1e9)
            self._observer.picture_arrived(TimedPicture(frame, now))

    async def _pump_sound(self, track: MediaStreamTrack) -> None:
        while (frame := await _next(track)) is not None:
            assert isinstance(frame, av.AudioFrame)
            now = time.monotonic_ns()
            self._saw("audio", now / 1e9)
            channels = len(frame.layout.channels)
            samples = np.array(frame.to_ndarray().reshape(-1, channels)[:, 0], np.int16)
            self._observer.sound_arrived(TimedSound(samples, now))

    def _saw(self, kind: str, now: float) -> None:
        if self._watch is not None:
            self._watch.saw(kind, now)
            if self._health is not Health.ALIVE:
                self._judge(now)

    async def _watch_media(self) -> None:
        pause = min(0.25, self._limits.media_s / 8)
        while True:
            await asyncio.sleep(pause)
            now = time.monotonic()
            self._note_sent(now)
            self._judge(now)

    def _judge(self, now: float) -> None:
        assert self._watch is not None
        health = self._watch.health(now)
        if health is not self._health:
            self._health = health
            self._observer.media_health(health, self._watch.lost(now))

    def _note_sent(self, now: float) -> None:
        taken = sum(getattr(track, "taken", 0) for track in self._tracks)
        for _ in range(taken - self._taken):
            self._fps_out.note(now)
        self._taken = taken

    # --- figures and end

    async def stats(self) -> PeerStats:
        """The present figures."""
        now = time.monotonic()
        self._note_sent(now)
        report: dict[str, Any] = dict(await self._connection.getStats()) if not self._closed else {}
        rtts = [s.roundTripTime for s in report.values() if s.type == "remote-inbound-rtp" and s.roundTripTime]
        transports = [s for s in report.values() if s.type == "transport"]
        return PeerStats(
            fps_in=self._fps_in.value(now),
            fps_out=self._fps_out.value(now),
            rtt_ms=1000 * max(rtts) if rtts else None,
            bytes_in=sum(s.bytesReceived for s in transports),
            bytes_out=sum(s.bytesSent for s in transports),
            packets_lost=sum(s.packetsLost for s in report.values() if s.type == "inbound-rtp"),
            remote_size=self._remote_size,
        )

    async def close(self) -> None:
        """Stop sending and receiving, end every task and thread of the connection; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._data.close()
        for track in self._tracks:
            track.stop()
        await cancel_and_wait(*_connecting(self._connection))
        try:
            async with asyncio.timeout(_CLOSE_S):
                await self._connection.close()
        except TimeoutError:
            # A call must be able to end, and to start anew, even if the library cannot.
            log.warning("connection did not close in time")
        await self._tasks.close()


def _connecting(connection: RTCPeerConnection) -> "list[asyncio.Task[Any]]":
    """The tasks with which aiortc connects, and of which it keeps no hold.

    Closed in the middle of its set-up, it leaves them running, and they may start a consent check on the
    closed sockets that then goes on for half a minute. (Its closing task must not be touched: it
    holds a future that :meth:`Peer.close` waits for.)
    """
    found = []
    for task in asyncio.all_tasks():
        coroutine = task.get_coro()
        frame = getattr(coroutine, "cr_frame", None)
        connects = getattr(coroutine, "__name__", "") == "__connect"
        if connects and frame is not None and frame.f_locals.get("self") is connection:
            found.append(task)
    return found


async def _next(track: MediaStreamTrack) -> Any:
    """The next frame, or None when the track has ended."""
    try:
        return await track.recv()
    except MediaStreamError:
        return None
