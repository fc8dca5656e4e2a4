"""The call as the customer sees it: its snapshots turned into a phase."""

from PySide6.QtCore import QObject

from ui.kit.ports import CallPort
from ui.vtm_app.controller import Controller
from ui.vtm_app.scene import CallPhase
from video.call import CallState
from video.session import CallSnapshot

PHASES = {
    CallState.IDLE: CallPhase.CONNECTING,
    CallState.RINGING: CallPhase.CONNECTING,
    CallState.CONNECTING: CallPhase.CONNECTING,
    CallState.CONNECTED: CallPhase.LIVE,
    CallState.BROKEN: CallPhase.BROKEN,
    CallState.RECONNECTING: CallPhase.BROKEN,
    CallState.ENDED: CallPhase.ENDED,
}


class CallWatch(QObject):
    """Follows the call for as long as the window lives."""

    def __init__(self, call: CallPort, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        call.started.connect(lambda _: self._set(CallPhase.CONNECTING))
        call.changed.connect(self._changed)
        call.ended.connect(self._ended)
        call.peer_lost.connect(lambda _: self._set(CallPhase.PEER_LOST))

    def _changed(self, snapshot: CallSnapshot) -> None:
        self._set(PHASES[snapshot.state])

    def _ended(self, reason: str) -> None:
        self._set(CallPhase.NONE if reason == "case_ended" else CallPhase.ENDED)

    def _set(self, phase: CallPhase) -> None:
        if phase is not self._controller.local.call:
            self._controller.set_call(phase)
