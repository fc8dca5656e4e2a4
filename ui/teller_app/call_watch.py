"""The call as it stands, and what comes beside it: the customer's screen and his strokes."""

from PySide6.QtCore import QObject, Signal

from ui.kit.picture_files import decode
from ui.teller_app.case_controller import CaseController
from ui.teller_app.local import CallPhase
from ui.teller_app.ports import CallLinkPort
from ui.teller_app.strokes import Stroke, follow
from video.call import CallState
from video.session import CallSnapshot

SCREEN, STROKE = b"screen:", b"stroke:"
_PHASES = {
    CallState.IDLE: CallPhase.NONE,
    CallState.RINGING: CallPhase.CONNECTING,
    CallState.CONNECTING: CallPhase.CONNECTING,
    CallState.CONNECTED: CallPhase.LIVE,
    CallState.BROKEN: CallPhase.RECOVERING,
    CallState.RECONNECTING: CallPhase.RECOVERING,
    CallState.ENDED: CallPhase.ENDED,
}


class CallWatch(QObject):
    """Follows the call.

    Signals:
        begun(): a call has begun. screen(object): a `QImage` of the kiosk. strokes(object): all strokes so far.
        over(str): hangup, peer_gone, case_ended or replaced. peer_lost(float): seconds the other side has to come back.
    """

    begun = Signal()
    screen = Signal(object)
    strokes = Signal(object)
    over = Signal(str)
    peer_lost = Signal(float)

    def __init__(self, link: CallLinkPort, cases: CaseController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link, self._cases = link, cases
        self._strokes: list[Stroke] = []
        link.started.connect(self._started)
        link.changed.connect(self._changed)
        link.ended.connect(self._ended)
        link.failed.connect(cases.report)
        link.peer_lost.connect(self.peer_lost.emit)
        link.data_received.connect(self._received)
        cases.opened.connect(lambda _: self._forget())

    def _started(self, _call_id: str) -> None:
        self._cases.set_local(call=CallPhase.CONNECTING, call_since=self._cases.now(), muted=False)
        self.begun.emit()

    def _changed(self, snapshot: CallSnapshot) -> None:
        phase = _PHASES[snapshot.state]
        if phase is CallPhase.LIVE and snapshot.local_held:
            phase = CallPhase.HELD
        self._cases.set_local(
            call=phase,
            muted=snapshot.local_muted,
            rtt_ms=round(snapshot.rtt_ms) if snapshot.rtt_ms is not None else None,
            fps=snapshot.fps_in,
        )

    def _ended(self, reason: str) -> None:
        after = CallPhase.NONE if reason == "case_ended" or self._cases.case is None else CallPhase.ENDED
        self._cases.set_local(call=after, rtt_ms=None, fps=None, muted=False)
        self.over.emit(reason)

    def _received(self, data: bytes) -> None:
        data = bytes(data)
        if data.startswith(SCREEN):
            image = decode(data[len(SCREEN) :])
            if not image.isNull():
                self.screen.emit(image)
        elif data.startswith(STROKE):
            self._strokes = follow(self._strokes, data[len(STROKE) :])
            self.strokes.emit(self._strokes)

    def _forget(self) -> None:
        self._strokes = []
        self.strokes.emit([])

    # --- keys -----------------------------------------------------------------------------------------------

    def hang_up(self) -> None:
        """Leave the call; the case stays."""
        self._link.hang_up()

    def toggle_mute(self) -> None:
        """Ctrl+M."""
        muted = not self._cases.local.muted
        self._link.set_muted(muted)
        self._cases.set_local(muted=muted)

    def toggle_hold(self) -> None:
        """F2 in a call."""
        held = self._cases.local.call is CallPhase.HELD
        if self._cases.local.call in (CallPhase.LIVE, CallPhase.HELD):
            self._link.set_held(not held)
            self._cases.set_local(call=CallPhase.LIVE if held else CallPhase.HELD)
