"""A kiosk is 1080x1920. A smaller screen is met by scaling the whole process, before there is an application."""

import os
from collections.abc import MutableMapping

from PySide6.QtGui import QGuiApplication

from ui.kit.tokens import size

OFFSCREEN_SCALE = 0.5
"""Without a display pictures are 540x960: small enough to be made twice a second, large enough to read."""
_FRAME = 40
_VARIABLE = "QT_SCALE_FACTOR"


def room_beside(scale: float) -> int | None:
    """Height for a window beside the kiosk's, in the application's own pixels; None: no display, whose size would say
    nothing."""
    if QGuiApplication.platformName() in ("offscreen", "minimal"):
        return None
    return QGuiApplication.primaryScreen().availableGeometry().height() - round(_FRAME / scale)


def factor_for(available_height: int) -> float:
    """How much smaller everything must be so that the window with its frame fits."""
    return min(1.0, (available_height - _FRAME) / size("kiosk", "height")) if available_height > _FRAME else 1.0


def _available_height() -> int:
    # A short-lived application: Qt reads the factor when the real one is made.
    probe = QGuiApplication([])
    try:
        return probe.primaryScreen().availableGeometry().height()
    finally:
        probe.shutdown()


def fit_screen(environment: MutableMapping[str, str] | None = None) -> float:
    """Choose the scale and tell Qt. One that is set already stays.

    Returns:
        the scale, 1.0 on a kiosk's own screen.
    """
    known = os.environ if environment is None else environment
    if known.get(_VARIABLE):
        return float(known[_VARIABLE])
    platform = known.get("QT_QPA_PLATFORM", "").partition(":")[0]
    scale = OFFSCREEN_SCALE if platform in ("offscreen", "minimal") else factor_for(_available_height())
    known[_VARIABLE] = f"{scale:.4f}"
    return scale
