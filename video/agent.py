"""One seat's part in calls: turns the server's signalling messages into a session, and keeps the own picture.

The server says who calls whom and when the media has to start anew (``call.started`` with a generation); the agent
makes, restarts and ends the :class:`video.session.CallSession`. It lives in one event loop.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Literal

from common.aio import TaskSet
from common.clock import Clock
from common.errors import AppError, UserError
from common.settings import VideoSettings
from common.wire import signalling as wire
from video.call import CallState
from video.frames import Pixels
from video.media import LocalMedia
from video.peer import IceServer, PeerLimits
from video.session import CallSession, CallSnapshot
from video.signalling import Candidate
from video.sources.choose import Portrait

log = logging.getLogger(__name__)

Send = Callable[[wire.Description | wire.Candidate | wire.RestartCall | wire.HangUp], Awaitable[None]]


class _Port:
    """Descriptions of one generation, out through the signalling connection."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.generation = 0

    async def send_description(self, call_id: str, to: str, kind: Literal["offer", "answer"], sdp: str) -> None:
        await self._send(wire.Description(call_id=call_id, generation=self.generation, kind=kind, sdp=sdp))

    async def send_candidate(self, call_id: str, to: str, candidate: Candidate) -> None:
        await self._send(
            wire.Candidate(
                call_id=call_id,
                generation=self.generation,
                candidate=candidate.candidate,
                sdp_mid=candidate.sdp_mid,
                sdp_m_line_index=candidate.sdp_mline_index,
            )
        )


def _ice_servers(message: wire.CallStarted) -> list[IceServer]:
    """The servers of a call; on the wire they stand as W3C's RTCIceServer does, so that browsers take them."""
    found = []
    for server in message.ice_servers:
        urls = server.get("urls", [])
        for url in [urls] if isinstance(urls, str) else urls:
            found.append(IceServer(str(url), server.get("username"), server.get("credential")))
    return found


class CallAgent:
    """Calls of one seat, one at a time.

    Args:
        send: carries a message to the server; raises ServiceError ``call.signalling_lost`` when it cannot.
        settings, portrait: what is sent; see :class:`video.media.LocalMedia`.
        on_session: told, in the loop, when a session begins (or None when it has ended).
        on_change: gets each snapshot of the session.
        on_ended: gets the reason once a call is over: hangup, peer_gone, case_ended; replaced: by the one that a
            restarted server begins, since it does not know the call that stands.
        on_failed: told why a call cannot be held at this seat, which has left it then and told the other side.
        limits: seconds of silence that break a call.
    """

    def __init__(
        self,
        send: Send,
        settings: VideoSettings,
        portrait: Portrait | Pixels,
        *,
        on_session: Callable[[CallSession | None], None],
        on_change: Callable[[CallSnapshot], None],
        on_ended: Callable[[str], None],
        on_failed: Callable[[AppError], None] = lambda error: None,
        limits: PeerLimits | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._send, self._settings, self._portrait = send, settings, portrait
        self._on_session, self._on_change, self._on_ended = on_session, on_change, on_ended
        self._on_failed = on_failed
        self._limits, self._clock = limits, clock
        self._tasks = TaskSet("call-agent")
        self._port = _Port(send)
        self._call_id: str | None = None
        self._restart_asked = False
        self._leaving: asyncio.Task[None] | None = None
        self.media = LocalMedia(settings, portrait)
        self.session: CallSession | None = None

    async def show_self(self) -> None:
        """Open camera and microphone before a call, for the own picture.

        Raises:
            UserError: ``settings.invalid``.
        """
        await self.media.open()

    async def on_message(self, message: object) -> None:
        """What the server said; messages of other calls and generations are skipped."""
        try:
            if isinstance(message, wire.CallStarted):
                await self._started(message)
            elif isinstance(message, wire.CallEnded) and message.call_id == self._call_id:
                await self._end(message.reason)
            elif isinstance(message, wire.Description) and self._of_now(message.call_id, message.generation):
                assert self.session is not None
                await self.session.on_description(message.kind, message.sdp)
            elif isinstance(message, wire.Candidate) and self._of_now(message.call_id, message.generation):
                assert self.session is not None
                await self.session.on_candidate(Candidate(message.candidate, message.sdp_mid, message.sdp_m_line_index))
        except AppError as error:
            # The other side's nonsense or a lost connection: the watchdog finds out and the call is restarted.
            log.info("signalling message not applied", extra={"code": error.code})

    def _of_now(self, call_id: str, generation: int) -> bool:
        return self.session is not None and call_id == self._call_id and generation == self._port.generation

    async def _started(self, message: wire.CallStarted) -> None:
        same = self.session is not None and message.call_id == self._call_id
        if same and message.generation <= self._port.generation:
            return
        self._restart_asked = False
        if same:
            self._port.generation = message.generation
            assert self.session is not None
            if message.offerer:
                await self.session.restart()
            return
        await self._end("replaced")
        self._call_id, self._port.generation = message.call_id, message.generation
        try:
            await self._join(message)
        except UserError as error:
            # This seat cannot, and will not without somebody's help: silence would leave both sides waiting.
            log.warning("call cannot be held here", extra={"code": error.code})
            self._on_failed(error)
            await self.hang_up()

    async def _join(self, message: wire.CallStarted) -> None:
        peer = message.peers[0].number if message.peers else ""
        self.session = CallSession(
            self._port,
            self.media,
            call_id=message.call_id,
            peer_id=peer,
            on_change=self._changed,
            limits=self._limits,
            clock=self._clock,
        )
        self._on_session(self.session)
        await self.session.join("offerer" if message.offerer else "answerer", _ice_servers(message))

    def _changed(self, snapshot: CallSnapshot) -> None:
        self._on_change(snapshot)
        if snapshot.state is CallState.BROKEN and not self._restart_asked:
            self._restart_asked = True
            self._tasks.spawn(self._ask_restart(snapshot.call_id), name="ask-restart")

    async def _ask_restart(self, call_id: str) -> None:
        try:
            await self._send(wire.RestartCall(call_id=call_id, generation=self._port.generation))
        except AppError:
            # Away from the server: it starts the media anew by itself when we are back.
            self._restart_asked = False

    async def hang_up(self) -> None:
        """Leave the call; the case goes on. Nothing happens without a call."""
        call_id = self._call_id
        if call_id is None:
            return
        try:
            await self._send(wire.HangUp(call_id=call_id))
        except AppError:
            log.info("hang-up not delivered")
        await self._end("hangup")

    async def _end(self, reason: str) -> None:
        session, self.session, self._call_id = self.session, None, None
        if session is not None:
            self._leaving = self._tasks.spawn(self._leave(session, reason), name="leave-call")
        await self._left()

    async def _leave(self, session: CallSession, reason: str) -> None:
        await session.hang_up()
        self.media = LocalMedia(self._settings, self._portrait)
        self._on_session(None)
        self._on_ended(reason)

    async def _left(self) -> None:
        """Wait for a call that is being left. Who waits may be cancelled; the leaving goes on to its end."""
        if self._leaving is not None:
            await asyncio.shield(self._leaving)

    async def close(self) -> None:
        """End the call, give camera and microphone back."""
        session, self.session, self._call_id = self.session, None, None
        await self._left()
        if session is not None:
            await session.hang_up()
        await self._tasks.close()
        await self.media.close()
