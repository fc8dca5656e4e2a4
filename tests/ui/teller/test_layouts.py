"""Every screen in every layout mode and both languages: nothing cut, nothing outside, every control has a name."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from benchmarks.seat.outside import outside
from tests.ui.teller.conftest import Seat, build, destroy
from tests.ui.teller.scenes import SCENES
from ui.kit.inspection import cut_words, double_names, keys_without_words, nameless, outside_parent
from ui.kit.kit import Kit
from ui.kit.texts.book import Lang
from ui.teller_app.local import Job

SIZES = ((1920, 1080), (1440, 900), (1280, 800), (1097, 617), (960, 540))
# Where an ellipsis is meant: names and places of any length.
MEANT = ("teller.customer", "teller.where")


def _faults(seat: Seat) -> list[str]:
    window = seat.window
    return [
        *cut_words(window, allow=MEANT),
        *outside_parent(window),
        *double_names(window),
        *nameless(window),
        *keys_without_words(window),
    ]


def _fresh(seat: Seat) -> None:
    """Back to the desk, nothing going on."""
    seat.out.presence.offline_changed.emit(None)
    seat.window.parts.cases.set_local(ring=None, reading=Job(), face=Job())
    if seat.out.store.case is not None:
        seat.window.parts.cases.close()


@pytest.mark.parametrize(
    ("size", "lang"),
    [(size, "zh") for size in SIZES] + [(size, "en") for size in SIZES[1:]],
    ids=lambda value: value if isinstance(value, str) else f"{value[0]}x{value[1]}",
)
def test_every_screen_fits(qtbot: QtBot, kit: Kit, size: tuple[int, int], lang: Lang) -> None:
    kit.language.set_current(lang)
    out = outside()
    seat = Seat(build(qtbot, kit, out, *size), out, qtbot)
    faults = []
    for name, scene in SCENES.items():
        scene(seat.window, out)
        for _ in range(2):
            seat.paint()
        QApplication.processEvents()
        faults += [f"{name}: {fault}" for fault in _faults(seat)]
        _fresh(seat)
    destroy(seat.window)
    assert not faults, "\n".join(faults)


def test_every_screen_is_painted_in_dark(qtbot: QtBot, kit: Kit) -> None:
    kit.theme.set_name("dark")
    out = outside()
    seat = Seat(build(qtbot, kit, out), out, qtbot)
    ground = kit.color("canvas").rgb()
    for scene in SCENES.values():
        scene(seat.window, out)
        seat.paint()
        assert seat.window.grab().toImage().pixel(8, 200) == ground
        _fresh(seat)
    destroy(seat.window)
