"""What the teller does with the open case: the main key, the form, the prompts. Talks to the store; holds `Local`.

Commands go one at a time; what is typed stays here until the server has stored it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from common.clock import Clock
from common.errors import AppError
from common.wire.cases import (
    Cancel,
    CaseState,
    CaseView,
    ChangeScenario,
    ChooseTransactions,
    CustomerStep,
    FieldEntry,
    FieldSource,
    FormEntry,
    Prompt,
    Resolve,
    ReverseCase,
    Submit,
)
from common.wire.identity import PersonCheck
from ui.teller_app.entries import typed_entries
from ui.teller_app.form_model import attention, form_model
from ui.teller_app.local import CallPhase, Job, Local
from ui.teller_app.next_step import Act, Action, MainKey, is_mine, next_step
from ui.teller_app.ports import CallLinkPort, CaseStorePort
from ui.teller_app.presenter import PUSHABLE

DISPUTED = {"summary.amount": "amount", "summary.amount_words": "amount", "summary.notes": "amount",
            "summary.holder": "name"}  # fmt: skip
"""Lines of the summary to the field they come from."""


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
            self.opened.emit(case)
        self.changed.emit()

    def _busy_changed(self, command: str) -> None:
        self.set_local(command=command)

    # --- what keys and buttons do ----------------------------------------------------------------------------

    def act(self, action: Action) -> None:
        """Carry out what a key stands for."""
        doing = self._doings().get(action.act)
        if doing is not None and self.case is not None:
            doing(action.arg)

    def _doings(self) -> dict[Act, Callable[[str], object]]:
        return {
            Act.PROMPT: self.prompt,
            Act.READ_AGAIN: self.read_again.emit,
            Act.SNAPSHOT: lambda _: self.snapshot.emit(),
            Act.FOCUS: self.focus.emit,
            Act.NOTE: lambda item: self._mended(item, "note"),
            Act.SUBMIT: lambda _: self.submit(),
            Act.WITHDRAW: lambda _: self._send("withdraw"),
            Act.REOPEN: self.reopen,
            Act.EXECUTE: lambda _: self._send("execute"),
            Act.RESOLVE: lambda choice: self._send("resolve", Resolve(choice=choice)),
            Act.CALL_AGAIN: lambda _: self._send("call"),
            Act.CANCEL: lambda reason: self._send("cancel", Cancel(reason=reason or "teller")),
            Act.FINISH: lambda _: self._send("finish"),
            Act.TAKE: lambda _: self._send("take"),
            Act.CLOSE: lambda _: self.close(),
        }

    def _mended(self, item: str, where: str) -> None:
        if item:
            self.set_local(mended=self.local.mended | {item})
        self.focus.emit(where)

    def _send(self, suffix: str, body: object = None, on_ok: Callable[[CaseView], object] | None = None) -> None:
        if not self.local.command:
            self.store.command(suffix, body, on_ok=on_ok, on_error=self.failed.emit)  # type: ignore[arg-type]

    def prompt(self, step: str, say: str | None = None) -> None:
        """Ask the customer for something."""
        self._send("prompt", Prompt(step=CustomerStep(step), say=say))

    def person_check(self, *, same: bool) -> None:
        """Card and customer, compared by eye."""
        self._send("person-check", PersonCheck(same=same))

    def push_again(self) -> None:
        """F6: what the customer has to do now comes to his screen anew."""
        if self.case is not None and self.case.customer_step in PUSHABLE:
            self.prompt(self.case.customer_step.value)

    def reopen(self, disputed: str) -> None:
        """The customer says a line is wrong: the form is opened again where that line comes from.

        Writing a value anew is what makes the server void approval and consent.
        """
        case = self.case
        wanted = DISPUTED.get(disputed, "amount")
        specs = {spec.name: spec for spec in case.form.specs if not spec.read_only} if case is not None else {}
        name = wanted if wanted in specs else next(iter(specs), "")
        stored = case.form.values.get(name) if case is not None else None
        if case is None or stored is None:
            return
        entry = FieldEntry(value=stored.value, source=FieldSource.TYPED, confirmed=True)
        body = FormEntry(version=case.version, fields={name: entry})
        self.store.command("form", body, method="PUT", on_ok=lambda _: self.focus.emit(name), on_error=self.failed.emit)

    # --- the form --------------------------------------------------------------------------------------------

    def edit(self, name: str, value: str) -> None:
        """A person typed."""
        self.local = self.local.with_edit(name, value)
        self.changed.emit()

    def undo_edit(self, name: str) -> None:
        """Esc in a field: back to what is stored."""
        self.local = self.local.without_edits(frozenset({name}))
        self.changed.emit()

    def accept(self, name: str) -> None:
        """ "Matches the card": the unsure value was looked at."""
        self.set_local(accepted=self.local.accepted | {name}, mended=self.local.mended | {name})
        self.save()

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Store what is typed and looked at; ``then`` follows when all of it is stored."""
        case = self.case
        entry = typed_entries(case, self.local) if case is not None and is_mine(case, self.local) else None
        if entry is None:
            if then is not None:
                then()
            return
        if self.local.command or self.local.offline_since is not None:
            return
        self._put_form(entry, then)

    def _put_form(self, entry: FormEntry, then: Callable[[], object] | None) -> None:
        sent = {name: field.value for name, field in entry.fields.items()}

        def stored(_: CaseView) -> None:
            unchanged = {n for n, v in sent.items() if self.local.edits.get(n, v).strip() == v}
            self.local = self.local.without_edits(frozenset(unchanged))
            self.changed.emit()
            if then is not None:
                then()

        self.store.command("form", entry, method="PUT", on_ok=stored, on_error=self.failed.emit)

    def entered(self, name: str) -> None:
        """The cursor is in a field."""
        self.local = replace(self.local, focused=name)

    def choose(self, codes: list[str]) -> None:
        """What is done in this case; what is typed is stored first."""
        self.save(lambda: self._choose(codes))

    def _choose(self, codes: list[str]) -> None:
        case = self.case
        if case is not None and not self.local.command:
            body = ChooseTransactions(version=case.version, transactions=codes)
            self.store.command("transactions", body, method="PUT", on_error=self.failed.emit)

    def turn_to(self, scenario: str) -> None:
        """The customer came for something else."""
        if self.case is not None and not self.local.command:
            body = ChangeScenario(scenario=scenario)
            self.store.command("scenario", body, method="PUT", on_error=self.failed.emit)

    def reverse(self, reason: str) -> None:
        """Undo everything this case booked and registered."""
        self._send("reverse", ReverseCase(reason=reason))

    def next_look(self) -> None:
        """Ctrl+J: the next field that needs a look."""
        if self.case is not None:
            field = attention(form_model(self.case, self.local), self.local.focused)
            if field is not None:
                self.focus.emit(field.spec.name)

    def submit(self) -> None:
        """Store what is typed, then submit."""
        self.save(self._submit)

    def _submit(self) -> None:
        case = self.case
        if case is not None and case.state in (CaseState.DRAFT, CaseState.RETURNED):
            self._send("submit", Submit(version=case.version, note=self.local.note.strip()), self._submitted)

    def _submitted(self, _: CaseView) -> None:
        self.set_local(mended=frozenset(), face=Job())

    def hang_up(self) -> None:
        """Leave the call; the case stays."""
        self.link.hang_up()

    def report(self, error: AppError) -> None:
        """Something beside a command failed."""
        self.failed.emit(error)
