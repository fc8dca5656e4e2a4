"""The open case and what only this window knows about it; what is done with it: `case_commands`, `form_entering`."""

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from common.clock import Clock
from common.errors import AppError
from common.wire.cases import CaseView, CustomerStep
from ui.teller_app.local import CallPhase, Local
from ui.teller_app.main_key import MainKey
from ui.teller_app.next_step import next_step
from ui.teller_app.ports import CallLinkPort, CaseStorePort


class CaseController(QObject):
    """The open case and everything the window knows about it.

    Signals:
        changed(): case or local state changed: paint again. opened(object): another case, or None. failed(object):
        an `AppError` to show. focus(str): put the cursor there (a field, ``note``). snapshot(): F3.
        read_again(str): read that evidence again. closed(): back to the desk.
    """

    changed = Signal()
    opened = Signal(object)
    failed = Signal(object)
    focus = Signal(str)
    snapshot = Signal()
    read_again = Signal(str)
    closed = Signal()

    def __init__(self, store: CaseStorePort, link: CallLinkPort, clock: Clock, me: str, parent: QObject | None = None):
        super().__init__(parent)
        self.store, self.link, self._clock = store, link, clock
        self.local = Local(me=me, now=clock.now())
        self._step: tuple[str, CustomerStep] | None = None
        self._case_id: str | None = None
        store.changed.connect(self._case_changed)
        store.failed.connect(self.failed.emit)
        store.busyChanged.connect(self._busy_changed)

    @property
    def case(self) -> CaseView | None:
        """The open case."""
        return self.store.case

    def now(self) -> datetime:
        """The present moment."""
        return self._clock.now()

    def set_local(self, **changes: object) -> None:
        """Change the window's own state and paint."""
        after = replace(self.local, now=self._clock.now(), **changes)  # type: ignore[arg-type]
        if after != self.local:
            self.local = after
            self.changed.emit()

    def key(self) -> MainKey | None:
        """The main key for the open case."""
        return None if self.case is None else next_step(self.case, self.local)

    # --- opening and closing ---------------------------------------------------------------------------------

    def open(self, case_id: str, *, read_only: bool = False) -> None:
        """Show a case; ``read_only`` one from the archive."""
        # A case found again in the middle has no call unless one begins.
        call = self.local.call if read_only or self.local.call is not CallPhase.NONE else CallPhase.ENDED
        self.local = replace(self.local.for_new_case(), read_only=read_only, call=call)
        self.store.open(case_id)

    def adopt(self, case: CaseView) -> None:
        """Begin with a customer just taken."""
        self.local = self.local.for_new_case()
        self.store.adopt(case)

    def close(self) -> None:
        """Back to the desk; the case stays as it is."""
        self.store.close()
        self.local = self.local.for_new_case()
        self.closed.emit()

    def _case_changed(self, case: CaseView | None) -> None:
        step = (case.id, case.customer_step) if case is not None else None
        if step != self._step:
            self._step = step
            self.local = replace(self.local, step_since=self._clock.now())
        case_id = case.id if case is not None else None
        if case_id != self._case_id:
            self._case_id = case_id
            # What the last window of this seat had written stands there again.
            self.local = replace(self.local, note=case.note_draft if case is not None else "")
            self.opened.emit(case)
        self.changed.emit()

    def _busy_changed(self, command: str) -> None:
        self.set_local(command=command)

    def report(self, error: AppError) -> None:
        """Something beside a command failed."""
        self.failed.emit(error)
