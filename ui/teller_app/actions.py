"""What a key, a button of the bar or a row of the palette does. One place, so that all three do the same."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from common.wire.cases import CustomerStep, EvidenceKind
from common.wire.identity import Elements
from ui.kit.alerts import Alerts, Choice
from ui.kit.texts.words import t
from ui.teller_app.call_watch import CallWatch
from ui.teller_app.case_commands import CaseCommands
from ui.teller_app.case_controller import CaseController
from ui.teller_app.desk_controller import DeskController
from ui.teller_app.finishing import Finishing
from ui.teller_app.local import CallPhase
from ui.teller_app.main_key import Act, Action, Face, MainKey
from ui.teller_app.presenter import phone_open
from ui.teller_app.verifying import Verifying
from ui.teller_app.voucher_file import VoucherFile

PAPER_ACTS = ("registers", "suspense", "view_voucher", "reprint", "void_voucher")


class Actions(QObject):
    """Dispatches by id.

    Signals:
        find(): F6 between two customers. help(): F1. evidence(): Ctrl+E. palette(): Ctrl+K. language(): theme():.
        paper(str): registers, suspense, view_voucher, reprint or void_voucher. machine(str): number of one to look at.
        chosen(str): a case from the palette.
    """

    find = Signal()
    help = Signal()
    evidence = Signal()
    paper = Signal(str)
    machine = Signal(str)
    palette = Signal()
    language = Signal()
    theme = Signal()

    def __init__(
        self,
        desk: DeskController,
        cases: CaseController,
        commands: CaseCommands,
        call: CallWatch,
        voucher: VoucherFile,
        verifying: Verifying,
        alerts: Alerts,
    ) -> None:
        super().__init__()
        self._commands, self._verifying = commands, verifying
        self._desk, self._cases, self._call, self._voucher, self._alerts = desk, cases, call, voucher, alerts
        self.finishing = Finishing(cases, alerts, lambda: commands.act(Action(Act.FINISH)), desk.follow)
        self._by_id = self._table()

    def _table(self) -> dict[str, Callable[[], object]]:
        cases, commands = self._cases, self._commands

        def acting(act: Act, arg: str = "") -> Callable[[], object]:
            return lambda: commands.act(Action(act, arg))

        return {
            **{one: partial(self.paper.emit, one) for one in PAPER_ACTS},
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
            "push": commands.push_again,
            "ask_front": acting(Act.PROMPT, CustomerStep.LAY_ID_FRONT.value),
            "ask_back": acting(Act.PROMPT, CustomerStep.LAY_ID_BACK.value),
            "phone": self.phone,
            "phone_back": acting(Act.PHONE_BACK),
            "read_again": lambda: cases.read_again.emit(cases.local.reading.what or "id_front"),
            "note": acting(Act.NOTE),
            "verify": self._verifying.again,
            "verify_phone": lambda: self._verifying.again(Elements.PHONE),
            "look": self.ask_look,
            "ask_keep": acting(Act.PROMPT, CustomerStep.KEEP_FACE.value),
            "revoke_face": lambda: self._commands.revoke("face-consent"),
            "revoke_keep": lambda: self._commands.revoke("face-keep"),
            "ask_face": acting(Act.PROMPT, CustomerStep.FACE_CONSENT.value),
            "person_check": self.ask_person_check,
            "withdraw": acting(Act.WITHDRAW),
            "call_again": acting(Act.CALL_AGAIN),
            "cancel_case": self.ask_cancel,
            "finish": self.finishing.begin,
            "reverse": self.ask_reverse,
            "open_pdf": self._voucher.open,
            "close": cases.close,
            **{f"state_{one}": self._state(one) for one in ("ready", "break", "after_call", "busy")},
        }

    def _state(self, state: str) -> Callable[[], object]:
        return lambda: self._desk.set_state(state)

    def do(self, id: str) -> None:
        """Do what that id stands for; a case opens to be read, unless it is this seat's own and still open."""
        verb, _, name = id.partition(":")
        if verb == "case":
            self.open_case(name)
        elif verb == "start":
            self._desk.begin(name)
        elif verb == "next":
            self.finishing.next(name)
        elif verb == "turn":
            self._commands.turn_to(name)
        elif verb == "machine":
            self.machine.emit(name)
        elif verb == "toggle":
            self._toggle(name)
        elif verb == "payee":
            self._commands.take_payee(int(name))
        elif verb == "preset":
            self._take_preset(name)
        elif id in self._by_id:
            self._by_id[id]()

    def _toggle(self, code: str) -> None:
        case = self._cases.case
        if case is not None:
            chosen = {one.code for one in case.transactions if one.chosen}
            self._commands.choose(sorted(chosen ^ {code}))

    def _take_preset(self, code: str) -> None:
        case = self._cases.case
        for preset in case.presets if case is not None else ():
            if preset.code == code:
                self._commands.choose(list(preset.transactions))

    def ask_reverse(self) -> None:
        """冲正 asks why; what was booked is undone by new entries."""
        choices = (
            Choice("stay", t("teller.keep_case"), cap="Esc"),
            Choice("wrong_data", t("scenario.reverse_wrong_data"), cap="1"),
            Choice("customer", t("scenario.reverse_customer"), "danger2", cap="2"),
        )
        title, text = t("scenario.reverse_title"), t("scenario.reverse_text")
        self._alerts.ask(title, text, choices, self._reverse_answered)

    def _reverse_answered(self, key: str) -> None:
        if key and key != "stay":
            self._commands.reverse(key)

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
        elif key.action.act is Act.TAKE and self._cases.local.read_only:
            self._desk.act(key.action)  # what was only looked at becomes this seat's own
        elif key.action.act is Act.PERSON_CHECK:
            self.ask_person_check()
        elif key.action.act is Act.LOOK:
            self.ask_look()
        elif key.action.act is Act.FINISH:
            self.finishing.begin()
        else:
            self._commands.act(key.action)

    def capture(self) -> None:
        """F4: the next paper that is missing, else the first of them again."""
        case = self._cases.case
        papers = case.papers if case is not None and case.papers else [EvidenceKind.ID_FRONT]
        there = {one.kind for one in case.evidence} if case is not None else set()
        wanted = next((kind for kind in papers if kind not in there), papers[0])
        self._commands.act(Action(Act.PROMPT, f"lay_{wanted.value}"))

    def phone(self) -> None:
        """F8: the next missing paper that may come from the customer's phone; while one is asked for: not any more."""
        case = self._cases.case
        if case is None or not case.phone_papers:
            return
        if phone_open(case):
            self._commands.act(Action(Act.PHONE_BACK))
            return
        there = {one.kind for one in case.evidence}
        wanted = next((kind for kind in case.phone_papers if kind not in there), case.phone_papers[0])
        self._commands.act(Action(Act.PHONE, wanted.value))

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
            self._call.hang_up()

    def ask_person_check(self) -> None:
        """The comparison by eye, where no machine may do it or the machine's did not convince."""
        choices = (
            Choice("stay", t("teller.stay"), cap="Esc"),
            Choice("other", t("teller.person_other"), "danger2"),
            Choice("same", t("teller.person_same"), "primary"),
        )
        self._alerts.ask(t("teller.person_title"), t("teller.person_text"), choices, self._person_checked)

    def _person_checked(self, key: str) -> None:
        if key in ("same", "other"):
            self._commands.person_check(same=key == "same")

    def ask_look(self) -> None:
        """Who stands there, by eye: where the machine could not look, or was not sure."""
        choices = (
            Choice("stay", t("teller.stay"), cap="Esc"),
            Choice("other", t("teller.look_other"), "danger2"),
            Choice("same", t("teller.look_same"), "primary"),
        )
        self._alerts.ask(t("teller.look_title"), t("teller.look_text"), choices, self._looked)

    def _looked(self, key: str) -> None:
        if key in ("same", "other"):
            self._commands.look(same=key == "same")

    def ask_cancel(self) -> None:
        """Ending a case early: why; card and cash are given back first."""
        choices = (
            Choice("stay", t("teller.keep_case"), cap="Esc"),
            Choice("customer_left", t("teller.cancel_left"), cap="1"),
            Choice("customer_refused", t("teller.cancel_refused"), cap="2"),
            Choice("teller", t("teller.cancel_teller"), "danger2", cap="3"),
        )
        self._alerts.ask(t("teller.cancel_title"), t("teller.cancel_text"), choices, self._cancel_answered)

    def _cancel_answered(self, key: str) -> None:
        if key and key != "stay":
            self._commands.act(Action(Act.CANCEL, key))
