"""The teller's picture: in full above the step, or small beside a sentence; the own picture inset."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from common.wire.cases import CaseView
from ui.kit.base import Label, set_prop, vbox
from ui.kit.kit import Kit
from ui.kit.ports import CallPort
from ui.kit.texts.words import t
from ui.kit.video_view import VideoState, VideoView
from ui.vtm_app.presenter import teller_words
from ui.vtm_app.scene import CallPhase, Local, Scene, TellerPlace

FULL_HEIGHT, FULL_HEIGHT_LARGE, STRIP_HEIGHT = 608, 560, 246
_STATES = {
    CallPhase.NONE: (VideoState.CONNECTING, "connecting"),
    CallPhase.CONNECTING: (VideoState.CONNECTING, "connecting"),
    CallPhase.LIVE: (VideoState.LIVE, ""),
    CallPhase.BROKEN: (VideoState.BROKEN, "broken"),
    CallPhase.PEER_LOST: (VideoState.BROKEN, "broken"),
    CallPhase.ENDED: (VideoState.ENDED, "ended"),
}


class TellerArea(QFrame):
    """Keeps one picture through all steps of a call. ``video`` is its view."""

    def __init__(self, kit: Kit, call: CallPort, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit, self._call = kit, call
        self.setProperty("role", "kteller")
        self._place = TellerPlace.NONE
        self._strip_px = 0
        self._name = Label(kit, "", "note")
        self._line = Label(kit, t("kiosk.teller_line"), "body", wrap=True)
        self._words = QWidget(self)
        self._words.setProperty("role", "plain")
        self._words.setLayout(vbox(None, self._name, self._line, None, gap=4))
        self.video = self._make_view()
        call.started.connect(lambda _: self._want_size())
        self.hide()

    def _make_view(self) -> VideoView:
        self._strip_px = 34 if self.kit.theme.name == "large" else 24
        view = VideoView(
            self.kit,
            self._call.remote_picture,
            radius=0,
            strip_px=self._strip_px,
            on_painted=self._call.painted,
            on_wanted_size=self._call.remote_size_wanted,
            parent=self,
        )
        view.setObjectName("kiosk.video")
        return view

    def show_scene(self, scene: Scene, case: CaseView | None, local: Local) -> None:
        """Place and dress it."""
        shown = scene.teller is not TellerPlace.NONE and case is not None and case.teller is not None
        self.setVisible(shown)
        if not shown or case is None:
            self._place = TellerPlace.NONE
            return
        if (self._strip_px == 34) is not local.large:
            old, self.video = self.video, self._make_view()
            old.hide()
            old.setObjectName("")
            old.deleteLater()
            self.video.show()
            self._place = TellerPlace.NONE
        full = scene.teller is TellerPlace.FULL
        self._name.set_words(teller_words(case, short=True))
        state, name = _STATES[local.call]
        self.video.set_state(state, t(f"kiosk.video_{name}") if name and full else None)
        self.video.set_watermark(teller_words(case, short=local.large) if full else "")
        # Nothing is recorded yet: the strip must not say that it is.
        in_call = full and local.call not in (CallPhase.NONE, CallPhase.ENDED)
        self.video.set_recording(t("kiosk.not_recorded") if in_call else "", on=False)
        if scene.teller is not self._place:
            self._place = scene.teller
            self._arrange(full, large=local.large)

    def _arrange(self, full: bool, *, large: bool) -> None:
        set_prop(self, "look", "full" if full else "")
        self._words.setVisible(not full)
        inset = full and not large
        self.video.set_own_source(self._call.own_picture if inset else None, QSize(256, 144), at_bottom=True)
        if inset:
            ratio = self.devicePixelRatioF()
            self._call.own_size_wanted(round(256 * ratio), round(144 * ratio))
        self.setFixedHeight((FULL_HEIGHT_LARGE if large else FULL_HEIGHT) if full else STRIP_HEIGHT)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        if self._place is TellerPlace.FULL:
            self.video.setGeometry(self.rect())
        else:
            self.video.setGeometry(QRect(64, 24, 352, 198))
            self._words.setGeometry(QRect(448, 24, max(0, self.width() - 448 - 64), 198))

    def _want_size(self) -> None:
        """A new call does not know the size yet."""
        ratio = self.video.devicePixelRatioF()
        self._call.remote_size_wanted(round(self.video.width() * ratio), round(self.video.height() * ratio))
