"""L, M, S, XS by the window's width, with 16 px of hysteresis, and whether the window is short."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.kit.tokens import LayoutMode, layout_modes, tokens

HYSTERESIS = 16


def mode_for(width: int, now: str | None = None) -> LayoutMode:
    """The mode of a window ``width`` logical pixels wide; ``now`` is the one it is in, left only by 16 px more."""
    modes = layout_modes()
    plain = next((mode for mode in modes if width >= mode.min_width), modes[-1])
    current = next((mode for mode in modes if mode.id == now), None)
    if current is None or plain is current:
        return plain
    if plain.min_width > current.min_width:  # growing
        return plain if width >= plain.min_width + HYSTERESIS else mode_for(plain.min_width - 1)
    return plain if width < current.min_width - HYSTERESIS else current


class LayoutModes(QObject):
    """Watches a window.

    Signals:
        changed(object): the new :class:`LayoutMode`. short_changed(bool): height under 720.
    """

    changed = Signal(object)
    short_changed = Signal(bool)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.mode = mode_for(window.width())
        self._limit = int(tokens()["layout"]["short_height"])
        self.short = window.height() < self._limit
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self._look(watched.width(), watched.height())
        return False

    def _look(self, width: int, height: int) -> None:
        mode = mode_for(width, self.mode.id)
        if mode is not self.mode:
            self.mode = mode
            self.changed.emit(mode)
        short = height < self._limit
        if short != self.short:
            self.short = short
            self.short_changed.emit(short)
