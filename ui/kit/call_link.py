"""The call beside a case, as a window sees it: a Qt face over :class:`video.agent.CallAgent` on the loop."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from common.aio import cancel_and_wait
from common.errors import AppError, UserError
from common.settings import VideoSettings
from common.wire import signalling as wire
from common.wire.liveness import Gesture
from ui.kit.bridge import AsyncBridge
from ui.kit.signalling_client import SignallingClient
from video.agent import CallAgent
from video.session import CallSession, CallSnapshot
from video.sinks.screen import Picture, ScreenSink
from video.sources.choose import Portrait

log = logging.getLogger(__name__)
_WAITING_MESSAGES = 256
_DATA_LIMIT = 200_000


class CallLink(QObject):
    """Lives on the GUI thread.

    Signals:
        started(str): a call has begun; its id.
        changed(CallSnapshot): how it stands.
        ended(str): it is over: hangup | peer_gone | case_ended | replaced (by the next one, which begins now).
        failed(AppError): why a call cannot be held at this window; `ended` comes too.
        peer_lost(float): the other side lost the server; seconds it has to come back.
        data_received(bytes): what the other side sent beside picture and sound; may be lost.
    """

    started = Signal(str)
    changed = Signal(object)
    ended = Signal(str)
    failed = Signal(object)
    peer_lost = Signal(float)
    data_received = Signal(bytes)

    def __init__(
        self,
        bridge: AsyncBridge,
        signalling: SignallingClient,
        settings: VideoSettings,
        portrait: Portrait,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._signalling = bridge, signalling
        self._session: CallSession | None = None
        self._snapshot: CallSnapshot | None = None
        self._figures: dict[str, Any] | None = None
        self._inbox: asyncio.Queue[object] = asyncio.Queue(_WAITING_MESSAGES)
        self._reader: asyncio.Task[None] | None = None
        self._agent = CallAgent(
            self._send,
            settings,
            portrait,
            on_session=self._session_changed,
            on_change=lambda snapshot: bridge.emit_to_gui(lambda: self._changed(snapshot), self),
            on_ended=lambda reason: bridge.emit_to_gui(lambda: self._ended(reason), self),
            on_failed=lambda error: bridge.emit_to_gui(lambda: self.failed.emit(error), self),
        )
        for kind in (wire.CallStarted, wire.CallEnded, wire.Description, wire.Candidate):
            signalling.on(kind, self._arrived, here=True)
        signalling.on(wire.PeerLost, lambda message: self.peer_lost.emit(message.grace_s))
        bridge.call_soon(self._begin)
        bridge.on_close(self._close)

    # --- on the loop -------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._reader = asyncio.get_running_loop().create_task(self._read(), name="call link")

    async def _read(self) -> None:
        while True:
            await self._agent.on_message(await self._inbox.get())

    def _arrived(self, message: object) -> None:
        try:
            self._inbox.put_nowait(message)
        except asyncio.QueueFull:
            # Far more than any set-up needs: a flood. The watchdog restarts what is lost by this.
            log.warning("signalling messages dropped")

    async def _send(self, message: wire.Message) -> None:
        await self._signalling.send(message)

    def _session_changed(self, session: CallSession | None) -> None:
        if session is None and self._session is not None:
            self._figures = self._session.figures().as_dict()
        self._session = session
        if session is not None:
            session.on_data(lambda data: self._bridge.emit_to_gui(lambda: self.data_received.emit(data), self))
            call_id = session.snapshot().call_id
            self._bridge.emit_to_gui(lambda: self.started.emit(call_id), self)

    async def _close(self) -> None:
        if self._reader is not None:
            await cancel_and_wait(self._reader)
        await self._agent.close()

    # --- on the GUI thread -------------------------------------------------------------------------------------

    def _changed(self, snapshot: CallSnapshot) -> None:
        self._snapshot = snapshot
        self.changed.emit(snapshot)

    def _ended(self, reason: str) -> None:
        self._snapshot = None
        self.ended.emit(reason)

    @property
    def snapshot_now(self) -> CallSnapshot | None:
        """How the call stands, None without one."""
        return self._snapshot

    @property
    def remote_screen(self) -> ScreenSink | None:
        """The other side's picture, None without a call."""
        return self._session.remote_screen if self._session is not None else None

    def remote_picture(self) -> Picture | None:
        """Newest picture of the other side: the source of a video view, whichever call it is."""
        session = self._session
        return session.remote_screen.pictures.peek() if session is not None else None

    def own_picture(self) -> Picture | None:
        """Newest own picture."""
        return self._agent.media.self_view.pictures.peek()

    def remote_size_wanted(self, width: int, height: int) -> None:
        """The view's size in device pixels."""
        if (session := self._session) is not None:
            session.remote_screen.set_size(width, height)

    def own_size_wanted(self, width: int, height: int) -> None:
        """The own view's size in device pixels."""
        self._agent.media.self_view.set_size(width, height)

    def painted(self, picture: Picture) -> None:
        """A remote picture has just been painted (latency is measured there)."""
        if (session := self._session) is not None:
            session.measure.note_painted(picture)

    def show_self(self) -> None:
        """Open camera and microphone for the own picture before a call."""
        self._bridge.submit(self._agent.show_self, owner=self)

    def hang_up(self) -> None:
        """Leave the call; the case goes on."""
        self._bridge.submit(self._agent.hang_up, owner=self)

    def set_muted(self, muted: bool) -> None:
        """Send silence, or the microphone."""
        self._on_session(lambda session: session.mute(muted))

    def set_held(self, held: bool) -> None:
        """Send the hold card and silence, or camera and microphone."""
        self._on_session(lambda session: session.hold(held))

    def act(self, gesture: Gesture) -> None:
        """The person before this window's camera, where it is a simulated one, makes a gesture."""
        self._bridge.call_soon(lambda: self._agent.media.act(gesture))

    def send_data(self, data: bytes) -> None:
        """Send something that may be lost: a picture of the screen, a stroke. Longer than 200 kB is not sent."""
        if len(data) <= _DATA_LIMIT:
            self._on_session(lambda session: session.send_data(data))

    def _on_session(self, act: Callable[[CallSession], object]) -> None:
        if (session := self._session) is not None:
            self._bridge.call_soon(lambda: act(session))

    def snapshot(self, on_ok: Callable[[bytes, datetime], object], on_error: Callable[[AppError], object]) -> None:
        """A picture out of the live video as JPEG, with the time it was decoded. ``call.no_picture`` without one."""
        self._bridge.submit(self._take_snapshot, lambda taken: on_ok(*taken), on_error, self)

    async def _take_snapshot(self) -> tuple[bytes, datetime]:
        if self._session is None:
            raise UserError("call.no_picture")
        taken = await self._session.remote_screen.snapshot()
        return await asyncio.to_thread(taken.encode), taken.wall

    async def own_snapshot(self) -> bytes:
        """A picture out of the own camera as JPEG; on the loop.

        Raises:
            UserError: ``call.no_picture``.
        """
        taken = await self._agent.media.self_view.snapshot()
        return await asyncio.to_thread(taken.encode)

    def figures(self) -> dict[str, Any] | None:
        """What was measured of the present call, or of the last one."""
        session = self._session
        return session.figures().as_dict() if session is not None else self._figures
