"""A column of like rows that keeps its widgets from one showing to the next.

Making, styling and laying out a row takes milliseconds, writing into one microseconds; in a call, a list made anew
at every change of the case is a window that stands still.
"""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from PySide6.QtWidgets import QWidget

from ui.kit.base import vbox


class Row(Protocol):
    """What a column is made of."""

    @property
    def widget(self) -> QWidget: ...


R = TypeVar("R", bound=Row)


class Rows(Generic[R]):
    """The column: ``layout`` goes into a panel, ``show`` hands out its rows in order.

    Args:
        make: makes one more row, still without content.
        ahead: how many are made at once, before anybody looks.
    """

    def __init__(self, make: Callable[[], R], *, gap: int = 0, ahead: int = 0) -> None:
        self.layout = vbox(gap=gap)
        self._make = make
        self._made: list[R] = []
        self._make_up_to(ahead)

    def _make_up_to(self, count: int) -> None:
        while len(self._made) < count:
            row = self._make()
            row.widget.hide()
            self._made.append(row)
            self.layout.addWidget(row.widget)

    def show(self, count: int) -> list[R]:
        """This many rows, to be written into; the others hide."""
        self._make_up_to(count)
        for at, row in enumerate(self._made):
            row.widget.setVisible(at < count)
        return self._made[:count]
