"""Every component on its sheet, in both themes and languages: nothing cut, nothing outside, nothing too small."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.kit import gallery_sheets, inspection
from ui.kit.kiosk import PinBoxes
from ui.kit.kit import Kit, make_kit
from ui.kit.texts.book import Lang
from ui.kit.theme import ThemeName


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_staff_sheet_has_nothing_cut_or_outside(
    qapp: QApplication, qtbot: QtBot, theme: ThemeName, lang: Lang
) -> None:
    kit = make_kit(theme=theme, lang=lang, strict=True)
    kit.theme.apply(qapp)
    window = gallery_sheets.staff_sheet(kit)
    qtbot.addWidget(window)
    window.resize(1680, 2400)
    window.show()
    assert not inspection.cut_words(window, allow=("gallery.narrow",))
    assert not inspection.outside_parent(window)
    assert not inspection.nameless(window)
    assert not inspection.double_names(window)
    assert not inspection.keys_without_words(window)


@pytest.mark.parametrize(("theme", "print_px", "target_px"), [("light", 24, 96), ("large", 34, 120)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_kiosk_sheet_suits_a_finger(
    qapp: QApplication, qtbot: QtBot, theme: ThemeName, lang: Lang, print_px: int, target_px: int
) -> None:
    kit = make_kit(theme=theme, sheet="kiosk", lang=lang, strict=True)
    kit.theme.apply(qapp)
    window = gallery_sheets.kiosk_sheet(kit)
    qtbot.addWidget(window)
    window.show()
    assert not inspection.small_print(window, print_px)
    assert not inspection.small_targets(window, target_px)
    assert not inspection.cut_words(window)
    assert not inspection.outside_parent(window)


def test_the_inspection_sees_what_is_wrong(kit: Kit, qtbot: QtBot) -> None:
    window = gallery_sheets.staff_sheet(kit)
    qtbot.addWidget(window)
    window.resize(900, 2400)
    window.show()
    window.setFixedWidth(700)
    assert inspection.cut_words(window) or inspection.outside_parent(window)
    assert inspection.small_targets(window, 96)
    assert inspection.small_print(window, 24)


@pytest.mark.parametrize("sheet", ["staff", "kiosk"])
def test_the_gallery_writes_pictures(qapp: QApplication, tmp_path: Path, sheet: str) -> None:
    file = tmp_path / f"{sheet}.png"
    gallery_sheets.render("staff" if sheet == "staff" else "kiosk", "light", "zh", file)
    image = QImage(str(file))
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colours) > 200


def test_pin_boxes_show_a_count_and_nothing_else(qapp: QApplication, qtbot: QtBot) -> None:
    kit = make_kit(sheet="kiosk", strict=True)
    boxes = PinBoxes(kit)
    qtbot.addWidget(boxes)
    boxes.set_count(4)
    assert boxes.accessibleName() == "已输入 4 位"
    boxes.set_count(9)
    assert boxes.count() == 6
    assert not [name for name in dir(boxes) if "digit" in name]
