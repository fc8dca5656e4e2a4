"""Two persons fill a machine: join, open with both codes, load, close; an interrupted one is gone on with."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from common.errors import AppError, ServiceError
from common.wire.cash import HandoverCode, OpenReplenishment, RaiseReplenishment, ReplenishmentView
from devices.client.journal import CashJournal
from devices.hands.client import Hands
from ui.engineer_app.exchanging import Exchanging
from ui.engineer_app.link import MachineLink
from ui.engineer_app.safe_hands import SafeHands
from ui.kit.bridge import AsyncBridge
from ui.kit.client import ApiClient


class Replenishing(QObject):
    """The newest task of the machine, and what this person may do with it.

    Signals:
        changed(): the task. coded(str): one's own code, to be shown once. failed(object): an `AppError`.
        reached(bool): whether the server answered when it was asked for the task.
    """

    changed = Signal()
    coded = Signal(str)
    failed = Signal(object)
    reached = Signal(bool)

    def __init__(
        self, bridge: AsyncBridge, api: ApiClient, link: MachineLink, journal: CashJournal, machine: str, number: str
    ) -> None:
        super().__init__()
        self._bridge, self._api, self._link, self._journal = bridge, api, link, journal
        self._machine, self._number = machine, number
        self._at_work: str | None = None
        self._begun = ""
        self._fetching = False
        self._refused = self._told = ""
        self.task: ReplenishmentView | None = None

    def fetch(self) -> None:
        """Look at the newest task, unless the look before is still under way."""
        if self._fetching:
            return
        self._fetching = True

        async def work() -> list[ReplenishmentView]:
            return [ReplenishmentView.model_validate(row) for row in await self._api.get_json("/replenishments")]

        self._bridge.submit(work, self._fetched, self._not_fetched, self)

    def _not_fetched(self, error: AppError) -> None:
        """Nobody asked for it, so that a lost server is no news each time: the window has a line for it. Anything else
        is said once."""
        self._fetching = False
        lost = isinstance(error, ServiceError) and error.retryable
        self.reached.emit(not lost)
        if not lost and error.code != self._refused:
            self._refused = error.code
            self.failed.emit(error)

    def _fetched(self, tasks: list[ReplenishmentView]) -> None:
        self._fetching, self._refused = False, ""
        self.reached.emit(True)
        mine = [task for task in tasks if task.machine == self._machine]
        self._set(mine[0] if mine else None)

    def _set(self, task: ReplenishmentView | None) -> None:
        if task != self.task:
            self.task = task
            self.changed.emit()
        self._go_on()

    def _command(self, path: str, body: Any, model: Any, done: Callable[[Any], object]) -> None:
        self._bridge.submit(lambda: self._api.post(f"/replenishments{path}", body, model), done, self.failed.emit, self)

    def raise_task(self) -> None:
        """A task by hand."""
        self._command("", RaiseReplenishment(machine=self._machine), ReplenishmentView, self._set)

    def join(self) -> None:
        """Take part."""
        if self.task is not None:
            self._command(f"/{self.task.id}/join", None, HandoverCode, self._joined)

    def _joined(self, answer: HandoverCode) -> None:
        self._set(answer.task)
        self.coded.emit(answer.code)

    def open_safe(self, first: str, second: str) -> None:
        """Both codes; then the machine serves nobody."""
        if self.task is not None:
            body = OpenReplenishment(codes=[first, second])
            self._command(f"/{self.task.id}/open", body, ReplenishmentView, self._set)

    def close_safe(self) -> None:
        """The cassettes are in: the machine counts, and what it counted is told."""
        task = self.task
        if task is not None and self._at_work is None:
            self._told = ""
            self._work(task, Exchanging.finish)

    def take_over(self) -> None:
        """The two who opened the safe do not come back."""
        if self.task is not None:
            self._command(f"/{self.task.id}/take-over", None, ReplenishmentView, self._set)

    @property
    def counting(self) -> bool:
        """Whether the machine is at work for this window: the safe stays shut, nothing is to be pressed."""
        return self._at_work is not None

    @property
    def mine(self) -> bool:
        """Whether this person is one of the two."""
        return self.task is not None and self._number in self.task.custodians

    def _go_on(self) -> None:
        """An open task is begun, or gone on with after whatever cut it off; what only has to be told is told."""
        task = self.task
        if task is None or task.state != "open" or not self.mine or self._at_work is not None:
            return
        if self._begun != task.id:
            self._work(task, _begun_or_told)

    def _work(self, task: ReplenishmentView, step: "Step") -> None:
        self._at_work = task.id
        self.changed.emit()
        self._link.exchange(
            lambda exchange, hands: step(Exchanging(self._api, self._journal, exchange, _at_the_safe(hands)), task),
            lambda after: self._worked(task.id, after), lambda error: self._not_done(task.id, error),
        )  # fmt: skip

    def _worked(self, task_id: str, after: ReplenishmentView) -> None:
        self._at_work, self._begun, self._told = None, task_id, ""
        self._set(after)
        self.changed.emit()

    def _not_done(self, task_id: str, error: AppError) -> None:
        """What can pass by itself is tried again at the next look; either is said once."""
        self._at_work = None
        if not (isinstance(error, ServiceError) and error.retryable):
            self._begun = task_id
        self.changed.emit()
        if error.code != self._told:
            self._told = error.code
            self.failed.emit(error)


Step = Callable[[Exchanging, ReplenishmentView], Coroutine[Any, Any, ReplenishmentView]]


async def _begun_or_told(exchanging: Exchanging, task: ReplenishmentView) -> ReplenishmentView:
    return await (exchanging.finish(task) if exchanging.over(task.id) else exchanging.begin(task))


def _at_the_safe(hands: Hands | None) -> SafeHands | None:
    return None if hands is None else SafeHands(hands)
