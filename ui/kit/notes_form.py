"""Who has the notes of an item in suspense: the customer all, the bank all, or the customer these.

Nothing is chosen until a person has: an empty box is not the same as the word that nobody has any.
Object names: suspense.all, .none, .some, .in_hand.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from common.errors import UserError
from common.wire.base import Notes
from common.wire.cash import SuspenseView
from ui.kit.base import hbox, named
from ui.kit.buttons import Segmented
from ui.kit.fields import TextField
from ui.kit.kit import Kit
from ui.kit.suspense_desk import notes_text, read_notes
from ui.kit.texts.words import T, t

WHO = ("all", "none", "some")


class NotesForm(QWidget):
    """The choice, and the box of the notes that the customer has. Writing into the box chooses ``some``.

    Signals:
        changed(): another choice, or other notes.
    """

    changed = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._item: SuspenseView | None = None
        self.who = Segmented(kit, [(one, t(f"suspense.{one}_in_hand")) for one in WHO], current="")
        for one in WHO:
            named(self.who.segment(one), f"suspense.{one}")
        self.box = named(
            TextField(kit, t("suspense.in_hand"), placeholder=t("suspense.in_hand_hint")), "suspense.in_hand"
        )
        self.who.chosen.connect(self._chosen)
        self.box.edited.connect(self._edited)
        row = hbox(gap=12)
        row.addWidget(self.who, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.box, 1)
        self.setLayout(row)

    def show_item(self, item: SuspenseView) -> None:
        """Ask anew, about this one."""
        self._item = item
        self.who.set_current("")
        self.box.set_value("")

    def _chosen(self, who: str) -> None:
        if who != "some" and self._item is not None:
            self.box.set_value(notes_text(self._item.in_question) if who == "all" else "")
        elif who == "some":
            self.box.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _edited(self, _: str) -> None:
        self.who.set_current("some")
        self.changed.emit()

    def notes(self) -> Notes:
        """What the customer has, by what was chosen and written.

        Raises:
            UserError: ``suspense.bad_notes``.
        """
        return {} if self.who.current() == "none" else read_notes(self.box.value())

    def missing(self) -> T | None:
        """What has still to be said, or is wrong; None: it is said."""
        if not self.who.current():
            return t("suspense.say_who")
        try:
            notes = self.notes()
        except UserError as error:
            return t(error.code)
        if self.who.current() == "some" and not any(notes.values()):
            return t("suspense.say_notes")
        there = self._item.in_question if self._item is not None else {}
        return t("suspense.too_many") if any(n > there.get(face, 0) for face, n in notes.items()) else None
