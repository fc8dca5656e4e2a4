"""Looking closely at what was captured: 1–6 or Page Up and Down choose, + and - zoom, R turns, arrows pan."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPaintEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QWidget

from ui.kit.base import Label, Painted, hbox, vbox
from ui.kit.buttons import IconButton
from ui.kit.kit import Kit
from ui.kit.overlays import Scrim
from ui.kit.texts.words import Words, t

_STEP = 1.25
_PAN = 60


@dataclass(frozen=True)
class Exhibit:
    """One picture and what it is."""

    key: str
    words: Words
    image: QImage


class PictureView(Painted):
    """A picture that can be zoomed (1 fits the area), turned by quarters and moved."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._image = QImage()
        self.zoom = 1.0
        self.quarter = 0
        self.offset = QPointF()
        self._grip: QPointF | None = None
        self.setMinimumSize(480, 320)

    def set_image(self, image: QImage) -> None:
        """Another picture, fitted."""
        self._image, self.quarter = image, 0
        self.fit()

    def fit(self) -> None:
        """The whole picture."""
        self.zoom, self.offset = 1.0, QPointF()
        self.update()

    def zoom_by(self, factor: float) -> None:
        """Larger or smaller, between 1 and 8 times what fits."""
        before = self.zoom
        self.zoom = min(max(self.zoom * factor, 1.0), 8.0)
        self.offset *= self.zoom / before
        self._keep_inside()

    def rotate(self) -> None:
        """A quarter turn to the right."""
        self.quarter = (self.quarter + 1) % 4
        self.offset = QPointF()
        self.update()

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture."""
        self.offset += QPointF(dx, dy)
        self._keep_inside()

    def _scale(self) -> float:
        turned = self._image.size().transposed() if self.quarter % 2 else self._image.size()
        if turned.isEmpty():
            return 1.0
        return min(self.width() / turned.width(), self.height() / turned.height()) * self.zoom

    def _keep_inside(self) -> None:
        turned = self._image.size().transposed() if self.quarter % 2 else self._image.size()
        scale = self._scale()
        room_x = max(0.0, (turned.width() * scale - self.width()) / 2)
        room_y = max(0.0, (turned.height() * scale - self.height()) / 2)
        x = min(max(self.offset.x(), -room_x), room_x)
        self.offset = QPointF(x, min(max(self.offset.y(), -room_y), room_y))
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(_STEP if event.angleDelta().y() > 0 else 1 / _STEP)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            moved = event.position() - self._grip
            self._grip = event.position()
            self.pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None

    def sizeHint(self) -> QSize:
        return QSize(960, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.fillRect(self.rect(), self.kit.color("surface-sunken"))
        if not self._image.isNull():
            center = QRectF(self.rect()).center() + self.offset
            scale = self._scale()
            turn = QTransform().translate(center.x(), center.y()).rotate(90 * self.quarter).scale(scale, scale)
            painter.setTransform(turn, True)
            painter.drawImage(QPointF(-self._image.width() / 2, -self._image.height() / 2), self._image)
        painter.end()


class EvidenceViewer(QFrame):
    """The pictures of a case, one at a time, over the window. Object name ``evidence.viewer``.

    Signals:
        closed().
    """

    closed = Signal()

    def __init__(self, kit: Kit, window: QWidget) -> None:
        super().__init__()
        self.kit = kit
        self._exhibits: tuple[Exhibit, ...] = ()
        self._at = 0
        self.setObjectName("evidence.viewer")
        self.setProperty("role", "dialog")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view = PictureView(kit)
        self.caption = Label(kit, "", "title", elide=True)
        tools = hbox(gap=4)
        self._turns = [
            IconButton(kit, "chev-l", t("common.previous"), on_click=lambda: self.show_exhibit(self._at - 1)),
            IconButton(kit, "chev-r", t("common.next"), on_click=lambda: self.show_exhibit(self._at + 1)),
        ]
        for turn in self._turns:
            turn.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tools.addWidget(turn)
        for icon, words, act in (
            ("plus", t("common.zoom_in"), lambda: self.view.zoom_by(_STEP)),
            ("minus", t("common.zoom_out"), lambda: self.view.zoom_by(1 / _STEP)),
            ("rotate", t("common.rotate"), self.view.rotate),
            ("x", t("common.close"), self.close_viewer),
        ):
            button = IconButton(kit, icon, words, on_click=act)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tools.addWidget(button)
        head = hbox(margins=(16, 8, 8, 8))
        head.addWidget(self.caption, 1)
        head.addLayout(tools)
        column = vbox(gap=0, margins=(1, 1, 1, 12))
        column.addLayout(head)
        column.addWidget(self.view, 1)
        self.setLayout(column)
        self.scrim = Scrim(kit, window, self)
        self.scrim.closed.connect(self.closed)

    def open(self, exhibits: tuple[Exhibit, ...], key: str = "") -> None:
        """Show these, beginning with ``key``."""
        if not exhibits:
            return
        self._exhibits = exhibits
        self.show_exhibit(next((at for at, exhibit in enumerate(exhibits) if exhibit.key == key), 0))
        self.scrim.open(self)

    def show_exhibit(self, at: int) -> None:
        """One of them, by number from 0."""
        if 0 <= at < len(self._exhibits):
            self._at = at
            self.caption.set_words(self._exhibits[at].words)
            self.view.set_image(self._exhibits[at].image)
            for turn, there in zip(self._turns, (at > 0, at + 1 < len(self._exhibits)), strict=True):
                turn.setVisible(len(self._exhibits) > 1)
                turn.setEnabled(there)

    def current(self) -> str:
        """Key of the picture on screen."""
        return self._exhibits[self._at].key if self._exhibits else ""

    def close_viewer(self) -> None:
        """Take it away."""
        self.scrim.close_popup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        pans = {
            Qt.Key.Key_Left: (_PAN, 0),
            Qt.Key.Key_Right: (-_PAN, 0),
            Qt.Key.Key_Up: (0, _PAN),
            Qt.Key.Key_Down: (0, -_PAN),
        }
        if key in pans:
            self.view.pan(*pans[key])
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_6:
            self.show_exhibit(int(key) - int(Qt.Key.Key_1))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.show_exhibit(self._at + (1 if key == Qt.Key.Key_PageDown else -1))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.view.zoom_by(_STEP)
        elif key == Qt.Key.Key_Minus:
            self.view.zoom_by(1 / _STEP)
        elif key == Qt.Key.Key_R:
            self.view.rotate()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Space):
            self.close_viewer()
        else:
            super().keyPressEvent(event)
