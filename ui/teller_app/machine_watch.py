"""One machine as this seat looks at it: live while the view is open, and what is ordered there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from common.errors import AppError
from common.wire.machine import GiveOrder, MachineDetail, OrderAction, OrderView
from common.wire.signalling import DeskChanged
from ui.kit.alerts import Choice
from ui.kit.texts import machine
from ui.kit.texts.words import T, Words, t
from ui.teller_app.machine_gateway import MachinePort
from ui.teller_app.ports import PresencePort

if TYPE_CHECKING:
    from ui.teller_app.window import TellerWindow

REFRESH_MS = 5_000
"""Even without a word from the server an open view looks again this often."""
_UNDER_WAY = ("given", "begun")
REASONS = ("customer_asks", "left_behind", "fault", "check")


class MachineWatch(QObject):
    """Fetches while somebody looks; one fetch at a time.

    Signals:
        changed(): the machine, or what is ordered. failed(object): an `AppError`.
        over(): the machine's last word about what was ordered here stands in its trace.
    """

    changed = Signal()
    over = Signal()
    failed = Signal(object)

    def __init__(self, port: MachinePort, presence: PresencePort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port = port
        self.number = ""
        self.detail: MachineDetail | None = None
        self.sending = False
        self._waits_for = ""
        self._fetching = self._again = False
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        presence.message.connect(self._heard)

    def open(self, number: str) -> None:
        """Look at this machine from now on."""
        self.number, self.detail, self._waits_for = number, None, ""
        self._timer.start()
        self.refresh()

    def close(self) -> None:
        """Nobody looks any more."""
        self.number, self.detail = "", None
        self._timer.stop()

    def _heard(self, message: object) -> None:
        if isinstance(message, DeskChanged):
            self.refresh()

    def refresh(self) -> None:
        """Fetch; calls while one is under way are joined to one more."""
        if not self.number:
            return
        if self._fetching:
            self._again = True
            return
        self._fetching = True
        asked = self.number
        self._port.detail(asked, lambda detail: self._came(asked, detail), self._lost)

    def _came(self, asked: str, detail: MachineDetail) -> None:
        self._fetching = False
        if asked == self.number:
            self.detail = detail
            self.changed.emit()
            self._look_for_the_end(detail)
        if self._again or asked != self.number:
            self._again = False
            self.refresh()

    def _look_for_the_end(self, detail: MachineDetail) -> None:
        if any(one.id == self._waits_for and one.state not in _UNDER_WAY for one in detail.orders):
            self._waits_for = ""
            self.over.emit()

    def _lost(self, error: AppError) -> None:
        self._fetching = self._again = False
        if self.number:
            self.failed.emit(error)

    def give(self, action: OrderAction, target: str, reason: str) -> None:
        """Order it; what comes of it is seen in the machine's trace."""
        if self.sending or not self.number:
            return
        self.sending, self._waits_for = True, ""
        self.changed.emit()
        self._port.give(
            self.number, GiveOrder(action=action, target=target, reason=reason), self._given, self._refused
        )  # fmt: skip

    def _given(self, order: OrderView) -> None:
        self.sending, self._waits_for = False, order.id
        self.changed.emit()
        self.refresh()

    def _refused(self, error: AppError) -> None:
        self.sending = False
        self.failed.emit(error)
        self.refresh()


def order_words(action: OrderAction, target: str) -> T:
    """What is done, to what."""
    doing = t(f"machine.do_{action.value}")
    if not target:
        return doing
    if action is OrderAction.RESTART_SERVICE:
        return t("machine.do_with", action=doing, target=service_name(target))
    return t("machine.do_with", action=doing, target=t(f"machine.target_{target.lower()}"))


def service_name(service: str) -> Words:
    """What a service is called; one that no text knows has its own name. Another host's has its address with it."""
    name, _, address = service.partition(" @")
    code = f"machine.called_{name.lower()}"
    known = code in machine.TEXTS
    if not address:
        return t(code) if known else service
    return t("machine.service_at", name=t(code) if known else name, address=address)


def wire_machine(window: "TellerWindow") -> None:
    """Connect the view over the window with what it shows and orders."""
    watch, view = window.parts.machine, window.popups.machine
    now = window.parts.clock.now
    watch.changed.connect(lambda: view.show_detail(watch.detail, sending=watch.sending, now=now()))
    watch.over.connect(lambda: view.say(""))
    watch.failed.connect(lambda error: view.say(window.kit.language.error(error), "bad"))
    view.closed.connect(watch.close)
    view.destroyed.connect(watch.close)
    view.ordered.connect(lambda action, target: _ask(window, OrderAction(action), target))
    window.actions_.machine.connect(lambda number: _open(window, number))
    window.body.right.machines.opened.connect(lambda number: _open(window, number))
    window.body.right.devices.opened.connect(lambda number: _open(window, number))


def _open(window: "TellerWindow", number: str) -> None:
    window.popups.machine.open()
    window.parts.machine.open(number)


def _ask(window: "TellerWindow", action: OrderAction, target: str) -> None:
    """Why: it goes into the register. A light needs no reason."""
    watch, view = window.parts.machine, window.popups.machine
    if action is OrderAction.LIGHT:
        _give(window, action, target, "check")
        return
    choices = (
        Choice("stay", t("machine.stay"), cap="Esc"),
        *(Choice(one, t(f"machine.reason_{one}"), cap=f"{at}") for at, one in enumerate(REASONS, start=1)),
    )
    title = t("machine.ask_title", action=order_words(action, target))
    number = watch.number

    def answered(key: str) -> None:
        if key in REASONS and watch.number == number:
            _give(window, action, target, key)
        view.setFocus()

    window.alerts.ask(title, t("machine.ask_text"), choices, answered)


def _give(window: "TellerWindow", action: OrderAction, target: str, reason: str) -> None:
    window.popups.machine.say(t("machine.given", machine=window.parts.machine.number))
    window.parts.machine.give(action, target, reason)
