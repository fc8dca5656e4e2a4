"""Fields with a form of their own: amount, date, ID number, masked number."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.kit.base import Label
from ui.kit.fields import FieldState, TextField
from ui.kit.kit import Kit
from ui.kit.texts.words import Words, t

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def parse_amount(text: str, decimals: int = 2) -> int | None:
    """Minor units of a typed amount (``20,000``, ``¥ 20000.5``), or None if it is not one."""
    plain = text.replace(",", "").replace("，", "").replace("¥", "").replace("￥", "").strip()
    if not re.fullmatch(r"\d{1,13}(\.\d*)?", plain):
        return None
    try:
        minor = Decimal(plain).scaleb(decimals)
    except InvalidOperation:
        return None
    return int(minor) if minor == minor.to_integral_value() else None


class AmountField(TextField):
    """An amount of CNY in minor units; written with thousands and two decimals when the box is left.

    Signals:
        amount_changed(object): minor units as ``int``, or None while the text is not an amount.
    """

    amount_changed = Signal(object)

    def __init__(
        self, kit: Kit, title: Words, minor: int | None = None, *, required: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(kit, title, required=required, parent=parent)
        sign = Label(kit, "¥", "value", "muted", parent=self.edit)
        sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        sign.setGeometry(11, 0, 14, 36)
        self.edit.setTextMargins(15, 0, 0, 0)
        self.set_minor(minor)
        self.edit.editingFinished.connect(self._tidy)
        self.edited.connect(lambda _text: self.amount_changed.emit(self.minor()))

    def minor(self) -> int | None:
        """The amount in minor units, or None if what stands there is not one."""
        return parse_amount(self.edit.text())

    def set_minor(self, minor: int | None) -> None:
        """Fill in from outside; no signal."""
        self.set_value("" if minor is None else _plain(minor))

    def _tidy(self) -> None:
        minor = self.minor()
        if minor is not None:
            self.edit.setText(_plain(minor))
            if self.state is FieldState.ERROR:
                self.set_state(FieldState.PLAIN)
        elif self.edit.text().strip():
            self.set_state(FieldState.ERROR, t("common.field_amount_bad"))


def _plain(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02d}"


class DateField(TextField):
    """A date as 2036-05-20; eight digits are taken too."""

    def __init__(
        self, kit: Kit, title: Words, value: str = "", *, required: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(kit, title, value, required=required, parent=parent)
        self.edit.setMaxLength(10)
        self.edit.editingFinished.connect(self._tidy)
        self.set_state(FieldState.PLAIN, source="calendar")

    def date(self) -> date | None:
        """The date, or None if what stands there is not one."""
        digits = re.sub(r"[-/.年月日\s]", "", self.edit.text())
        try:
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if re.fullmatch(r"\d{8}", digits) else None
        except ValueError:
            return None

    def _tidy(self) -> None:
        found = self.date()
        if found is not None:
            self.edit.setText(found.isoformat())
            if self.state is FieldState.ERROR:
                self.set_state(FieldState.PLAIN)
        elif self.edit.text().strip():
            self.set_state(FieldState.ERROR, t("common.field_date_bad"))


def id_number_problem(number: str) -> Words | None:
    """Why a resident identity number cannot be right (GB 11643, ISO 7064 MOD 11-2), or None."""
    if len(number) < 18:
        return t("common.field_id_short", n=18 - len(number))
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return None if "10X98765432"[total % 11] == number[17] else t("common.field_id_check")


class IdNumberField(TextField):
    """A resident identity number: digits and X only, checked when the box is left."""

    def __init__(
        self, kit: Kit, title: Words, value: str = "", *, required: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(kit, title, value, required=required, parent=parent)
        self.edit.textEdited.connect(self._clean)
        self.edit.editingFinished.connect(self.check)

    def value(self) -> str:
        return re.sub(r"\s", "", self.edit.text()).upper()

    def check(self) -> bool:
        """Whether the number is right; marks the field if not."""
        if self.edit.isReadOnly() or not self.value():
            return bool(self.value())
        problem = id_number_problem(self.value())
        if problem is not None:
            self.set_state(FieldState.ERROR, problem)
        elif self.state is FieldState.ERROR:
            self.set_state(FieldState.PLAIN)
        return problem is None

    def _clean(self, text: str) -> None:
        kept = re.sub(r"[^0-9X]", "", text.upper())
        kept = (kept[:17].replace("X", "") + kept[17:])[:18]
        if kept != text:
            at = self.edit.cursorPosition()
            self.edit.setText(kept)
            self.edit.setCursorPosition(min(at, len(kept)))


class MaskedField(TextField):
    """A number shown masked; the whole one only while the eye is pressed or Alt is held in the box.

    The mask is made by the server. The app is told by ``revealed(True)`` and answers with :meth:`show_plain`; the
    request is what gets logged. What was shown is forgotten on release.

    Signals:
        revealed(bool): True when pressed, False when released.
    """

    revealed = Signal(bool)

    def __init__(self, kit: Kit, title: Words, masked: str = "", parent: QWidget | None = None) -> None:
        super().__init__(kit, title, masked, readonly=True, parent=parent)
        self._masked = masked
        self._showing = False
        self.edit.setProperty("plain", "true")
        self.set_state(FieldState.PLAIN, t("common.field_masked_hint"), source="eye")
        self.edit.installEventFilter(self)
        self.edit.setToolTip(kit.say(t("common.field_show")))

    def set_value(self, value: str) -> None:
        self._masked = value
        super().set_value(value)

    def show_plain(self, plain: str) -> None:
        """Show the whole number, if the eye is still pressed."""
        if self._showing:
            self.edit.setText(plain)
            self.edit.setCursorPosition(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            self._set_showing(True)
        elif kind in (QEvent.Type.MouseButtonRelease, QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._set_showing(False)
        elif kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) and _is_alt(event):
            self._set_showing(kind == QEvent.Type.KeyPress)
        return super().eventFilter(watched, event)

    def _set_showing(self, on: bool) -> None:
        if on == self._showing:
            return
        self._showing = on
        if not on:
            self.edit.setText(self._masked)
            self.edit.setCursorPosition(0)
        self.revealed.emit(on)


def _is_alt(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt and not event.isAutoRepeat()
