"""Two persons fill a machine: join, open with both codes, load, count, close; the journal has it before and after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from common.wire.cash import (
    CompleteReplenishment,
    HandoverCode,
    OpenReplenishment,
    RaiseReplenishment,
    ReplenishmentView,
    UnitCountEntry,
)
from devices.client.counts import Counts
from devices.client.exchange import CashExchange
from devices.client.journal import CashJournal, MovementKind
from devices.hands.client import Hands
from ui.engineer_app.link import MachineLink
from ui.kit.bridge import AsyncBridge
from ui.kit.client import ApiClient


@dataclass(frozen=True)
class Exchanged:
    """What came of an exchange at the machine: counters before, what was counted, what was loaded, by unit."""

    before: Counts
    counted: Mapping[str, Mapping[str, int]]
    loaded: Mapping[str, Mapping[str, int]]


class Replenishing(QObject):
    """The newest task of the machine, and what this person may do with it.

    Signals:
        changed(): the task. coded(str): one's own code, to be shown once. failed(object): an `AppError`.
    """

    changed = Signal()
    coded = Signal(str)
    failed = Signal(object)

    def __init__(
        self, bridge: AsyncBridge, api: ApiClient, link: MachineLink, journal: CashJournal, machine: str
    ) -> None:
        super().__init__()
        self._bridge, self._api, self._link, self._journal, self._machine = bridge, api, link, journal, machine
        self.task: ReplenishmentView | None = None

    def fetch(self) -> None:
        """Look at the newest task."""

        async def work() -> list[ReplenishmentView]:
            return [ReplenishmentView.model_validate(row) for row in await self._api.get_json("/replenishments")]

        self._bridge.submit(work, self._fetched, self.failed.emit, self)

    def _fetched(self, tasks: list[ReplenishmentView]) -> None:
        mine = [task for task in tasks if task.machine == self._machine]
        self._set(mine[0] if mine else None)

    def _set(self, task: ReplenishmentView | None) -> None:
        if task != self.task:
            self.task = task
            self.changed.emit()

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
            self._command(f"/{self.task.id}/open", body, ReplenishmentView, self._opened)

    def _opened(self, task: ReplenishmentView) -> None:
        self._set(task)

    def close_safe(self) -> None:
        """Carry the exchange out as proposed, and tell what was counted."""
        task = self.task
        if task is None:
            return
        targets = {p.unit: ({p.face: p.target} if p.face and p.target else {}) for p in task.proposals}
        self._link.exchange(
            lambda exchange, hands: _exchange(exchange, hands, self._journal, task.id, targets),
            lambda done: self._tell(task.id, done), self.failed.emit,
        )  # fmt: skip

    def _tell(self, task_id: str, done: Exchanged) -> None:
        units = [
            UnitCountEntry(
                unit=unit,
                counter=_by_face(done.before.unit(unit).content),
                counted=dict(done.counted[unit]),
                loaded=dict(loaded),
            )
            for unit, loaded in done.loaded.items()
        ]

        def told(task: ReplenishmentView) -> None:
            self._journal.tell(f"exchange:{task_id}")
            self._set(task)

        self._command(f"/{task_id}/complete", CompleteReplenishment(units=units), ReplenishmentView, told)


def _by_face(bundle: Mapping[int, int]) -> dict[str, int]:
    return {str(value // 100): count for value, count in bundle.items() if value and count > 0}


async def _exchange(
    exchange: CashExchange, hands: Hands | None, journal: CashJournal, task_id: str,
    targets: Mapping[str, Mapping[int, int]],
) -> Exchanged:  # fmt: skip
    """Safe open: cassettes out, counted, filled, back. What people count is what really lies there."""
    before = await exchange.start()
    detail = {"task": task_id, "targets": {unit: {str(f): n for f, n in t.items()} for unit, t in targets.items()}}
    journal.intend(f"exchange:{task_id}", MovementKind.EXCHANGE, detail, before)
    counted: dict[str, dict[str, int]] = {}
    for unit, notes in targets.items():
        counted[unit] = await _carried(hands, unit, notes) if hands is not None else _by_face(before.unit(unit).content)
    await exchange.load({unit: {face * 100: n for face, n in t.items()} for unit, t in targets.items()})
    after = await exchange.end()
    journal.settle(f"exchange:{task_id}", "done", {"counted": counted}, after)
    return Exchanged(before, counted, {unit: {str(f): n for f, n in t.items()} for unit, t in targets.items()})


async def _carried(hands: Hands, unit: str, notes: Mapping[int, int]) -> dict[str, int]:
    """Empty one cassette by hand, counting what was in it, and put the new notes in."""
    lying: dict[str, int] = {}
    for kind, count in (await hands.get_view()).notes_at(unit).items():
        face, _, quality = kind.partition(":")
        if not quality.startswith(("counterfeit", "unrecognized")):
            lying[face] = lying.get(face, 0) + count
    await hands.act("load_cassette", unit=unit, notes={str(face): count for face, count in notes.items()})
    return lying
