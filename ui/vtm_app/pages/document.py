"""A document on the glass: what the camera sees, what to put right, and the choice when it will not get better."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ui.kit.base import Painted, hbox, named
from ui.kit.kiosk import KioskButton, StatusLine
from ui.kit.kit import Kit
from ui.kit.picture_files import decode
from ui.kit.texts.words import t
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.base import HeadedPage
from ui.vtm_app.pages.step import show_status
from ui.vtm_app.parts import PictureBox
from ui.vtm_app.scene import Local, Scene


class Preview(Painted):
    """The guide's small picture, as large as there is room."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._data, self._image = b"", QImage()
        self.setMinimumHeight(160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        kit.bind(self, self.setAccessibleName, t("kiosk.doc.preview"))

    def set_preview(self, data: bytes) -> None:
        """A JPEG of at most 480 pixels, decoded where it is shown: it takes two milliseconds."""
        self.setVisible(bool(data))
        if data != self._data:
            self._data, self._image = data, decode(data) if data else QImage()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = self.painter()
        room = QRectF(self.rect())
        scale = min(room.width() / self._image.width(), room.height() / self._image.height())
        area = QRectF(0, 0, self._image.width() * scale, self._image.height() * scale)
        area.moveCenter(room.center())
        clip = QPainterPath()
        clip.addRoundedRect(area, 24, 24)
        painter.setClipPath(clip)
        painter.drawImage(area, self._image)
        painter.end()


class DocumentPage(HeadedPage):
    """Lay it down; adjust it by the picture; in the end take it as it is, or try again."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        self._picture = PictureBox(kit)
        self._preview = Preview(kit)
        self._status = StatusLine(kit)
        self._status.label.setObjectName("kiosk.status")
        self._again = self._button("again", "refresh", "primary")
        self._as_is = self._button("as_is", "camera", "")
        self.body.addSpacing(12)
        self.body.addWidget(self._picture, 4)
        self.body.addWidget(self._preview, 4)
        self.body.addStretch(1)
        self.body.addSpacing(24)
        self.body.addWidget(self._status)
        self.body.addSpacing(24)
        self.body.addLayout(hbox(self._again, self._as_is, gap=32))

    def _button(self, name: str, icon: str, kind: str) -> KioskButton:
        words = t(f"kiosk.doc.{name}")
        button = KioskButton(self.kit, words, icon, kind, lambda: self.acts.document(name))
        return named(button, f"kiosk.doc.{name}")

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        assert screen is not None
        super().show_scene(scene, screen, local)
        preview = screen.look.preview if screen.look is not None else b""
        self._preview.set_preview(preview)
        self._picture.set_picture("" if preview else scene.picture)
        choosing = screen.phase == "choose"
        show_status(self._status, scene)
        if local.large and choosing:
            self._status.hide()
        for button in (self._again, self._as_is):
            button.setVisible(choosing)
            button.setEnabled(not local.busy)
