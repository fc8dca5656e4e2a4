"""Writing into the registers: key items that came, went or were spoilt; handing over, and saying that it came."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QStackedWidget, QWidget

from common.wire.registers import HandoverOffer, ItemEntry, RegisterRow
from ui.kit.base import Label, hbox, named
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.texts.words import t

ITEMS = ("ukey", "card", "certificate", "passbook", "safe_key", "till_key", "device_key")
ACTS = ("received", "issued", "used", "voided", "returned")
OFFERED = "handover.offered"


def open_offers(rows: list[RegisterRow], me: str) -> set[str]:
    """References of what was handed to me and is not answered yet, among the lines that are shown."""
    offered = {row.subject for row in rows if row.kind == OFFERED and str(row.details.get("to")) == me}
    return offered - {row.subject for row in rows if row.kind != OFFERED}


class _Choice(QComboBox):
    """Codes with words in the language of the window."""

    def __init__(self, kit: Kit, prefix: str, codes: tuple[str, ...], title: str) -> None:
        super().__init__()
        self._kit, self._prefix, self._codes = kit, prefix, codes
        kit.bind(self, self.setAccessibleName, t(title))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)  # the numbers give way, not the words
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        for code in codes:
            self.addItem("", code)
        kit.language.changed.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        for at, code in enumerate(self._codes):
            self.setItemText(at, self._kit.say(t(f"{self._prefix}{code}")))

    def code(self) -> str:
        return str(self.currentData())


def _line(kit: Kit, name: str, words: str, width: int) -> QLineEdit:
    edit = named(QLineEdit(), name)
    kit.bind(edit, edit.setPlaceholderText, t(words))
    kit.bind(edit, edit.setAccessibleName, t(words))
    edit.setMaximumWidth(width)
    return edit


class RegisterEntry(QWidget):
    """One line over the list: what is written depends on the register; only two of them are written by hand.

    Signals:
        item(object): an `ItemEntry`. offered(object): a `HandoverOffer`. answered(str, bool): reference; it came.
    """

    item = Signal(object)
    offered = Signal(object)
    answered = Signal(str, bool)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.kit, self._register, self._reference = kit, "", ""
        self.what = named(_Choice(kit, "registers.word_", ITEMS, "registers.entry_what"), "registers.entry.what")
        self.act = named(_Choice(kit, "registers.kind_item.", ACTS, "registers.entry_act"), "registers.entry.act")
        self.first = _line(kit, "registers.entry.first", "registers.entry_first", 160)
        self.last = _line(kit, "registers.entry.last", "registers.entry_last", 160)
        self.to = _line(kit, "registers.entry.to", "registers.entry_to", 120)
        self.remark = _line(kit, "registers.entry.note", "registers.entry_note", 400)
        self.write = named(Button(kit, t("registers.entry_write"), "primary", icon="pen"), "registers.entry.write")
        self.accept = named(Button(kit, t("registers.entry_accept"), "primary", icon="check"), "registers.entry.accept")
        self.refuse = named(Button(kit, t("registers.entry_refuse"), icon="x"), "registers.entry.refuse")
        self.write.clicked.connect(lambda: self._write())
        self.accept.clicked.connect(lambda: self.answered.emit(self._reference, True))
        self.refuse.clicked.connect(lambda: self.answered.emit(self._reference, False))
        self._offer = Label(kit, "", "label")
        self._answer = QWidget()
        self._answer.setLayout(hbox(self._offer, self.accept, self.refuse, None, gap=8))
        form = QWidget()
        row = hbox(self.what, self.act, self.first, self.last, self.to, gap=8)
        row.addWidget(self.remark, 1)
        row.addWidget(self.write)
        form.setLayout(row)
        self._stack = QStackedWidget()
        for page in (form, self._answer):
            page.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
            self._stack.addWidget(page)
        self.setLayout(hbox(self._stack, gap=0))
        self.hide()

    def show_register(self, register: str) -> None:
        """The line for a register; none where nobody writes by hand."""
        self._register = register
        self.setVisible(register in ("items", "handovers"))
        self.act.setVisible(register == "items")
        self.to.setVisible(register == "handovers")
        self.write.set_words(t("registers.entry_offer" if register == "handovers" else "registers.entry_write"))
        self.show_offer("")

    def show_offer(self, reference: str) -> None:
        """Something that waits for this person's word takes the place of the entry."""
        self._reference = reference
        self._stack.setCurrentIndex(1 if reference else 0)
        self._offer.set_words(t("registers.entry_came", reference=reference) if reference else "")

    def clear(self) -> None:
        """After it was written."""
        for edit in (self.first, self.last, self.to, self.remark):
            edit.clear()

    def _write(self) -> None:
        first, last, note = (edit.text().strip() for edit in (self.first, self.last, self.remark))
        if not first:
            self.first.setFocus()
            return
        fields = {"item": self.what.code(), "first": first, "last": last or None, "note": note}
        if self._register == "items":
            self.item.emit(ItemEntry.model_validate({**fields, "act": self.act.code()}))
        elif not self.to.text().strip():
            self.to.setFocus()
        else:
            self.offered.emit(HandoverOffer.model_validate({**fields, "to": self.to.text().strip().upper()}))
