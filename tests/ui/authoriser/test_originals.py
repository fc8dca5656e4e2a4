"""A picture that may show no original, before the authoriser: said at the picture and among the reasons."""

import pytest

from common.wire.base import Sentence
from common.wire.cases import EvidenceKind
from common.wire.doubts import Doubt
from tests.ui.authoriser.conftest import MakeStage, Stage
from tests.ui.authoriser.world import TASK, World, task
from ui.authoriser_app.panels.faces import Exhibit
from ui.authoriser_app.presenter import why
from ui.kit.texts.book import Lang


def doubtful() -> World:
    """The task of `world`, with a front that may show a screen."""
    world, plain = World(), task()
    pieces = [
        one.model_copy(update={"doubts": [Doubt.SCREEN]}) if one.kind is EvidenceKind.ID_FRONT else one
        for one in plain.case.evidence
    ]
    case = plain.case.model_copy(update={"evidence": pieces})
    world.port.tasks[TASK] = plain.model_copy(update={"case": case})
    return world


def exhibit(stage: Stage, kind: EvidenceKind) -> Exhibit:
    (found,) = (one for one in stage.window.findChildren(Exhibit) if one.kind is kind)
    return found


@pytest.mark.parametrize(("lang", "words"), [("zh", "疑似翻拍：正面"), ("en", "Screen? Front")])
def test_it_is_said_at_the_picture(make_stage: MakeStage, lang: Lang, words: str) -> None:
    stage = make_stage(doubtful(), lang=lang)
    stage.assign()
    front, back = exhibit(stage, EvidenceKind.ID_FRONT), exhibit(stage, EvidenceKind.ID_BACK)
    assert front.name.text() == words
    assert (front.box.badge, back.box.badge) == ("warn", ""), "also in a low window, where there are no words under it"


@pytest.mark.parametrize(("lang", "words"), [("zh", "证件照片疑似非原件：1 张"), ("en", "may show no original: 1")])
def test_it_is_among_the_reasons(stage: Stage, lang: Lang, words: str) -> None:
    (said,) = why([Sentence(code="rule.original_doubted", params={"rule": "R-121", "count": 1})])
    assert said.rule == "R-121"
    stage.window.kit.language.set_current(lang)
    assert words in stage.window.kit.say(said.title)
