"""What the teller does with the open case: the main key, the prompts, the submission. Commands go one at a time."""

from collections.abc import Callable

from common.errors import AppError
from common.wire.capture import AskCapture
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
from common.wire.identity import FaceConsent, PersonCheck
from common.wire.liveness import LookByPerson
from ui.teller_app.case_controller import CaseController
from ui.teller_app.form_entering import FormEntering
from ui.teller_app.local import Job
from ui.teller_app.main_key import Act, Action
from ui.teller_app.presenter import PUSHABLE

DISPUTED = {"summary.amount": "amount", "summary.amount_words": "amount", "summary.notes": "amount",
            "summary.holder": "name"}  # fmt: skip
"""Lines of the summary to the field they come from."""


BY_WORD = "said-in-call"
"""What stands in the ledger for a version of words: the customer said it, no page was shown."""


class CaseCommands:
    """Sends commands on the open case, with what they carry."""

    def __init__(self, cases: CaseController, form: FormEntering) -> None:
        self._cases, self._form = cases, form

    def act(self, action: Action) -> None:
        """Carry out what a key stands for."""
        doing = self._doings().get(action.act)
        if doing is not None and self._cases.case is not None:
            doing(action.arg)

    def _doings(self) -> dict[Act, Callable[[str], object]]:
        return {
            Act.PROMPT: self.prompt,
            Act.PHONE: lambda kind: self._send("capture", AskCapture.model_validate({"kind": kind})),
            Act.PHONE_BACK: lambda _: self._send("capture/take-back"),
            Act.READ_AGAIN: self._cases.read_again.emit,
            Act.SNAPSHOT: lambda _: self._cases.snapshot.emit(),
            Act.FOCUS: self._cases.focus.emit,
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
            Act.CLOSE: lambda _: self._cases.close(),
        }

    def _mended(self, item: str, where: str) -> None:
        if item:
            self._cases.set_local(mended=self._cases.local.mended | {item})
        self._cases.focus.emit(where)

    def _send(self, suffix: str, body: object = None, on_ok: Callable[[CaseView], object] | None = None) -> None:
        if not self._cases.local.command:
            self._cases.store.command(suffix, body, on_ok=on_ok, on_error=self._cases.failed.emit)  # type: ignore[arg-type]

    def prompt(self, step: str, say: str | None = None) -> None:
        """Ask the customer for something."""
        self._send("prompt", Prompt(step=CustomerStep(step), say=say))

    def revoke(self, consent: str) -> None:
        """The customer takes a consent to the use of the face back, and says so in the call."""
        self._send(consent, FaceConsent(granted=False, text=BY_WORD))

    def look(self, *, same: bool) -> None:
        """Who stands there, by eye."""
        self._send("look", LookByPerson(same=same))

    def person_check(self, *, same: bool) -> None:
        """Card and customer, compared by eye."""
        self._send("person-check", PersonCheck(same=same))

    def push_again(self) -> None:
        """F6: what the customer has to do now comes to his screen anew."""
        if self._cases.case is not None and self._cases.case.customer_step in PUSHABLE:
            self.prompt(self._cases.case.customer_step.value)

    def reopen(self, disputed: str) -> None:
        """The customer says a line is wrong: the form is opened again where that line comes from.

        Writing a value anew is what makes the server void approval and consent.
        """
        case = self._cases.case
        wanted = DISPUTED.get(disputed, "amount")
        specs = {spec.name: spec for spec in case.form.specs if not spec.read_only} if case is not None else {}
        name = wanted if wanted in specs else next(iter(specs), "")
        stored = case.form.values.get(name) if case is not None else None
        if case is None or stored is None:
            return
        entry = FieldEntry(value=stored.value, source=FieldSource.TYPED, confirmed=True)
        body = FormEntry(version=case.version, fields={name: entry})
        self._cases.store.command(
            "form", body, method="PUT", on_ok=lambda _: self._cases.focus.emit(name), on_error=self._cases.failed.emit
        )

    def choose(self, codes: list[str]) -> None:
        """What is done in this case; what is typed is stored first."""
        self._form.save(lambda: self._choose(codes))

    def _choose(self, codes: list[str]) -> None:
        case = self._cases.case
        if case is not None and not self._cases.local.command:
            body = ChooseTransactions(version=case.version, transactions=codes)
            self._cases.store.command("transactions", body, method="PUT", on_error=self._cases.failed.emit)

    def take_payee(self, at: int) -> None:
        """One of the payees whom the customer has sent money to before; what is typed is stored first."""
        self._form.save(lambda: self._take_payee(at))

    def _take_payee(self, at: int) -> None:
        case = self._cases.case
        if case is None or at >= len(case.payees) or self._cases.local.command:
            return
        one = case.payees[at]
        said = {"payee_name": one.name, "payee_account": one.account, "payee_bank": one.bank}
        fields = {
            name: FieldEntry(value=value, source=FieldSource.EARLIER, confirmed=True) for name, value in said.items()
        }
        body = FormEntry(version=case.version, fields=fields)
        self._cases.store.command("form", body, method="PUT", on_error=self._cases.failed.emit)

    def turn_to(self, scenario: str) -> None:
        """The customer came for something else."""
        if self._cases.case is not None and not self._cases.local.command:
            body = ChangeScenario(scenario=scenario)
            self._cases.store.command("scenario", body, method="PUT", on_error=self._cases.failed.emit)

    def reverse(self, reason: str) -> None:
        """Undo everything this case booked and registered."""
        self._send("reverse", ReverseCase(reason=reason))

    def submit(self) -> None:
        """Store what is typed, then submit."""
        self._form.save(self._submit)

    def _submit(self) -> None:
        case = self._cases.case
        if case is not None and case.state in (CaseState.DRAFT, CaseState.RETURNED):
            body = Submit(version=case.version, note=self._cases.local.note.strip())
            if not self._cases.local.command:
                self._cases.store.command("submit", body, on_ok=self._submitted, on_error=self._refused)

    def _refused(self, error: AppError) -> None:
        """A missing note is asked for where it is written; a message above would lie over that place."""
        if error.code == "note.missing":
            self._cases.set_local(note_due=True)
            self._cases.focus.emit("note")
        else:
            self._cases.failed.emit(error)

    def _submitted(self, _: CaseView) -> None:
        self._cases.set_local(mended=frozenset(), face=Job(), note_due=False)
