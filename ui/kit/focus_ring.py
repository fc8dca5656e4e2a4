"""One ring per window around whatever has the focus and does not show it by its own edge."""

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from ui.kit.base import Painted
from ui.kit.kit import Kit


class FocusRing(Painted):
    """A transparent overlay: a ring of 2 px, 3 px outside the focused button (kiosk 4 px)."""

    def __init__(self, kit: Kit, window: QWidget) -> None:
        super().__init__(kit, window)
        self._window = window
        self._target: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.resize(window.size())
        self.hide()
        window.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.resize(self._window.size())
        return False

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        mine = new is not None and new.window() is self.window()
        self._target = new if isinstance(new, QAbstractButton) and mine else None
        # Without a button it is not there at all: a sheet over the window is painted with every picture of a call.
        self.setVisible(self._target is not None)
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        target = self._target
        if target is None or not shiboken6.isValid(target) or not target.isVisible():
            return
        width = 4 if self.kit.theme.sheet == "kiosk" else 2
        grow = 3 + width / 2
        painter = self.painter()
        painter.setPen(QPen(self.kit.color("focus"), width))
        corner = target.mapTo(self._window, QPoint(0, 0))
        box = QRectF(corner, target.size()).adjusted(-grow, -grow, grow, grow)
        radius = 10 if width == 2 else 20
        painter.drawRoundedRect(box, radius, radius)
        painter.end()
