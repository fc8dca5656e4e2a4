"""A picture that fills the room it is given, or says why it is not there. A press looks at it closely."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.kit.evidence import paint_badge, paint_words
from ui.kit.kit import Kit
from ui.kit.texts.words import Words

RADIUS = 6


class PictureBox(QAbstractButton):
    """One picture.

    Args:
        cover: fill the box and cut what sticks out (faces); otherwise the whole picture is seen (documents).
    """

    def __init__(self, kit: Kit, name: Words, *, cover: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit, self._cover = kit, cover
        self._image: QImage | None = None
        self._scaled: tuple[QSize, QImage] | None = None
        self._says: Words = ""
        self._bad = False
        self.badge = ""
        """An icon in the corner, as that the customer's phone took it."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.bind(self, self.setAccessibleName, name)
        kit.theme.changed.connect(self.update)
        kit.language.changed.connect(self.update)

    def show_picture(self, image: QImage | None, says: Words = "", *, bad: bool = False) -> None:
        """A picture, or words in its place; ``bad`` paints them red."""
        same = image is self._image or (
            image is not None and self._image is not None and image.cacheKey() == self._image.cacheKey()
        )
        if not same or (says, bad) != (self._says, self._bad):
            self._image, self._says, self._bad, self._scaled = image, says, bad, None
            self.update()

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    def sizeHint(self) -> QSize:
        return QSize(120, 80)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 24)

    def _fitted(self, image: QImage) -> QImage:
        ratio = max(1.0, self.devicePixelRatioF())
        wanted = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._scaled is None or self._scaled[0] != wanted:
            mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding if self._cover else Qt.AspectRatioMode.KeepAspectRatio
            made = image.scaled(wanted, mode, Qt.TransformationMode.SmoothTransformation)
            made.setDevicePixelRatio(ratio)
            self._scaled = wanted, made
        return self._scaled[1]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(box, RADIUS, RADIUS)
        painter.fillPath(path, self.kit.color("bad-tint" if self._bad else "surface-sunken"))
        if self._image is not None:
            made = self._fitted(self._image)
            shown = made.deviceIndependentSize()
            painter.setClipPath(path)
            left = (self.width() - shown.width()) / 2
            # A face is in the upper half of its picture: cut more from below than from above.
            top = (self.height() - shown.height()) * (0.3 if self._cover else 0.5)
            painter.drawImage(QRectF(left, top, shown.width(), shown.height()), made)
            painter.setClipping(False)
            if self.badge:
                paint_badge(self.kit, painter, box, self.badge)
        elif self._says:
            painter.setFont(self.kit.theme.font_px(12))
            painter.setPen(self.kit.color("bad-text" if self._bad else "text-2"))
            icon, role = ("warn", "bad") if self._bad else ("id", "text-3")
            paint_words(self.kit, painter, box.adjusted(6, 2, -6, -2), self.kit.say(self._says), icon, role)
        edge = "bad-line" if self._bad else "accent" if self.underMouse() and self._image is not None else "line"
        painter.setPen(self.kit.color(edge))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.end()
