"""The teller's side of a call goes: the customer reads it on the kiosk, stays, and is called again."""

import pytest
from PySide6.QtWidgets import QApplication

from benchmarks.seat.cases import START
from common.wire.cases import CustomerStep
from tests.ui.vtm.conftest import Stand
from tests.ui.vtm.screens import at
from ui.kit.automation_acts import text
from ui.kit.texts.book import Lang
from ui.vtm_app.scene import CallPhase
from video.call import CallState
from video.session import CallSnapshot

TALKING = {"zh": "柜员正在为您办理", "en": "The teller is working for you"}


def in_call(stand: Stand, language: Lang) -> None:
    """The customer talks to the teller."""
    stand.window.kit.language.set_current(language)
    stand.controller.set_screen(at(CustomerStep.TALK))
    stands(stand)
    assert status() == TALKING[language]


def stands(stand: Stand) -> None:
    """A call begins and both sides are through."""
    stand.call.started.emit("call-1")
    stand.call.changed.emit(
        CallSnapshot(
            call_id="call-1", state=CallState.CONNECTED, since=START, ended_by=None, lost=(), remote_size=(1280, 720),
            fps_in=30.0, fps_out=30.0, rtt_ms=34.0, packets_lost=0, local_muted=False, local_held=False, notices=(),
        )
    )  # fmt: skip


def status() -> str:
    QApplication.processEvents()
    return text({"name": "kiosk.status"})


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "柜员那边断线了，正在接回，请稍候"), ("en", "The teller's line is down, please wait")],
)
def test_a_teller_who_lost_the_server_is_told_until_the_call_goes_on(stand: Stand, language: Lang, words: str) -> None:
    in_call(stand, language)
    stand.call.peer_lost.emit(20.0)
    assert status() == words
    stands(stand)
    assert status() == TALKING[language]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "通话断了，柜员会再接通，请不要离开"),
        ("en", "The call ended. The teller will call again, please stay"),
    ],
)
def test_a_teller_who_is_gone_is_told_until_he_calls_again(stand: Stand, language: Lang, words: str) -> None:
    in_call(stand, language)
    stand.call.peer_lost.emit(20.0)
    stand.call.ended.emit("peer_gone")
    assert status() == words
    stand.call.started.emit("call-2")
    assert stand.controller.local.call is CallPhase.CONNECTING
    assert status() == {"zh": "正在接通柜员，请稍候", "en": "Connecting you to the teller"}[language]
    stands(stand)
    assert status() == TALKING[language]
