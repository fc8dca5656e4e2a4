"""The ring tone of a seat: on its own speaker, and silent where the settings say so or nobody sits at a display."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from common.settings import Settings, UiSettings, VideoSettings
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
