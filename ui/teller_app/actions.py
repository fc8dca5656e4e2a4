"""What a key, a button of the bar or a row of the palette does. One place, so that all three do the same."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from common.wire.cases import CustomerStep
from ui.kit.alerts import Alerts, Choice
from ui.kit.texts.words import t
from ui.teller_app.call_watch import CallWatch
from ui.teller_app.case_controller import CaseController
from ui.teller_app.desk_controller import DeskController
from ui.teller_app.local import CallPhase
from ui.teller_app.next_step import Act, Action, Face, MainKey
from ui.teller_app.voucher_file import VoucherFile


class Actions(QObject):
    """Dispatches by id.

    Signals:
        find(): F6 between two customers. help(): F1. evidence(): Ctrl+E. palette(): Ctrl+K. language(): theme():.
        chosen(str): a case from the palette.
    """

    find = Signal()
    help = Signal()
    evidence = Signal()
    palette = Signal()
    language = Signal()
    theme = Signal()

    def __init__(
        self, desk: DeskController, cases: CaseController, call: CallWatch, voucher: VoucherFile, alerts: Alerts
    ) -> None:
        super().__init__()
        self._desk, self._cases, self._call, self._voucher, self._alerts = desk, cases, call, voucher, alerts
        self._by_id = self._table()

    def _table(self) -> dict[str, Callable[[], object]]:
        cases = self._cases

        def acting(act: Act, arg: str = "") -> Callable[[], object]:
            return lambda: cases.act(Action(act, arg))

        return {
            "help": self.help.emit,
            "palette": self.palette.emit,
            "evidence": self.evidence.emit,
            "language": self.language.emit,
            "theme": self.theme.emit,
            "refresh": self._desk.refresh,
            "find": self.find.emit,
            "break": lambda: self._desk.set_state("break"),
            "hold": self._call.toggle_hold,
            "mute": self._call.toggle_mute,
            "hang_up": self.ask_hang_up,
            "snapshot": acting(Act.SNAPSHOT),
            "capture": self.capture,
            "push": cases.push_again,
            "ask_front": acting(Act.PROMPT, CustomerStep.LAY_ID_FRONT.value),
            "ask_back": acting(Act.PROMPT, CustomerStep.LAY_ID_BACK.value),
            "read_again": lambda: cases.read_again.emit(cases.local.reading.what or "id_front"),
            "note": acting(Act.NOTE),
            "withdraw": acting(Act.WITHDRAW),
            "call_again": acting(Act.CALL_AGAIN),
            "cancel_case": self.ask_cancel,
            "finish": acting(Act.FINISH),
            "open_pdf": self._voucher.open,
            "close": cases.close,
            **{f"state_{one}": self._state(one) for one in ("ready", "break", "after_call", "busy")},
        }

    def _state(self, state: str) -> Callable[[], object]:
        return lambda: self._desk.set_state(state)

    def do(self, id: str) -> None:
        """Do what that id stands for; a case opens to be read, unless it is this seat's own and still open."""
        if id.startswith("case:"):
            self.open_case(id.removeprefix("case:"))
        elif id in self._by_id:
            self._by_id[id]()

    def open_case(self, case_id: str) -> None:
        """Open a case: the seat's current one to go on, any other to read."""
        desk = self._desk.desk
        mine = desk is not None and desk.current_case == case_id
        busy = self._cases.case is not None and not self._cases.local.read_only
        if busy and self._cases.case is not None and self._cases.case.id != case_id:
            self._alerts.warn(t("teller.finish_first"))
            return
        self._cases.open(case_id, read_only=not mine)

    def main(self, key: MainKey) -> None:
        """The main key was pressed."""
        if key.face is not Face.DO or key.action is None:
            return
        if self._cases.case is None:
            self._desk.act(key.action)
        else:
            self._cases.act(key.action)

    def capture(self) -> None:
        """F4: the next paper that is missing, else the front again."""
        case = self._cases.case
        kinds = {one.kind.value for one in case.evidence} if case is not None else set()
        step = CustomerStep.LAY_ID_BACK if "id_front" in kinds and "id_back" not in kinds else CustomerStep.LAY_ID_FRONT
        self._cases.act(Action(Act.PROMPT, step.value))

    def ask_hang_up(self) -> None:
        """F12: asks first; the case stays as it is."""
        case = self._cases.case
        if case is None or self._cases.local.call in (CallPhase.NONE, CallPhase.ENDED):
            return
        stay = Choice("stay", t("teller.stay"), cap="Esc")
        leave = Choice("hang_up", t("teller.key_hang_up"), "danger", "F12")
        text = t("teller.hang_up_text", number=case.number)
        self._alerts.ask(t("teller.hang_up_title"), text, (stay, leave), self._hang_up_answered)

    def _hang_up_answered(self, key: str) -> None:
        if key == "hang_up":
            self._cases.hang_up()

    def ask_cancel(self) -> None:
        """Ending a case early: why; card and cash are given back first."""
        choices = (
            Choice("stay", t("teller.keep_case"), cap="Esc"),
            Choice("customer_left", t("teller.cancel_left")),
            Choice("customer_refused", t("teller.cancel_refused")),
            Choice("teller", t("teller.cancel_teller"), "danger2"),
        )
        self._alerts.ask(t("teller.cancel_title"), t("teller.cancel_text"), choices, self._cancel_answered)

    def _cancel_answered(self, key: str) -> None:
        if key and key != "stay":
            self._cases.act(Action(Act.CANCEL, key))
