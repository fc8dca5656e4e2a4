"""The middle while papers, face and form come together: evidence, counted cash, form, a note for the second person."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from common.wire.cases import CaseState, CaseView
from ui.kit.base import IconLabel, Label, Tag, hbox, named, vbox
from ui.kit.kit import Kit
from ui.kit.panels import AlertBox, Panel
from ui.kit.texts.formats import money
from ui.kit.texts.words import t
from ui.teller_app.local import Local
from ui.teller_app.panels.evidence_panel import EvidencePanel
from ui.teller_app.panels.form_panel import FormPanel, Images
from ui.teller_app.panels.suspect_notes import SuspectNotesBox
from ui.teller_app.panels.trust_panel import TrustPanel
from ui.teller_app.panels.wording import sentence
from ui.teller_app.presenter import returned_words


class CashPanel(Panel):
    """What the machine counted: face, number, amount; the sum."""

    def __init__(self, kit: Kit, images: Images, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.cash_counted"), padding=8, gap=0, parent=parent)
        self._tag = Tag(kit)
        self.add_right(self._tag)
        self._sum = named(Label(kit, "", "strong"), "teller.cash.sum")
        self.add_right(self._sum)
        self._lines = named(Label(kit, "", wrap=True), "teller.cash.notes")
        self.body.addLayout(hbox(IconLabel(kit, "cash-in", "text-2"), self._lines, margins=(8, 4, 8, 4)))
        self.suspects = SuspectNotesBox(kit, images)
        self.body.addWidget(self.suspects)

    def show_case(self, case: CaseView) -> None:
        """Paint the count, or that the customer is still at it."""
        self.setVisible(case.cash_way == "in")
        self.suspects.show_notes(case.suspects, case.suspect_series)
        if case.cash is None:
            waiting = case.customer_step.value == "insert_cash"
            self._tag.set_tag(
                t("teller.cash_waiting" if waiting else "teller.cash_not_yet"), "accent" if waiting else ""
            )
            self._lines.set_words(t("teller.cash_none"))
            self._sum.set_words("")
            return
        notes = sorted(((int(face), count) for face, count in case.cash.notes.items()), reverse=True)
        parts = [f"¥{face} × {count} = {money(face * count * 100, case.cash.amount.currency)}" for face, count in notes]
        self._lines.set_words("      ".join(parts))
        self._sum.set_words(money(case.cash.amount.minor, case.cash.amount.currency))
        self._tag.set_tag(t("teller.cash_in_escrow"), "ok", "check")


class NotePanel(Panel):
    """Words for the second person; obligatory when the face does not match.

    Signals:
        changed(str): what stands there.
    """

    changed = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, padding=12, parent=parent)
        self.edit = named(QLineEdit(), "teller.note")
        self.edit.setMaxLength(500)
        kit.bind(self, self.edit.setPlaceholderText, t("teller.note_hint"))
        kit.bind(self, self.edit.setAccessibleName, t("teller.note_label"))
        self.edit.textEdited.connect(self.changed)
        label = Label(kit, t("teller.note_label"), "label")
        row = hbox(label, gap=12)
        row.addWidget(self.edit, 1)
        self.body.addLayout(row)
        self._wanted = False

    def show_case(self, case: CaseView, local: Local) -> None:
        """Paint it where it is needed."""
        low = case.face_match is not None and not case.face_match.same
        low = low or (case.face_match is None and case.identity.person_check is not None)
        gathering = case.state in (CaseState.DRAFT, CaseState.RETURNED)
        self.setVisible(gathering and (low or self._wanted or bool(local.note) or case.state is CaseState.RETURNED))
        if not self.edit.hasFocus() and self.edit.text() != local.note:
            self.edit.setText(local.note)

    def ask(self) -> None:
        """Show it and put the cursor there."""
        self._wanted = True
        self.show()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def reset(self) -> None:
        """Another customer."""
        self._wanted = False
        self.edit.clear()


class FormScene(QWidget):
    """Evidence over the form."""

    def __init__(self, kit: Kit, images: Images, thumbnails: Images, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._returned = named(AlertBox(kit, "warn", ""), "teller.returned")
        self.evidence = EvidencePanel(kit, thumbnails)
        self.cash = CashPanel(kit, images)
        self.form = FormPanel(kit, images)
        self.note = NotePanel(kit)
        self.trust = TrustPanel(kit)
        column = vbox(self._returned, self.evidence, self.trust, self.cash, gap=16)
        column.addWidget(self.form, 1)
        column.addWidget(self.note)
        self.setLayout(column)

    def show_case(self, case: CaseView, local: Local) -> None:
        """Paint the form scene."""
        back = returned_words(case)
        self._returned.setVisible(back is not None)
        if back is not None:
            self._returned.set_alert("warn", back[0], sentence(self.kit, back[1].code, back[1].params))
        self.evidence.show_case(case, local)
        self.trust.show_case(case, local)
        self.cash.show_case(case)
        self.form.show_case(case, local)
        self.note.show_case(case, local)
