"""What the automation port can do in a window: look, click, type, draw, wait, take pictures."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QInputMethodEvent, QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from ui.kit.automation_names import ActError, NotYet, find, is_visible
from ui.kit.base import Label, Tag
from ui.kit.keys import KeyButton
from ui.kit.overlays import Dialog
from ui.kit.tables import TableView


def _windows() -> list[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if w.isVisible()]


def _usable(request: dict[str, Any]) -> QWidget:
    widget = find(str(request.get("name")))
    if not widget.isEnabled():
        raise NotYet("disabled", widget.objectName())
    if isinstance(widget, KeyButton):
        if widget.face.value != "do":
            raise NotYet("not_clickable", f"{widget.objectName()} is {widget.face.value}")
        if not widget.guard.open():
            raise NotYet("guarded", widget.objectName(), patient=True)
    return widget


def _reach(widget: QWidget, at: QPoint) -> tuple[QWidget, QPoint]:
    """The widget that a press at that point of ``widget`` really meets: it or one of its children."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
    window = widget.window()
    met = window.childAt(widget.mapTo(window, at)) or window
    if met is not widget and not widget.isAncestorOf(met):
        raise NotYet("covered", f"{widget.objectName()} by {met.objectName() or type(met).__name__}")
    return met, met.mapFrom(widget, at) if met is not widget else at


def _activate(widget: QWidget) -> None:
    window = widget.window()
    if not window.isActiveWindow():
        window.activateWindow()


def _press_at(widget: QWidget, at: QPoint, *, double: bool = False) -> None:
    _activate(widget)
    met, point = _reach(widget, at)
    left = Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    if double:
        QTest.mouseDClick(met, left, none, point)
    else:
        QTest.mouseClick(met, left, none, point)


def click(request: dict[str, Any]) -> None:
    """``name``, optional ``at`` [x, y] in the widget, ``double``."""
    widget = _usable(request)
    at = request.get("at")
    point = QPoint(int(at[0]), int(at[1])) if at else widget.rect().center()
    _press_at(widget, point, double=bool(request.get("double")))


def hold(request: dict[str, Any]) -> None:
    """Press (``down`` true) or release the mouse on a widget: for what is shown while pressed."""
    widget = _usable(request)
    met, point = _reach(widget, widget.rect().center())
    act = QTest.mousePress if request.get("down", True) else QTest.mouseRelease
    act(met, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)


def click_row(request: dict[str, Any]) -> None:
    """Click a row of a table by ``key`` or ``row``; ``double`` opens it."""
    table = _usable(request)
    if not isinstance(table, TableView):
        raise ActError("not_a_table", table.objectName())
    rows = table.table_model.rows
    wanted = request.get("key")
    at = next((i for i, row in enumerate(rows) if row.key == wanted), None) if wanted else int(request.get("row", 0))
    if at is None or at >= len(rows):
        raise NotYet("no_row", f"{table.objectName()} {wanted if wanted is not None else at}")
    index = table.table_model.index(at, 0)
    table.scrollTo(index)
    _press_at(table.viewport(), table.visualRect(index).center(), double=bool(request.get("double")))


def type_text(request: dict[str, Any]) -> None:
    """Put the focus into a box and type; ``clear`` (default) empties it first."""
    widget = _usable(request)
    if not isinstance(widget, QLineEdit | QPlainTextEdit):
        raise ActError("not_a_text_box", widget.objectName())
    _press_at(widget, widget.rect().center())
    if request.get("clear", True):
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(widget, Qt.Key.Key_Delete)
    for character in str(request.get("text", "")):
        if character == "\n":
            QTest.keyClick(widget, Qt.Key.Key_Return)
        elif character.isascii():
            QTest.keyClicks(widget, character)
        else:
            event = QInputMethodEvent()
            event.setCommitString(character)
            QApplication.sendEvent(widget, event)


def key(request: dict[str, Any]) -> None:
    """Press a key as Qt writes it (``F9``, ``Ctrl+K``, ``Return``) in the window that has the focus."""
    text = str(request.get("key"))
    sequence = QKeySequence(text)
    if sequence.isEmpty():
        raise ActError("not_a_key", text)
    windows = _windows()
    if not windows:
        raise NotYet("no_window", text)
    window = QApplication.activeWindow() or windows[0]
    _activate(window)
    _await_guard(window, text)
    _await_dialog(window, text)
    combination = sequence[0]  # type: ignore[index]  # missing in the stubs
    target = QApplication.focusWidget() or window
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())


def _await_guard(window: QWidget, text: str) -> None:
    for button in window.findChildren(KeyButton):
        if button.cap == text and button.isVisible() and button.isEnabled() and not button.guard.open():
            raise NotYet("guarded", button.objectName(), patient=True)


def _await_dialog(window: QWidget, text: str) -> None:
    for dialog in window.findChildren(Dialog):
        caps = [button.cap for button in dialog.buttons.values()]
        if dialog.isVisible() and text.replace("+", " ") in caps and not dialog.guard.open():
            raise NotYet("guarded", f"dialog {text}", patient=True)


def drag(request: dict[str, Any]) -> None:
    """Draw through ``points`` [[x, y], …] in the widget with the left button down."""
    widget = _usable(request)
    points = [QPoint(round(x), round(y)) for x, y in request.get("points", [])]
    if len(points) < 2:
        raise ActError("too_few_points", widget.objectName())
    _activate(widget)
    met, start = _reach(widget, points[0])
    shift = start - points[0]
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(met, left, none, start)
    for point in points[1:]:
        _move(met, point + shift)
    QTest.mouseRelease(met, left, none, points[-1] + shift)


