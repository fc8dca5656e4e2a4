"""The PIN goes into the pad, never onto the screen: a count of digits is all this page ever gets."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.kit.base import Label, Painted, frame, hbox, named, vbox
from ui.kit.kiosk import PinBoxes
from ui.kit.kit import Kit
from ui.kit.texts.words import t
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.base import Page
from ui.vtm_app.parts import KindRow, PictureBox, StepHead
from ui.vtm_app.scene import Local, Scene


class _KeyCap(Painted):
    """The colour of a key of the pad."""

    def __init__(self, kit: Kit, role: str) -> None:
        super().__init__(kit)
        self._role = role
        self.setFixedSize(40, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(QPen(self.kit.color("text"), 2))
        painter.setBrush(self.kit.color(self._role))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 6, 6)
        painter.end()


class PinPage(Page):
    """Privacy first, then six boxes, where to press, and how to cover."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        private = KindRow(kit, "eye-off", t("kiosk.pin_private"), t("kiosk.pin_private_hint"), tone="ok")
        private.title.set_tone("ok")
        private.row.setContentsMargins(64, 32, 64, 32)
        self.body.addWidget(frame("kbanner", vbox(private, gap=0)))
        self.head = StepHead(kit)
        self._boxes = named(PinBoxes(kit), "kiosk.pin.boxes")
        self._typed = named(Label(kit, "", "body", "muted"), "kiosk.pin.typed")
        self._picture = PictureBox(kit, 500)
        keys = hbox(None, gap=12)
        for role, name in (("warn-line", "yellow"), ("ok-line", "green"), ("bad-line", "red")):
            keys.addWidget(_KeyCap(kit, role))
            keys.addWidget(Label(kit, t(f"kiosk.pin_{name}"), "body", "muted"))
            keys.addSpacing(16)
        keys.addStretch(1)
        inner = vbox(self.head, gap=0, margins=(64, 40, 64, 32))
        inner.addSpacing(32)
        inner.addWidget(self._boxes)
        inner.addSpacing(24)
        inner.addWidget(self._typed, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addSpacing(40)
        inner.addWidget(self._picture, 4)
        inner.addStretch(1)
        self._keys = QWidget()
        self._keys.setProperty("role", "plain")
        self._keys.setLayout(keys)
        inner.addWidget(self._keys)
        self.body.addLayout(inner, 1)

    def fit(self) -> None:
        self.body.setContentsMargins(0, 0, 0, 0)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        assert screen is not None
        self.head.show_scene(scene)
        self._boxes.set_count(screen.digits)
        self._typed.set_words(t("kiosk.pin_typed", n=screen.digits))
        self._picture.set_picture(scene.picture)
