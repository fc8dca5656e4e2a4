"""One to five stars."""

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter

from ui.kit.base import Label, hbox, named
from ui.kit.kiosk import Illustration, KioskButton
from ui.kit.kit import Kit
from ui.kit.texts.words import t
from ui.kit.tokens import type_px
from ui.vtm_app.acts import Acts
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.pages.base import HeadedPage
from ui.vtm_app.parts import Note
from ui.vtm_app.scene import Local, Scene
from ui.vtm_app.scenes_steps import may_print

STARS = 5


class StarButton(KioskButton):
    """A star over its number."""

    def _fit(self) -> None:
        self.setFixedHeight(208)

    def sizeHint(self) -> QSize:
        return QSize(144, 208)

    def _tint(self) -> str:
        return "accent" if self.isEnabled() else "text-3"

    def paint_content(self, painter: QPainter) -> None:
        icon = 88
        pixmap = self.kit.theme.pixmap("star", icon, self._tint(), self.devicePixelRatioF())
        painter.drawPixmap(QRectF((self.width() - icon) / 2, 32, icon, icon).topLeft(), pixmap)
        painter.setFont(self.kit.theme.font_px(type_px(self.kit.theme.group, "label"), bold=True))
        painter.setPen(self.kit.color(self.ink()))
        painter.drawText(QRectF(0, 124, self.width(), 72), Qt.AlignmentFlag.AlignCenter, self.objectName()[-1])


class RatePage(HeadedPage):
    """How was it? A tap is the answer."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        super().__init__(kit, acts)
        self._buttons = []
        row = hbox(gap=24)
        for stars in range(1, STARS + 1):
            words = t("kiosk.rate_star", n=stars)
            button = StarButton(kit, words, "star", "", partial(acts.rate, stars))
            self._buttons.append(named(button, f"kiosk.rate.{stars}"))
            row.addWidget(button)
        picture = Illustration(kit, "teller-scene", cover=True)
        picture.setMaximumHeight(535)
        self.body.addSpacing(24)
        self.body.addWidget(picture, 4)
        self.body.addSpacing(48)
        self.body.addLayout(row)
        self.body.addSpacing(16)
        low, high = Label(kit, t("kiosk.rate_low"), "body", "muted"), Label(kit, t("kiosk.rate_high"), "body", "muted")
        self.body.addLayout(hbox(low, None, high))
        self.body.addStretch(1)
        self._voucher = named(
            KioskButton(kit, t("kiosk.key_voucher"), "printer", "", acts.print_voucher), "kiosk.voucher"
        )
        self._note = Note(kit)
        for widget in (self._voucher, self._note):
            self.body.addWidget(widget)
            self.body.addSpacing(24)

    def show_scene(self, scene: Scene, screen: Screen | None, local: Local) -> None:
        super().show_scene(scene, screen, local)
        for button in self._buttons:
            button.setEnabled(not local.busy)
        offered = screen is not None and screen.case is not None and may_print(screen, screen.case)
        self._voucher.setVisible(offered)
        self._voucher.setEnabled(not local.busy)
        self._note.set_note(scene.note)
