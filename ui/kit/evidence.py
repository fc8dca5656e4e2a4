"""Thumbnails of what was captured: documents, portrait, live frame."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPixmap, QPixmapCache
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.kit.base import hbox
from ui.kit.kit import Kit
from ui.kit.texts.words import Words


def paint_words(kit: Kit, painter: QPainter, room: QRectF, words: str, icon: str, role: str = "text-3") -> None:
    """Words in the middle of an empty place, whole; an icon where they would be cut."""
    middle = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    needed = QRectF(painter.fontMetrics().boundingRect(room.toRect(), int(middle), words))
    if needed.width() <= room.width() and needed.height() <= room.height():
        painter.drawText(room, middle, words)
        return
    size = 16 if room.height() < 40 else 20
    mark = kit.theme.pixmap(icon, size, role, max(1.0, painter.device().devicePixelRatioF()))
    painter.drawPixmap(room.center() - QPointF(size / 2, size / 2), mark)


def paint_badge(kit: Kit, painter: QPainter, box: QRectF, icon: str) -> None:
    """An icon in the upper right corner of a picture, on a ground of its own, for a picture may have any colour."""
    side = 16 if box.height() < 60 else 22
    ground = QRectF(box.right() - side - 4, box.top() + 4, side, side)
    painter.setPen(kit.color("warn"))
    painter.setBrush(kit.color("surface"))
    painter.drawRoundedRect(ground, 4, 4)
    mark = kit.theme.pixmap(icon, side - 4, "warn", max(1.0, painter.device().devicePixelRatioF()))
    painter.drawPixmap(ground.topLeft() + QPointF(2, 2), mark)


def _cut(image: QImage, wanted: QSize, ratio: float) -> QPixmap:
    """The picture filling ``wanted`` (device pixels) with its corners rounded. Made once, for one scene after the other
    shows the same pictures at the same size, and a clip costs more than all the rest."""
    key = f"evidence-{image.cacheKey()}-{wanted.width()}x{wanted.height()}@{ratio:g}"
    shown = QPixmap()
    if not QPixmapCache.find(key, shown):
        mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        # Coarsely to four times the size, then well: smooth scaling looks at every pixel of a camera's picture.
        near = image
        if near.width() > 8 * wanted.width() and near.height() > 8 * wanted.height():
            near = near.scaled(wanted * 4, mode, Qt.TransformationMode.FastTransformation)
        made = near.scaled(wanted, mode, Qt.TransformationMode.SmoothTransformation)
        shown = QPixmap(wanted)
        shown.fill(Qt.GlobalColor.transparent)
        painter = QPainter(shown)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(shown.rect()), 6 * ratio, 6 * ratio)
        painter.setClipPath(path)
        painter.drawImage((wanted.width() - made.width()) // 2, (wanted.height() - made.height()) // 2, made)
        painter.end()
        QPixmapCache.insert(key, shown)
    return shown


class EvidenceThumb(QAbstractButton):
    """A picture with a caption, or an empty place that says what it waits for. A click asks for the viewer.

    Args:
        shape: ``card`` (144x90) or ``face`` (72x90); ``scale`` makes both larger.
    """

    def __init__(
        self,
        kit: Kit,
        caption: Words,
        empty: Words = "",
        shape: str = "card",
        scale: float = 1.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kit, self._empty = kit, empty
        self._image = QImage()
        self._badge = ""
        self._scaled: tuple[QSize, QPixmap] | None = None
        self._box = QSize(round((144 if shape == "card" else 72) * scale), round(90 * scale))
        self._shape = shape
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._bound = kit.bind(self, self._show, caption)
        kit.theme.changed.connect(self.update)

    def set_image(self, image: QImage | None, caption: Words | None = None) -> None:
        """Fill the place, or empty it."""
        self._image = image if image is not None else QImage()
        self._scaled = None
        if caption is not None:
            self._bound.set_words(caption)
        self.update()

    def set_badge(self, icon: str) -> None:
        """An icon in the corner of the picture, at any size of it; empty: none."""
        if icon != self._badge:
            self._badge = icon
            self.update()

    @property
    def badge(self) -> str:
        """The icon in the corner."""
        return self._badge

    def image(self) -> QImage:
        """The whole picture."""
        return self._image

    def set_scale(self, scale: float) -> None:
        """Larger pictures for wide windows."""
        self._box = QSize(round((144 if self._shape == "card" else 72) * scale), round(90 * scale))
        self._scaled = None
        self.updateGeometry()
        self.update()

    def _show(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._box.width() + 2, self._box.height() + 24)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _fitted(self) -> QPixmap:
        """The picture at the box's size with its corners cut."""
        ratio = max(1.0, self.devicePixelRatioF())
        wanted = QSize(round(self._box.width() * ratio), round(self._box.height() * ratio))
        if self._scaled is None or self._scaled[0] != wanted:
            self._scaled = wanted, _cut(self._image, wanted, ratio)
        return self._scaled[1]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(0.5, 0.5, self._box.width() + 1, self._box.height() + 1)
        path = QPainterPath()
        path.addRoundedRect(box, 6, 6)
        painter.fillPath(path, self.kit.color("surface-sunken"))
        if not self._image.isNull():
            fitted = self._fitted()
            painter.drawPixmap(QRectF(1, 1, self._box.width(), self._box.height()), fitted, QRectF(fitted.rect()))
        if self._badge and not self._image.isNull():
            paint_badge(self.kit, painter, box, self._badge)
        painter.setPen(self.kit.color("accent" if self.underMouse() and not self._image.isNull() else "line"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.setFont(self.kit.theme.font_px(12))
        painter.setPen(self.kit.color("text-2"))
        if self._image.isNull():
            icon = "id" if self._shape == "card" else "user"
            paint_words(self.kit, painter, box.adjusted(6, 4, -6, -4), self.kit.say(self._empty), icon)
        caption = QRectF(0, self._box.height() + 6, self.width(), 18)
        cut = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter, cut)
        painter.end()


class EvidenceStrip(QWidget):
    """Thumbnails in a row; object names ``evidence.<key>``.

    Signals:
        opened(str): key of a thumbnail that was pressed.
    """

    opened = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("role", "plain")
        self._row = hbox(None, gap=12)
        self.setLayout(self._row)
        self._thumbs: dict[str, EvidenceThumb] = {}

    def add(
        self, key: str, caption: Words, empty: Words = "", shape: str = "card", scale: float = 1.0
    ) -> EvidenceThumb:
        """A place for one picture."""
        thumb = EvidenceThumb(self.kit, caption, empty, shape, scale)
        thumb.setObjectName(f"evidence.{key}")
        thumb.clicked.connect(lambda: self.opened.emit(key))
        self._thumbs[key] = thumb
        self._row.insertWidget(self._row.count() - 1, thumb, 0, Qt.AlignmentFlag.AlignTop)
        return thumb

    def thumb(self, key: str) -> EvidenceThumb:
        """One of them."""
        return self._thumbs[key]

    def keys(self) -> tuple[str, ...]:
        """In order."""
        return tuple(self._thumbs)

    def set_scale(self, scale: float) -> None:
        """Larger pictures for wide windows."""
        for thumb in self._thumbs.values():
            thumb.set_scale(scale)
