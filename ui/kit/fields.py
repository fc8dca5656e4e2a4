"""A form field: label, edit, hint; and the marks of where its value came from and how sure it is."""

from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.base import Label, Tone, hbox, set_prop
from ui.kit.kit import Kit
from ui.kit.texts.words import Words, t


class FieldState(Enum):
    """How a field looks. ``OCR``: read by a machine and sure; ``UNSURE``: a person has to look."""

    PLAIN = ""
    OCR = "ocr"
    UNSURE = "unsure"
    ERROR = "error"


_SOURCE_ROLE = {
    FieldState.PLAIN: "text-3",
    FieldState.OCR: "accent",
    FieldState.UNSURE: "warn",
    FieldState.ERROR: "bad",
}


class FormField(QWidget):
    """Label 20 high, box 36 high, hint under or beside it.

    Subclasses provide the box. ``field.setObjectName("form.name")`` gives the box itself the address, because it is
    the box that is typed into; the field is ``form.name.field``.

    Signals:
        edited(str): a person changed the text. accepted(): Enter in the box. look_accepted(): "matches the
        document" in an unsure field (Enter there too).
    """

    edited = Signal(str)
    accepted = Signal()
    look_accepted = Signal()

    def __init__(
        self, kit: Kit, title: Words, box: QWidget, *, required: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.kit = kit
        self.box = box
        self._state = FieldState.PLAIN
        self._source: str | None = None
        self._reason: Words | None = None
        self.setProperty("role", "plain")
        self.title = Label(kit, title, "label")
        self.title.setFixedHeight(20)
        self.side = Label(kit, "", "label")
        self._star = Label(kit, "*" if required else "", "label", "bad")
        self._star.setVisible(required)
        self.hint = Label(kit, "", "label", wrap=True)
        self.hint.setMinimumHeight(20)
        policy = self.hint.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # a long hint must not widen its column
        self.hint.setSizePolicy(policy)
        self.hint.hide()
        self.title.setBuddy(box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = hbox(self.title, self._star, None, self.side, gap=4)
        column.addLayout(self._head)
        column.addWidget(box)
        column.addWidget(self.hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.language.changed.connect(self._name_box)
        self._name_box()

    def setObjectName(self, name: str) -> None:
        self.box.setObjectName(name)
        super().setObjectName(f"{name}.field")

    @property
    def state(self) -> FieldState:
        """How the field looks."""
        return self._state

    def set_state(self, state: FieldState, hint: Words | None = None, source: str | None = None) -> None:
        """Mark the field.

        Args:
            hint: one line under the box; None takes it away. It stays until the next ``set_state``.
            source: icon of where the value came from: ``scan`` (read from the document), ``card`` (chip),
                ``history`` (customer file), ``link`` (another field); None keeps the present one.
        """
        self._state = state
        self._source = source if source is not None else self._source
        self._reason = hint
        set_prop(self.box, "state", state.value)
        self.set_hint(hint, {FieldState.UNSURE: "warn", FieldState.ERROR: "bad"}.get(state, "muted"))  # type: ignore[arg-type]
        self._marks()
        self._name_box()

    def set_hint(self, hint: Words | None, tone: Tone = "muted") -> None:
        """The line under the box."""
        self.hint.setVisible(hint is not None)
        self.hint.set_words(hint or "")
        self.hint.set_tone(tone)

    def set_side(self, words: Words) -> None:
        """A few words at the right of the label (the amount in capitals, for example)."""
        self.side.set_words(words)

    def icons(self) -> list[tuple[str, str]]:
        """Icons in the box, left to right, with their roles."""
        role = _SOURCE_ROLE[self._state]
        shown: list[tuple[str, str]] = []
        if self._state is FieldState.UNSURE:
            shown.append(("warn", role))
        if self._state is FieldState.ERROR:
            shown.append(("x-circle", role))
        elif self._source is not None:
            shown.append((self._source, role))
        return shown

    def value(self) -> str:
        """What stands in the box."""
        raise TypeError("a plain FormField has no value; use one of its subclasses")

    def _marks(self) -> None:
        """Show :meth:`icons`; subclasses with a line edit do."""

    def _name_box(self) -> None:
        name = self.kit.say(self.title.words)
        if self._state is FieldState.UNSURE:
            name = f"{name}, {self.kit.say(t('common.field_unsure'))}"
        elif self._reason is not None:
            name = f"{name}, {self.kit.say(self._reason)}"
        self.box.setAccessibleName(name)


class TextField(FormField):
    """A field with a line of text.

    Args:
        readonly: shown sunken, not typed into. placeholder: what to type, as hint text.
    """

    def __init__(
        self,
        kit: Kit,
        title: Words,
        value: str = "",
        *,
        placeholder: Words = "",
        readonly: bool = False,
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self.edit = QLineEdit(value)
        self._actions: list[QAction] = []
        super().__init__(kit, title, self.edit, required=required, parent=parent)
        kit.bind(self, self.edit.setPlaceholderText, placeholder)
        self.edit.setReadOnly(readonly)
        self.edit.setCursorPosition(0)
        self._before = value
        self.edit.textEdited.connect(self._was_edited)
        self.edit.returnPressed.connect(self._enter)
        kit.theme.changed.connect(self._marks)

    def value(self) -> str:
        return self.edit.text().strip()

    def set_value(self, value: str) -> None:
        """Fill in from outside; no signal."""
        if value != self.edit.text():
            self.edit.setText(value)
        self.edit.setCursorPosition(0)
        self._before = value

    def set_readonly(self, readonly: bool) -> None:
        """Lock or open the box."""
        self.edit.setReadOnly(readonly)
        set_prop(self.edit, "state", self._state.value)
        self.edit.style().unpolish(self.edit)
        self.edit.style().polish(self.edit)

    def undo(self) -> bool:
        """Back to what was filled in from outside; whether that changed anything (Esc)."""
        if self.edit.text() == self._before:
            return False
        self.edit.setText(self._before)
        self.edited.emit(self._before)
        return True

    def _was_edited(self, text: str) -> None:
        if self._state in (FieldState.OCR, FieldState.UNSURE):
            self._source = None
            self.set_state(FieldState.PLAIN)
        self.edited.emit(text)

    def _enter(self) -> None:
        if self._state is FieldState.UNSURE:
            self.look_accepted.emit()
        self.accepted.emit()

    def _marks(self) -> None:
        for action in self._actions:
            self.edit.removeAction(action)
            action.deleteLater()
        ratio = self.edit.devicePixelRatioF()
        self._actions = [
            self.edit.addAction(self.kit.theme.icon(name, 16, role, ratio), QLineEdit.ActionPosition.TrailingPosition)
            for name, role in reversed(self.icons())
        ]


class Select(FormField):
    """A choice from a list.

    Signals:
        chosen(str): id of the entry a person chose.
    """

    chosen = Signal(str)

    def __init__(
        self,
        kit: Kit,
        title: Words,
        entries: list[tuple[str, Words]],
        current: str | None = None,
        *,
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self.combo = QComboBox()
        self._entries = entries
        super().__init__(kit, title, self.combo, required=required, parent=parent)
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.combo.setMinimumWidth(60)
        for key, words in entries:
            self.combo.addItem(kit.say(words), key)
        if current is not None:
            self.set_value(current)
        kit.language.changed.connect(self._retell)
        self.combo.activated.connect(self._was_chosen)

    def value(self) -> str:
        return str(self.combo.currentData() or "")

    def set_value(self, key: str) -> None:
        """Choose without a signal."""
        self.combo.setCurrentIndex(self.combo.findData(key))

    def offer(self, entries: list[tuple[str, Words]]) -> None:
        """Another list, without a signal; what was chosen stays where it is among them, else the first is."""
        before, self._entries = self.value(), entries
        self.combo.clear()
        for key, words in entries:
            self.combo.addItem(self.kit.say(words), key)
        self.combo.setCurrentIndex(max(0, self.combo.findData(before)))

    def _was_chosen(self, index: int) -> None:
        if self._state in (FieldState.OCR, FieldState.UNSURE):
            self.set_state(FieldState.PLAIN)
        self.edited.emit(self.combo.currentText())
        self.chosen.emit(str(self.combo.itemData(index)))

    def _retell(self) -> None:
        for at, (_, words) in enumerate(self._entries):
            self.combo.setItemText(at, self.kit.say(words))
