"""Empty places say what they wait for, whole; or show an icon where the words would be cut."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from ui.kit.evidence import paint_words
from ui.kit.kit import make_kit

GROUND = 0xFFFFFFFF


@pytest.mark.parametrize("words", ["Waiting for the other side", "等客户放身份证", "Not taken yet"])
@pytest.mark.parametrize("size", [(132, 82), (60, 82), (54, 33), (21, 33)])
def test_nothing_is_painted_outside_its_room(qapp: QApplication, size: tuple[int, int], words: str) -> None:
    kit, image = make_kit(strict=True), QImage(260, 160, QImage.Format.Format_RGB32)
    image.fill(GROUND)
    room = QRectF(60, 40, *size)
    painter = QPainter(image)
    painter.setFont(kit.theme.font_px(12))
    paint_words(kit, painter, room, words, "id")
    painter.end()
    inked = [(x, y) for x in range(260) for y in range(160) if image.pixel(x, y) != GROUND]
    assert inked
    assert all(room.adjusted(-1, -1, 1, 1).contains(x, y) for x, y in inked)
