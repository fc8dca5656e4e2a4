"""Looks over a shown window for what a person would trip on: cut words, parts outside, small targets, no names.

Used by the tests of every window (all layout modes, both languages, both themes).
"""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QScrollArea, QScrollBar, QWidget

from ui.kit.base import Label
from ui.kit.keys import KeyButton


def _where(widget: QWidget) -> str:
    own, at = widget.objectName(), widget.mapTo(widget.window(), QPoint(0, 0))
    return f"{type(widget).__name__} {own or '-'} at {at.x()},{at.y()}"


def _seen(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if isinstance(widget.parentWidget(), QLineEdit):  # marks in a box are told by the box's own name
            continue
        if widget.isVisible() and widget.window() is window and not widget.objectName().startswith("qt_"):
            yield widget


def cut_words(window: QWidget, *, allow: tuple[str, ...] = ()) -> list[str]:
    """Labels and buttons whose words do not fit; ``allow``: object names where an ellipsis is meant."""
    found = []
    for widget in _seen(window):
        if widget.objectName() in allow or not isinstance(widget, QLabel | QAbstractButton):
            continue
        if isinstance(widget, Label) and widget.full_text() != widget.text():
            found.append(f"{_where(widget)}: {widget.full_text()!r} shown as {widget.text()!r}")
        elif (isinstance(widget, QLabel) and widget.text() and _label_is_cut(widget)) or (
            isinstance(widget, QAbstractButton) and widget.text() and widget.width() < widget.minimumSizeHint().width()
        ):
            found.append(f"{_where(widget)}: {widget.text()!r}")
    return found


def _label_is_cut(label: QLabel) -> bool:
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + 1
    lines = label.text().splitlines() or [""]
    metrics = QFontMetrics(label.font())
    widest = max(metrics.horizontalAdvance(part) for part in lines)
    return widest > label.contentsRect().width() + 1 or metrics.height() > label.height() + 4


def outside_parent(window: QWidget) -> list[str]:
    """Widgets that stick out of their parent (what scrolls may)."""
    found = []
    for widget in _seen(window):
        parent = widget.parentWidget()
        if parent is None or isinstance(widget, QScrollBar) or _scrolls(widget):
            continue
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(QRect(widget.pos(), widget.size())):
            size = parent.size()
            found.append(f"{_where(widget)} {widget.geometry().getRect()} in {size.width()}x{size.height()}")
    return found


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    grand = parent.parentWidget() if parent is not None else None
    return isinstance(grand, QScrollArea) and grand.viewport() is parent


def small_targets(window: QWidget, least: int) -> list[str]:
    """What a finger has to hit and is smaller than ``least`` pixels either way."""
    return [
        f"{_where(widget)} {widget.width()}x{widget.height()}"
        for widget in _seen(window)
        if isinstance(widget, QAbstractButton | QLineEdit | QComboBox) and min(widget.width(), widget.height()) < least
    ]


def small_print(window: QWidget, least: int) -> list[str]:
    """Labels set smaller than ``least`` pixels."""
    return [
        f"{_where(widget)}: {widget.font().pixelSize()} px {widget.text()!r}"
        for widget in _seen(window)
        if isinstance(widget, QLabel) and widget.text() and 0 < widget.font().pixelSize() < least
    ]


def nameless(window: QWidget) -> list[str]:
    """Controls without an accessible name."""
    kinds = QAbstractButton | QLineEdit | QComboBox
    return [
        _where(widget)
        for widget in _seen(window)
        if isinstance(widget, kinds) and not widget.accessibleName() and not getattr(widget, "text", str)()
    ]


def double_names(window: QWidget) -> list[str]:
    """Object names that stand more than once among what is visible."""
    names = [w.objectName() for w in _seen(window) if "." in w.objectName()]
    return sorted({name for name in names if names.count(name) > 1})


def keys_without_words(window: QWidget) -> list[str]:
    """Command-bar keys that say nothing: no state may leave the main key empty."""
    return [_where(w) for w in _seen(window) if isinstance(w, KeyButton) and not w.text().strip()]
