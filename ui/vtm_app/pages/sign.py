"""Sign with a finger."""

from collections.abc import Callable

from common.wire.cases import StrokePoint
from ui.kit.base import hbox, named
from ui.kit.kiosk import KioskButton
from ui.kit.kit import Kit
from ui.kit.signature import SignaturePad
from ui.kit.texts.words import t
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.base import HeadedPage
from ui.vtm_app.parts import Note
from ui.vtm_app.scene import Local, Scene


def wire_strokes(pad: SignaturePad) -> list[list[StrokePoint]]:
    """What is on the pad as the server takes it: milliseconds from the first point."""
    return [
        [StrokePoint(x=point.x, y=point.y, t=round(point.t * 1000), p=point.pressure) for point in stroke]
        for stroke in pad.strokes()
    ]


class SignPage(HeadedPage):
    """A pad of 952x640, begin again, done. ``pad`` tells its strokes to whoever listens."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        self.pad = named(SignaturePad(kit), "kiosk.signature")
        self.pad.setFixedSize(952, 640)
        self._redo = named(KioskButton(kit, t("kiosk.redo"), "undo", "", self.pad.clear), "kiosk.redo")
        self._redo.setFixedWidth(296)
        self._done = named(KioskButton(kit, t("kiosk.signed"), "check", "primary", self._signed), "kiosk.signed")
        self._note = Note(kit, icon="shield")
        self._local = Local()
        kit.theme.changed.connect(self._fit_heights)
        self._fit_heights()
        self.body.addWidget(self.pad)
        self.body.addSpacing(32)
        self.body.addLayout(hbox(self._redo, self._done, gap=32))
        self.body.addStretch(1)
        self.body.addWidget(self._note)
        self.pad.changed.connect(self._changed)

    def _fit_heights(self) -> None:
        self._redo.setFixedHeight(self.kit.theme.size("button-primary"))

    def begin(self) -> None:
        """A clean pad."""
        self.pad.clear()

    def on_stroke(self, listener: Callable[[object], object], cleared: Callable[[], object]) -> None:
        """Who hears of strokes as they are drawn, and of a new beginning."""
        self.pad.stroke_added.connect(listener)
        self.pad.changed.connect(lambda: cleared() if not self.pad.strokes() else None)

    def _changed(self) -> None:
        self.acts.touch()
        self._fit_buttons()

    def _signed(self) -> None:
        self.acts.sign(wire_strokes(self.pad), self.pad.width(), self.pad.height())

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        super().show_scene(scene, screen, local)
        self._local = local
        self._note.set_note(None if local.large else scene.note)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        empty = self.pad.is_empty()
        self._done.set_words(t("kiosk.sign_first" if empty else "kiosk.signed"))
        self._done.setEnabled(not empty and not self._local.busy)
        self._redo.setEnabled(bool(self.pad.strokes()) and not self._local.busy)
