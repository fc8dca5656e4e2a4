"""A QR code for the customer's phone, as large as there is room for."""

import segno
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ui.kit.base import Painted, named
from ui.kit.kit import Kit
from ui.kit.texts.words import t
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.step import StepPage
from ui.vtm_app.scene import Local, Scene

QUIET = 4
"""Modules of white around a code (ISO/IEC 18004)."""


class QrCode(Painted):
    """Dark ink on white in every theme: that is what phones read best."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit)
        self._text = ""
        self._rows: tuple[bytes, ...] = ()
        self.setMinimumSize(280, 280)
        self.setMaximumHeight(640)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        kit.bind(self, self.setAccessibleName, t("kiosk.phone_capture_code"))

    def sizeHint(self) -> QSize:
        return QSize(480, 480)

    def set_text(self, text: str) -> None:
        """What it says; empty: it is not there."""
        self.setVisible(bool(text))
        if text and text != self._text:
            self._text = text
            self._rows = tuple(bytes(row) for row in segno.make_qr(text, error="m").matrix)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        count = len(self._rows)
        if not count:
            return
        painter = self.painter()
        # Whole pixels for each module, so that none is wider than another.
        ratio = self.devicePixelRatioF()
        module = max(1, int(min(self.width(), self.height()) * ratio / (count + 2 * QUIET))) / ratio
        side = module * (count + 2 * QUIET)
        left, top = (round((room - side) / 2) for room in (self.width(), self.height()))
        painter.setRenderHint(painter.RenderHint.Antialiasing, False)
        painter.fillRect(QRectF(left, top, side, side), self.kit.color("on-ink"))
        ink = self.kit.color("ink")
        for down, row in enumerate(self._rows):
            for across, dark in enumerate(row):
                if dark:
                    x, y = left + (across + QUIET) * module, top + (down + QUIET) * module
                    painter.fillRect(QRectF(x, y, module, module), ink)
        painter.end()


class PhonePage(StepPage):
    """Scan, follow the phone; how long the code is good for."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        self.code = named(QrCode(kit), "kiosk.phone.code")
        self.body.insertWidget(self.body.indexOf(self._picture), self.code, 6)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        super().show_scene(scene, screen, local)
        self.code.set_text(scene.code)
