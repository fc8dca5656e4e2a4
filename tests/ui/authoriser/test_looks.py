"""Nothing is cut, nothing sticks out, everything has a name and words: all sizes, languages, themes and states."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt

from common.wire.authorisation import AuthoriserDesk
from common.wire.cases import Scenario
from tests.ui.authoriser.conftest import MakeStage, Stage
from tests.ui.authoriser.world import TASK, World, task
from ui.authoriser_app.panels.comparison import columns
from ui.kit import inspection
from ui.kit.texts.book import Lang
from ui.kit.theme import ThemeName

SIZES = [(1440, 900), (1920, 1080), (1280, 800), (1152, 720), (1097, 617), (960, 540)]
LOOKS: list[tuple[Lang, ThemeName]] = [("zh", "light"), ("en", "dark")]
ELIDED = ("authoriser.who", *(f"authoriser.movement.{number}" for number in range(1, 6)))


def _faults(stage: Stage) -> list[str]:
    stage.pass_(0)
    for _ in range(3):
        stage.qtbot.wait(1)
    window = stage.window
    return [
        *inspection.cut_words(window, allow=ELIDED),
        *inspection.outside_parent(window),
        *inspection.nameless(window),
        *inspection.double_names(window),
        *inspection.keys_without_words(window),
    ]


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
@pytest.mark.parametrize("size", SIZES)
def test_every_state_fits(make_stage: MakeStage, size: tuple[int, int], lang: Lang, theme: ThemeName) -> None:
    world = World()
    stage = make_stage(world, size=size, lang=lang, theme=theme)
    assert _faults(stage) == [], "idle"
    stage.assign()
    assert _faults(stage) == [], "task"
    for key in (Qt.Key.Key_F8, Qt.Key.Key_F7, Qt.Key.Key_V, Qt.Key.Key_F1):
        stage.qtbot.waitUntil(stage.window.bar.key("help").guard.open)
        stage.key(key)
        assert stage.window.popups.above(), key
        assert _faults(stage) == [], key
        stage.close()
    stage.pass_(190)
    assert _faults(stage) == [], "gone"


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
@pytest.mark.parametrize("size", [(1440, 900), (960, 540)])
def test_rare_states_fit(make_stage: MakeStage, size: tuple[int, int], lang: Lang, theme: ThemeName) -> None:
    world = World()
    world.port.now_desk = AuthoriserDesk(accepting=False)
    world.port.tasks[TASK] = task(intact=False, score=41.7, scenario=Scenario.DEPOSIT, note="说明" * 200)
    stage = make_stage(world, size=size, lang=lang, theme=theme)
    stage.window.parts.desk.set_accepting(False)
    assert _faults(stage) == [], "paused, first day"
    stage.port.offline_changed.emit(stage.clock.now())
    assert _faults(stage) == [], "offline"
    stage.assign()
    assert _faults(stage) == [], "altered"
    world.port.tasks[TASK] = task(())
    stage.port.offline_changed.emit(None)
    assert _faults(stage) == [], "no differences"


@pytest.mark.parametrize("width", [380, 630, 770])
def test_a_masked_number_has_room_in_the_form_whatever_stands_beside_it(width: int) -> None:
    for names in (("form", "ocr", "record"), ("form", "chip", "ocr", "record", "authority")):
        places = columns(width, names)
        assert sum(room for _, room in places) == pytest.approx(width)
        assert all(left + room == pytest.approx(after) for (left, room), (after, _) in pairwise(places))
        assert places[1][1] >= (150 if width > 600 else 100)


def test_pictures_have_their_height_at_once(make_stage: MakeStage) -> None:
    stage = make_stage()
    stage.assign()
    assert inspection.outside_parent(stage.window) == []
    face = stage.child("authoriser.evidence.portrait")
    assert face.height() == int(face.width() * 1.25 + 0.5) or abs(face.height() - face.width() * 1.25) < 3


def test_changing_the_size_changes_the_layout_and_back(make_stage: MakeStage) -> None:
    stage = make_stage()
    stage.assign()
    page = stage.window.body.task
    stage.window.resize(1000, 600)
    stage.qtbot.waitUntil(lambda: page.right.parentWidget() is page.middle)
    assert _faults(stage) == []
    stage.window.resize(1440, 900)
    stage.qtbot.waitUntil(lambda: page.right.parentWidget() is page)
    assert _faults(stage) == []
