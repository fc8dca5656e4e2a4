"""The form of the open case as it is being filled: typed, looked at, stored. What is typed stays until it is stored."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QTimer

from common.wire.authorisation import NoteDraft
from common.wire.cases import CaseState, CaseView, FormEntry
from ui.teller_app.case_controller import CaseController
from ui.teller_app.case_facts import is_mine
from ui.teller_app.entries import typed_entries
from ui.teller_app.form_model import attention, form_model

PAUSE_MS = 1500
"""So long nobody types before what was typed is stored, also in the middle of a field."""
_GATHERING = (CaseState.DRAFT, CaseState.RETURNED)


class FormEntering:
    """What happens in the fields."""

    def __init__(self, cases: CaseController) -> None:
        self._cases = cases
        self._pause = QTimer(cases)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._paused)

    def edit(self, name: str, value: str) -> None:
        """A person typed; after a pause it is stored, so that a window that is lost loses no more than that."""
        self._cases.local = self._cases.local.with_edit(name, self._meant(name, value))
        self._pause.start()
        self._cases.changed.emit()

    def _meant(self, name: str, value: str) -> str:
        """A date in eight digits is written as the form stores it, the way its box shows it once it is left."""
        case = self._cases.case
        kinds = {spec.name: spec.kind for spec in case.form.specs} if case is not None else {}
        digits = value.strip()
        if kinds.get(name) == "date" and len(digits) == 8 and digits.isascii() and digits.isdigit():
            return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
        return value

    def note(self, text: str) -> None:
        """Words for the authoriser: what is not submitted yet is stored after a pause too."""
        self._cases.set_local(note=text)
        self._pause.start()

    def _paused(self) -> None:
        case, local = self._cases.case, self._cases.local
        if case is None:
            return
        noted = local.note.strip() != case.note_draft and is_mine(case, local) and case.state in _GATHERING
        if not (local.edits or noted):
            return
        if local.command or local.offline_since is not None:
            self._pause.start()
            return
        if noted:
            body = NoteDraft(note=local.note.strip())
            self._cases.store.command("note", body, method="PUT", on_error=self._cases.failed.emit, quiet=True)
        self.save()

    def undo_edit(self, name: str) -> None:
        """Esc in a field: back to what is stored."""
        self._cases.local = self._cases.local.without_edits(frozenset({name}))
        self._cases.changed.emit()

    def accept(self, name: str) -> None:
        """ "Matches the card": the unsure value was looked at."""
        self._cases.set_local(accepted=self._cases.local.accepted | {name}, mended=self._cases.local.mended | {name})
        self.save()

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Store what is typed and looked at; ``then`` follows when all of it is stored."""
        case, local = self._cases.case, self._cases.local
        entry = typed_entries(case, local) if case is not None and is_mine(case, local) else None
        if entry is None:
            if then is not None:
                then()
            return
        if local.command or local.offline_since is not None:
            return
        self._put_form(entry, then)

    def _put_form(self, entry: FormEntry, then: Callable[[], object] | None) -> None:
        sent = {name: field.value for name, field in entry.fields.items()}

        def stored(_: CaseView) -> None:
            unchanged = {n for n, v in sent.items() if self._cases.local.edits.get(n, v).strip() == v}
            self._cases.local = self._cases.local.without_edits(frozenset(unchanged))
            self._cases.changed.emit()
            if then is not None:
                then()

        self._cases.store.command("form", entry, method="PUT", on_ok=stored, on_error=self._cases.failed.emit)

    def entered(self, name: str) -> None:
        """The cursor is in a field."""
        self._cases.local = replace(self._cases.local, focused=name)

    def next_look(self) -> None:
        """Ctrl+J: the next field that needs a look."""
        if self._cases.case is not None:
            field = attention(form_model(self._cases.case, self._cases.local), self._cases.local.focused)
            if field is not None:
                self._cases.focus.emit(field.spec.name)