def _move(widget: QWidget, at: QPoint) -> None:
    from_point, button = at.toPointF(), Qt.MouseButton.LeftButton
    where = widget.mapToGlobal(at).toPointF()
    kind = QMouseEvent.Type.MouseMove
    event = QMouseEvent(kind, from_point, where, Qt.MouseButton.NoButton, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def choose(request: dict[str, Any]) -> None:
    """Choose an entry of a list box by ``key``, with the arrow keys."""
    combo = _usable(request)
    if not isinstance(combo, QComboBox):
        raise ActError("not_a_list", combo.objectName())
    wanted = combo.findData(request.get("key"))
    if wanted < 0:
        raise NotYet("no_entry", f"{combo.objectName()} {request.get('key')}")
    combo.setFocus(Qt.FocusReason.MouseFocusReason)
    step = Qt.Key.Key_Down if wanted > combo.currentIndex() else Qt.Key.Key_Up
    for _ in range(abs(wanted - combo.currentIndex())):
        QTest.keyClick(combo, step)


def words_of(widget: QWidget) -> str:
    """What a widget says: its text, or its accessible name."""
    if isinstance(widget, Label):
        return widget.full_text()
    if isinstance(widget, QLabel | QLineEdit | QAbstractButton | Tag):
        return str(widget.text()) or widget.accessibleName()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    return widget.accessibleName()


def text(request: dict[str, Any]) -> str:
    """What a visible widget says."""
    return words_of(find(str(request.get("name"))))


def wait(request: dict[str, Any]) -> dict[str, Any]:
    """Until a widget is ``visible`` (or not), ``enabled`` (or not), says ``text`` or something that ``contains``."""
    name = str(request.get("name"))
    if request.get("visible") is False:
        if is_visible(name):
            raise NotYet("still_visible", name)
        return {}
    widget = find(name)
    wanted = request.get("enabled")
    if wanted is not None and widget.isEnabled() is not wanted:
        raise NotYet("not_enabled" if wanted else "still_enabled", name)
    said = words_of(widget)
    if request.get("text") is not None and said != request["text"]:
        raise NotYet("other_text", f"{name}: {said}")
    if request.get("contains") is not None and str(request["contains"]) not in said:
        raise NotYet("other_text", f"{name}: {said}")
    return _describe(widget)


def exists(request: dict[str, Any]) -> bool:
    """Whether a widget of that name is visible."""
    return is_visible(str(request.get("name")))


def _describe(widget: QWidget) -> dict[str, Any]:
    corner = widget.mapTo(widget.window(), QPoint(0, 0))
    size = widget.size()
    shown: dict[str, Any] = {
        "name": widget.objectName(),
        "class": type(widget).__name__,
        "text": words_of(widget),
        "geometry": [corner.x(), corner.y(), size.width(), size.height()],
        "enabled": widget.isEnabled(),
        "visible": widget.isVisible(),
    }
    if isinstance(widget, KeyButton):
        shown["face"] = widget.face.value
    return shown


def tree(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Every named visible widget (``all`` true: nameless ones too)."""
    everything = bool(request.get("all"))
    shown = []
    for window in _windows():
        for widget in (window, *window.findChildren(QWidget)):
            own = widget.objectName() and not widget.objectName().startswith("qt_")
            if widget.isVisible() and (own or everything):
                shown.append(_describe(widget))
    return shown


class _Writing(threading.Thread):
    """Writes a picture's pixels beside the GUI thread, which has drawn them."""

    def __init__(self, image: QImage, path: Path) -> None:
        super().__init__(name="grab", daemon=True)
        self.image, self._path = image, path
        self.failure: OSError | None = None
        self.start()

    def run(self) -> None:
        try:
            self._path.write_bytes(self.image.constBits())
        except OSError as error:
            self.failure = error


def grab(request: dict[str, Any]) -> dict[str, Any]:
    """A picture of the window (or of ``name``) as raw pixels in ``file``, four bytes each: blue, green, red, unused.

    Encoding a picture takes a tenth of a second, writing it a fiftieth, drawing it a hundredth: the GUI thread only
    draws, a thread writes, the other side encodes, so that taking pictures does not make the stalls it is to show.
    """
    writing: _Writing | None = request.get("writing")
    if writing is None:
        windows = _windows()
        if not windows and not request.get("name"):
            raise NotYet("no_window", "grab")
        widget = find(str(request["name"])) if request.get("name") else QApplication.activeWindow() or windows[0]
        image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        writing = request["writing"] = _Writing(image, Path(str(request.get("file"))))
    if writing.is_alive():
        raise NotYet("writing", "grab", patient=True)
    if writing.failure is not None:
        raise ActError("not_written", str(request.get("file"))) from writing.failure
    image = writing.image
    return {"width": image.width(), "height": image.height(), "stride": image.bytesPerLine()}


COMMANDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "click": click,
    "hold": hold,
    "click_row": click_row,
    "type": type_text,
    "key": key,
    "drag": drag,
    "choose": choose,
    "text": text,
    "wait": wait,
    "exists": exists,
    "tree": tree,
    "grab": grab,
}
