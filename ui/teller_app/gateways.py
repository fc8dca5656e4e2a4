"""The window's ports over the real things: REST, the vision worker, signalling. Callbacks run on the GUI thread."""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from common.clock import Clock
from common.errors import AppError, ServiceError
from common.settings import Settings, UiSettings
from common.wire.cases import CaseRow, CaseView, StartCase
from common.wire.desk import DeskView
from common.wire.identity import Reveal, Revealed
from common.wire.signalling import DeskChanged, QueueChanged, Ringing, RingingStopped, SetPresence, Welcome
from ocr.api import DocumentReading, FaceLook, FaceMatch, FacePurpose
from ocr.client import VisionClient, VisionState
from ui.kit.app import Connection
from ui.kit.bridge import AsyncBridge
from ui.kit.client import ApiClient, segment
from ui.kit.ports import OnError
from ui.kit.signalling_client import SignallingClient
from video.ring import Ringer

R = TypeVar("R")
_ROWS = TypeAdapter(list[CaseRow])
HEADLESS = ("offscreen", "minimal")


class DeskGateway(QObject):
    """Fetches beside the open case, over REST."""

    def __init__(self, bridge: AsyncBridge, api: ApiClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._api = bridge, api

    def desk(self, on_ok: Callable[[DeskView], object], on_error: OnError) -> None:
        """``GET /desk``."""
        self._bridge.submit(lambda: self._api.get("/desk", DeskView), on_ok, on_error, self)

    def find_cases(self, query: str, on_ok: Callable[[list[CaseRow]], object], on_error: OnError) -> None:
        """``GET /cases?q=…``: by number or customer, newest first."""

        async def find() -> list[CaseRow]:
            answer: Any = await self._api.get_json("/cases", q=query or None)
            try:
                return _ROWS.validate_python(answer)
            except ValidationError as error:
                raise ServiceError("network.bad_answer", status=200) from error

        self._bridge.submit(find, on_ok, on_error, self)

    def take(self, case_id: str, how: str, on_ok: Callable[[CaseView], object], on_error: OnError) -> None:
        """``POST /cases/{id}/answer`` or ``/take``."""
        path = f"/cases/{segment(case_id)}/{how}"
        self._bridge.submit(lambda: self._api.post(path, None, CaseView), on_ok, on_error, self)

    def start(self, body: StartCase, on_ok: Callable[[CaseView], object], on_error: OnError) -> None:
        """``POST /cases/start``: a customer beside bank staff."""
        self._bridge.submit(lambda: self._api.post("/cases/start", body, CaseView), on_ok, on_error, self)

    def picture(self, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        """``GET /evidence/{digest}``."""
        self._bridge.submit(lambda: self._api.get_bytes(f"/evidence/{segment(digest)}"), on_ok, on_error, self)

    def kept_face(self, case_id: str, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        """``GET /cases/{id}/kept-faces/{digest}``; the server registers the look."""
        path = f"/cases/{segment(case_id)}/kept-faces/{segment(digest)}"
        self._bridge.submit(lambda: self._api.get_bytes(path), on_ok, on_error, self)

    def reveal(self, case_id: str, field: str, on_ok: Callable[[Revealed], object], on_error: OnError) -> None:
        """``POST /cases/{id}/reveal``: a masked fact in full; the server registers the look."""
        path = f"/cases/{segment(case_id)}/reveal"
        self._bridge.submit(lambda: self._api.post(path, Reveal(field=field), Revealed), on_ok, on_error, self)

    def voucher(self, case_id: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        """``GET /cases/{id}/voucher``: the PDF."""
        self._bridge.submit(lambda: self._api.get_bytes(f"/cases/{segment(case_id)}/voucher"), on_ok, on_error, self)


class VisionDesk(QObject):
    """The vision worker, started when it is made and ended with the bridge.

    Signals:
        changed(str): state of the worker.
    """

    changed = Signal(str)

    def __init__(self, bridge: AsyncBridge, settings: Settings, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._client = VisionClient(settings, clock)
        self._state = VisionState.STOPPED
        self._milliseconds: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=200))
        self._done: Counter[str] = Counter()
        self._client.on_state = lambda state: bridge.emit_to_gui(lambda: self._moved(state), self)
        bridge.on_close(self._client.close)
        bridge.submit(self._client.start, owner=self)

    @property
    def state(self) -> str:
        """stopped, starting, ready, busy, restarting or dead."""
        return self._state.value

    def _moved(self, state: VisionState) -> None:
        self._state = state
        self.changed.emit(state.value)

    def read_document(
        self, image: bytes, birth: date | None, on_ok: Callable[[DocumentReading], object], on_error: OnError
    ) -> None:
        """Read a picture of a document; ``birth``: the holder's, where it is known."""
        read = partial(self._client.read_document, image, birth=birth)
        self._bridge.submit(lambda: self._timed("read", read()), on_ok, on_error, self)

    def match_faces(self, a: bytes, b: bytes, on_ok: Callable[[FaceMatch], object], on_error: OnError) -> None:
        """Compare the persons in two pictures."""
        self._bridge.submit(lambda: self._timed("match", self._client.match_faces(a, b)), on_ok, on_error, self)

    def same_person(self, a: bytes, b: bytes, on_ok: Callable[[FaceMatch], object], on_error: OnError) -> None:
        """Compare the persons in two frames of one call."""
        match = partial(self._client.match_faces, a, b, FacePurpose.CONTINUITY)
        self._bridge.submit(lambda: self._timed("same", match()), on_ok, on_error, self)

    def look(self, frame: bytes, on_ok: Callable[[FaceLook], object], on_error: OnError) -> None:
        """What a frame shows for a liveness check."""
        self._bridge.submit(lambda: self._timed("look", self._client.look(frame)), on_ok, on_error, self)

    async def _timed(self, name: str, work: Awaitable[R]) -> R:
        """From the request to the answer, waiting and restarts included: what the teller waits for."""
        began = time.monotonic()
        result = await work
        self._done[name] += 1
        self._milliseconds[name].append(round((time.monotonic() - began) * 1000, 1))
        return result

    def figures(self) -> dict[str, Any]:
        """For the automation port."""
        figures = self._client.figures
        return {
            "state": self._state.value, "jobs": figures.jobs, "restarts": figures.restarts,
            "timeouts": figures.timeouts, "memory_bytes": dict(figures.memory_bytes), "pid": self._client.worker_pid,
            "done": dict(self._done),
            "milliseconds": {name: list(took) for name, took in self._milliseconds.items()},
        }  # fmt: skip


def rings(settings: UiSettings, platform: str) -> bool:
    """Whether this window rings: not where it is switched off, and not without a display, for nobody sits there."""
    return settings.ring and platform not in HEADLESS


class RingTone(QObject):
    """The ring tone on this seat's speaker, where :func:`rings` says so."""

    def __init__(self, bridge: AsyncBridge, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._ringer: Ringer | None = None
        if rings(settings.ui, QGuiApplication.platformName()):
            self._ringer = Ringer(settings.video, settings.ui.ring_volume / 100)
            bridge.on_close(self._ringer.stop)

    def ring(self, on: bool) -> None:
        """Begin or end."""
        if self._ringer is not None:
            self._bridge.submit(self._ringer.start if on else self._ringer.stop, owner=self)


class SeatPresence(QObject):
    """What the seat says over signalling, said again after every reconnection.

    Signals:
        message(object): a message about ring, queue or desk. offline_changed(object): since when the server is
        lost (a moment), or None.
    """

    message = Signal(object)
    offline_changed = Signal(object)

    def __init__(
        self,
        bridge: AsyncBridge,
        signalling: SignallingClient,
        connection: Connection,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._signalling = bridge, signalling
        self._state: str | None = None
        for kind in (Ringing, RingingStopped, DeskChanged, QueueChanged):
            signalling.on(kind, self.message.emit)
        signalling.on(Welcome, lambda _: self._say())
        connection.changed.connect(lambda: self.offline_changed.emit(connection.lost_at(clock)))

    def set_presence(self, state: str) -> None:
        """ready, break, after_call or busy; while the line is down it is said when it stands again."""
        self._state = state
        self._say()

    def found(self, state: str) -> None:
        """The state of the desk as the server tells it: who was ready, and serves, does not say ``ready`` to a server
        that was restarted meanwhile. It would take the word for a wish, and give no time for after-call work.
        """
        if state == "serving" and self._state == "ready":
            self._state = "busy"
        elif state != "serving" and self._state == "busy":
            self._state = state

    def _say(self) -> None:
        state = self._state
        if state is None or self._signalling.welcome is None:
            return
        message = SetPresence.model_validate({"type": "presence.set", "state": state})

        def unsaid(_: AppError) -> None:
            """The line went down again; `Welcome` says it once more."""

        self._bridge.submit(lambda: self._signalling.send(message), None, unsaid, self)
