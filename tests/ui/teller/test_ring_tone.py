"""The ring tone of a seat: on its own speaker, and silent where the settings say so or nobody sits at a display."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from common.errors import UserError
from common.settings import Settings, UiSettings, VideoSettings
from common.wire.signalling import Ringing, RingingStopped
from tests.ui.teller.conftest import Seat
from ui.kit.bridge import AsyncBridge
from ui.teller_app.gateways import RingTone, rings


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[AsyncBridge]:
    made = AsyncBridge()
    made.start()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("platform", "wanted", "heard"), [("xcb", True, True), ("xcb", False, False), ("offscreen", True, False)]
)
def test_who_rings(platform: str, wanted: bool, heard: bool) -> None:
    assert rings(UiSettings(ring=wanted), platform) is heard


def test_no_tone_is_made_without_a_display(bridge: AsyncBridge) -> None:
    tone = RingTone(bridge, Settings(video=VideoSettings(speaker="device:no such device")))
    tone.ring(True)  # opening the device would be logged
    tone.ring(False)


def offer(seat: Seat) -> None:
    seat.out.presence.message.emit(Ringing(case_id="waiting-1", ring_seconds=0.05))


@pytest.mark.parametrize("refused", [False, True])
def test_the_tone_ends_when_the_call_is_answered(seat: Seat, refused: bool) -> None:
    if refused:
        seat.out.desk.taken = UserError("ticket.taken", number="T-05", seat="05")
    offer(seat)
    assert seat.out.ring.did == [True]
    seat.key(Qt.Key.Key_F2)
    assert seat.out.ring.did == [True, False]


@pytest.mark.parametrize("reason", ["answered", "timeout", "customer_left"])
def test_the_tone_ends_when_the_offer_is_taken_back(seat: Seat, reason: str) -> None:
    offer(seat)
    seat.out.presence.message.emit(RingingStopped(case_id="waiting-1", reason=reason))
    assert seat.out.ring.did == [True, False]


def test_the_tone_does_not_outlive_its_offer_when_the_server_is_lost(seat: Seat) -> None:
    offer(seat)
    seat.out.presence.offline_changed.emit(seat.out.clock.now())
    assert seat.out.ring.did == [True, False]
    seat.out.clock.at += timedelta(seconds=1)
    seat.out.presence.offline_changed.emit(None)
    assert seat.out.ring.did == [True, False]


def test_the_tone_ends_by_itself_when_nobody_says_so(seat: Seat) -> None:
    offer(seat)
    seat.out.clock.at += timedelta(seconds=1)
    seat.qtbot.waitUntil(lambda: seat.out.ring.did == [True, False])
