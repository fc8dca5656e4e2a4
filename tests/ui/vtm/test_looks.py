"""Every screen in both languages and both prints: nothing cut, small, nameless or outside."""

import pytest
from PySide6.QtWidgets import QApplication, QFrame, QLabel

from tests.ui.vtm.conftest import Stand
from tests.ui.vtm.screens import SCREENS, show
from ui.kit import inspection
from ui.kit.base import text_width
from ui.kit.kiosk import KioskButton
from ui.kit.texts.book import Lang
from ui.vtm_app.pages.rate import StarButton
from ui.vtm_app.parts import line_px
from ui.vtm_app.scene import CallPhase


def painted_px(button: KioskButton) -> float:
    """The size the words are painted at: they shrink when there is no room."""
    full, lead = button._px(), button._icon_px() + 12 if button._icon else 0
    words = text_width(button.kit, button.text(), full, bold=True)
    return full * min(1.0, (button.width() - 40 - lead) / max(1, words))


PRINTS = {"standard": (24, 96), "large": (34, 120)}


@pytest.fixture
def shown(stand: Stand) -> Stand:
    stand.controller.set_call(CallPhase.LIVE)
    return stand


def bring(stand: Stand, name: str, lang: Lang, size: str) -> None:
    # The greeting belongs to nobody yet: it is always in standard print.
    show(stand.controller, name, large=size == "large" and name != "attract")
    stand.window.kit.language.set_current(lang)
    for _ in range(3):
        QApplication.processEvents()


@pytest.mark.parametrize("size", list(PRINTS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_small_or_nameless(shown: Stand, lang: Lang, size: str) -> None:
    wrong: list[str] = []
    for name in SCREENS:
        bring(shown, name, lang, size)
        window = shown.window
        font, target = PRINTS["standard" if name == "attract" else size]
        found = (
            inspection.cut_words(window)
            + inspection.outside_parent(window)
            + inspection.small_targets(window, target)
            + inspection.small_print(window, font)
            + inspection.nameless(window)
            + inspection.double_names(window)
        )
        wrong += [f"{name}: {one}" for one in found]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("size", list(PRINTS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_of_buttons_keep_their_size(shown: Stand, lang: Lang, size: str) -> None:
    """Painted words shrink when there is no room: none may get under the least size."""
    least = PRINTS[size][0]
    wrong = []
    for name in SCREENS:
        bring(shown, name, lang, size)
        for button in shown.window.findChildren(KioskButton):
            if button.isVisible() and not button.property("look") and not isinstance(button, StarButton):
                px = painted_px(button)
                if px < least:
                    wrong.append(f"{name}: {button.text()!r} {px:.0f} px")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("ratio", "px"), [(1.0, 2), (0.5, 2), (0.45, 3), (0.3, 4)])
def test_a_divider_is_at_least_a_pixel_of_the_screen(ratio: float, px: int) -> None:
    assert line_px(ratio) == px
    assert px * ratio >= 1.0


def test_no_screen_has_a_line_that_could_drop_out(shown: Stand) -> None:
    seen = 0
    for name in SCREENS:
        bring(shown, name, "zh", "standard")
        lines = [one for one in shown.window.findChildren(QFrame) if one.property("role") == "line" and one.isVisible()]
        seen += len(lines)
        assert all(one.height() >= 2 for one in lines), name
    assert seen >= 3


def test_the_main_action_lies_in_the_lower_part(shown: Stand) -> None:
    found = 0
    for name in SCREENS:
        bring(shown, name, "zh", "standard")
        for button in shown.window.findChildren(KioskButton):
            if button.isVisible() and button.property("kind") == "primary":
                found += 1
                top = button.mapTo(shown.window, button.rect().topLeft()).y()
                assert top >= 920, f"{button.objectName()} at {top}"
    assert found >= 3


def test_the_sentence_of_a_step_takes_at_most_two_lines(shown: Stand) -> None:
    wrong = []
    for name in SCREENS:
        for lang in ("zh", "en"):
            bring(shown, name, lang, "standard")
            for label in shown.window.findChildren(QLabel, "kiosk.step"):
                if (
                    label.isVisible()
                    and label.heightForWidth(label.width()) > 2 * label.fontMetrics().lineSpacing() + 4
                ):
                    wrong.append(f"{name} {lang}: {label.text()}")
    assert not wrong, "\n".join(wrong)
