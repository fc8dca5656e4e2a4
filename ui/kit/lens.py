"""The lens under an unsure field: the crop of the document where the value stands, and two answers."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.base import Painted, hbox
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.texts.words import t


class CropView(Painted):
    """A piece of a document picture, 40 px high, with a frame around the unsure characters."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._image = QImage()
        self._crop = QRectF()
        self._boxes: tuple[QRectF, ...] = ()
        self.setFixedHeight(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_crop(self, image: QImage, crop: QRectF, boxes: tuple[QRectF, ...] = ()) -> None:
        """Show ``crop`` of the picture; ``boxes`` are in the pixels of the whole picture."""
        self._image, self._crop, self._boxes = image, crop, boxes
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(frame, 6, 6)
        painter.fillPath(path, self.kit.color("surface-sunken"))
        painter.setClipPath(path)
        if not self._image.isNull() and self._crop.height() > 0:
            self._paint_crop(painter)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self.kit.color("warn-line"))
        painter.drawPath(path)
        painter.end()

    def _paint_crop(self, painter: QPainter) -> None:
        scale = min(self.height() / self._crop.height(), self.width() / max(1.0, self._crop.width()))
        width, height = self._crop.width() * scale, self._crop.height() * scale
        top = (self.height() - height) / 2
        painter.drawImage(QRectF(0, top, width, height), self._image, self._crop)
        painter.setPen(QPen(self.kit.color("warn"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for box in self._boxes:
            moved = box.translated(-self._crop.topLeft())
            place = QRectF(moved.x() * scale, top + moved.y() * scale, moved.width() * scale, moved.height() * scale)
            painter.drawRoundedRect(place.adjusted(-2, -2, 2, 2), 4, 4)


class Lens(QWidget):
    """Crop and the two answers.

    Signals:
        matches(): the value is what the document says. edit(): it is not; put the cursor into the field.
    """

    matches = Signal()
    edit = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self.view = CropView(kit)
        self.accept_button = Button(kit, t("common.field_matches"), fit="s", icon="check", cap="Enter")
        self.edit_button = Button(kit, t("common.edit"), fit="s", icon="pen")
        self.accept_button.clicked.connect(lambda: self.matches.emit())
        self.edit_button.clicked.connect(lambda: self.edit.emit())
        row = hbox(gap=8)
        row.addWidget(self.view, 1)
        row.addWidget(self.accept_button)
        row.addWidget(self.edit_button)
        self.setLayout(row)

    def set_crop(self, image: QImage, crop: QRectF, boxes: tuple[QRectF, ...] = ()) -> None:
        """Show a piece of the document picture, boxes in the pixels of the whole picture."""
        self.view.set_crop(image, crop, boxes)
