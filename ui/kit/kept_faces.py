"""Portraits of earlier visits beside their scores, as long as a key is held: fetched when pressed, forgotten after.

The server writes down each look. What came too late for the key is not shown.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from common.errors import AppError
from common.wire.cases import CaseView
from common.wire.identity import FaceCheckView, FaceUse
from ui.kit.base import Label, frame, hbox, named, vbox
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.overlays import add_shadow
from ui.kit.picture_files import decode
from ui.kit.ports import KeptFacePort, OnError
from ui.kit.presence_words import check_words
from ui.kit.texts.words import t

SIZE = (168, 210)
"""Pixels of a picture at 100 %."""
_GAP = 8


def kept(case: CaseView) -> list[FaceCheckView]:
    """The comparisons with portraits of earlier visits."""
    return [one for one in case.identity.faces if one.use is FaceUse.EARLIER]


class KeptFacesButton(Button):
    """Beside the words of other portraits; there only where the live face was compared with kept ones."""

    def __init__(self, kit: Kit, name: str) -> None:
        super().__init__(kit, t("face.hold_to_see"), "quiet", fit="s", icon="eye")
        named(self, name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Tab and Space; the mouse takes the cursor out of no field
        self.hide()

    def event(self, event: QEvent) -> bool:
        """Space holds this key while the cursor is on it, whatever else the window does with it."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            event.accept()
            return True
        return bool(super().event(event))

    def show_case(self, case: CaseView) -> None:
        """Whether there is something to see."""
        self.setVisible(bool(kept(case)))


class KeptFaces(QObject):
    """Shows them above the button that is held.

    Args:
        case: gives the case on the screen, if there is one.
        failed: is told what could not be fetched.
    """

    def __init__(
        self, kit: Kit, port: KeptFacePort, case: Callable[[], CaseView | None], failed: OnError, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._kit, self._port, self._case, self._failed = kit, port, case, failed
        self._frame: QFrame | None = None

    def wire(self, button: KeptFacesButton) -> None:
        """Shown while this button is held."""
        button.pressed.connect(lambda: self.hold(button))
        button.released.connect(self.let_go)

    def hold(self, button: QWidget) -> None:
        """Pressed."""
        self.let_go()
        case = self._case()
        if case is None:
            return
        shown = self._frame = _Portraits(self._kit, button.window())
        for check in kept(case):
            place = shown.add(check)
            self._port.kept_face(case.id, check.known, _into(self, shown, place), self._lost)
        shown.stand_above(button)

    def let_go(self) -> None:
        """Let go, or there is nothing to hold any more."""
        if self._frame is not None:
            self._frame.hide()
            self._frame.deleteLater()
            self._frame = None

    def shows(self, frame: QFrame) -> bool:
        """Whether the key is still held for it."""
        return self._frame is frame

    def _lost(self, error: AppError) -> None:
        self.let_go()
        self._failed(error)


def _into(faces: KeptFaces, shown: "_Portraits", place: QLabel) -> Callable[[bytes], object]:
    def came(data: bytes) -> None:
        if faces.shows(shown):
            shown.put(place, data)

    return came


class _Portraits(QFrame):
    """A row of pictures with their scores, over the window."""

    def __init__(self, kit: Kit, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setProperty("role", "panel")
        self.setObjectName("keptFaces")
        self.kit = kit
        self._row: QHBoxLayout = hbox(gap=12, margins=(12, 12, 12, 12))
        self.setLayout(self._row)
        add_shadow(kit, self)

    def add(self, check: FaceCheckView) -> QLabel:
        """An empty place with its words."""
        place = QLabel()
        place.setFixedSize(*SIZE)
        place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = Label(self.kit, check_words(check), "caption", "" if check.same else "bad")
        words.setMaximumWidth(SIZE[0])
        self._row.addWidget(frame("plain", vbox(place, words, gap=4)))
        return place

    def put(self, place: QLabel, data: bytes) -> None:
        """The picture came."""
        mode, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        ratio = self.devicePixelRatioF()
        picture = QPixmap.fromImage(decode(data)).scaled(place.size() * ratio, mode, smooth)
        picture.setDevicePixelRatio(ratio)
        place.setPixmap(picture)

    def stand_above(self, button: QWidget) -> None:
        """Above the button, below it where there is no room; inside the window."""
        self.adjustSize()
        window = self._window
        corner = button.mapTo(window, QPoint(0, 0))
        left = max(_GAP, min(corner.x(), window.width() - self.width() - _GAP))
        above = corner.y() - self.height() - _GAP
        top = above if above >= _GAP else min(corner.y() + button.height() + _GAP, window.height() - self.height())
        self.move(left, top)
        self.show()
        self.raise_()
