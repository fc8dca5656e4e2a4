"""An exchange at one machine, in steps that can be cut off anywhere and gone on with.

The counters of before are written down, the machine counts every note; then, and only for a task that two persons have
opened with their codes, the safe's bolt is drawn. Cassettes are carried while its door stands open; it is bolted again,
the machine counts once more, and the server is told. The journal has each step before and after; what cannot be
found out twice (the counters of before, the count before a cassette was touched) the server has as well, so that
somebody else can go on from there.
"""

import logging
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from common.wire.base import Notes
from common.wire.cash import CompleteReplenishment, ReplenishmentProgress, ReplenishmentView, UnitCountEntry
from devices.client.counts import Counts
from devices.client.errors import DeviceError
from devices.client.exchange import CashExchange
from devices.client.journal import CashJournal, MovementKind

log = logging.getLogger(__name__)
View = TypeVar("View", bound=BaseModel)
Contents = dict[str, Notes]
_TO_BE_PUT_BACK = ("cashUnitError", "storageUnitError")
"""What a machine says that misses a cassette."""


class AtTheSafe(Protocol):
    """Hands at a simulated machine's safe. What is done already can be asked for again.

    Raises:
        UserError: it cannot be done now: the door is bolted, the safe shut…
    """

    async def open(self) -> None:
        """Open the door."""

    async def carry(self, unit: str, notes: Mapping[str, int]) -> None:
        """Make it so that a cassette holds exactly these notes, and nothing else."""

    async def pour(self, unit: str, count: int) -> None:
        """Make it so that a hopper holds exactly so many coins."""

    async def close(self) -> None:
        """Close the door."""


class Posting(Protocol):
    """What is needed of the server's client."""

    async def post(self, path: str, body: BaseModel | None, model: type[View]) -> View:
        """Carry a command out; see `ui.kit.client.ApiClient.post`."""


class Exchanging:
    """One machine's exchange. Every method may be called again after it failed, and goes on where it stopped.

    Args:
        hands: at a simulated machine; None: people's own hands do it between begin and finish.
    """

    def __init__(self, api: Posting, journal: CashJournal, exchange: CashExchange, hands: AtTheSafe | None) -> None:
        self._api, self._journal, self._exchange, self._hands = api, journal, exchange, hands

    def over(self, task_id: str) -> bool:
        """Whether all is done at the machine, and at most the server does not know it yet."""
        known = self._journal.find(_key(task_id))
        return known is not None and known.outcome is not None

    async def begin(self, task: ReplenishmentView) -> ReplenishmentView:
        """Counted, and serving nobody: the safe can be opened. The task as the server has it now.

        Raises:
            DeviceError: notes lie in the slot, a customer's transaction is not finished, the safe stands open, or a
                cassette is out: the safe can be opened to put it back.
            ConnectionLost, ServiceError: call again.
            UserError: ``replenishment.wrong_state``, ``replenishment.not_yours``.
        """
        if self.over(task.id):
            return task
        known = self._journal.find(_key(task.id))
        if known is None:
            counts = await self._exchange.counts()
            known = self._journal.intend(_key(task.id), MovementKind.EXCHANGE, {"task": task.id}, counts)
        if not task.before:
            task = await self._progress(task, contents(known.counts_before), {})
        if not task.counted:
            task = await self._progress(task, dict(task.before), contents(await self._counted_and_open()))
        elif self._journal.find(_loaded(task.id)) is None:
            await self._exchange.start()
        if self._journal.find(_loaded(task.id)) is None:
            await self._exchange.unlock()
        return task

    async def finish(self, task: ReplenishmentView) -> ReplenishmentView:
        """The cassettes are in: counted once more, serving again, told. The task as it is then.

        Raises:
            as :meth:`begin`.
        """
        task = await self.begin(task)
        known = self._journal.find(_key(task.id))
        assert known is not None, "begun"
        if known.outcome is None:
            if self._journal.find(_loaded(task.id)) is None:
                await self._fill_hoppers(task)
                await self._fill(task)
            after = await self._count()
            loaded = contents(after)
            known = self._journal.settle(_key(task.id), "done", {"counted": task.counted, "loaded": loaded}, after)
        assert known.outcome is not None, "settled"
        done = known.outcome.detail
        entries = [
            UnitCountEntry(
                unit=unit,
                counter=task.before.get(unit, {}),
                counted=done["counted"].get(unit, {}),
                loaded=done["loaded"][unit],
            )
            for unit in done["loaded"]
        ]
        body = CompleteReplenishment(units=entries)
        told = await self._api.post(f"/replenishments/{task.id}/complete", body, ReplenishmentView)
        self._journal.tell(_key(task.id))
        return told

    async def _progress(self, task: ReplenishmentView, before: Contents, counted: Contents) -> ReplenishmentView:
        body = ReplenishmentProgress(before=before, counted=counted)
        return await self._api.post(f"/replenishments/{task.id}/progress", body, ReplenishmentView)

    async def _counted_and_open(self) -> Counts:
        """The machine's count; serving nobody, and nothing has moved since."""
        while True:
            counted = await self._count()
            now = await self._exchange.start()
            if contents(now) == contents(counted):
                return now

    async def _count(self) -> Counts:
        """Every note, counted by the machine. A cassette that is out has to be put back first, or another one in its
        place: what its counter believes is no count. Only one that never held anything may be out."""
        await self._shut()
        before = await self._end()
        units = [unit.key for unit in before.units if unit.status != "missing" or unit.count]
        try:
            return await self._exchange.count(*units)
        except DeviceError as error:
            if error.completion == "commandErrorCode":
                await self._let_put_back(error)
                raise
        await self._exchange.clear()
        return await self._exchange.count(*units)

    async def _fill_hoppers(self, task: ReplenishmentView) -> None:
        """Coins as proposed. No book has them and the machine cannot count them: its counters begin there. Where it
        does not let itself be filled now (coins lie in the tray), the next report raises the next task."""
        hoppers, key = self._exchange.hoppers, _poured(task.id)
        known = self._journal.find(key)
        if not task.hoppers or not hoppers.there or (known is not None and known.outcome is not None):
            return
        before = await hoppers.counts()
        if known is None:
            self._journal.intend(key, MovementKind.EXCHANGE, {"task": task.id}, before)
        state = "loaded"
        try:
            await hoppers.start()
            if self._hands is not None:
                await self._hands.open()
                for one in task.hoppers:
                    await self._hands.pour(one.unit, one.target)
            await hoppers.load({one.unit: {one.value: one.target} for one in task.hoppers})
            after = await hoppers.end()
        except DeviceError as error:
            log.warning("hoppers not filled", extra={"code": error.code})
            state, after = "failed", await hoppers.end()
        self._journal.settle(key, state, {"task": task.id}, after)
        self._journal.tell(key)

    async def _fill(self, task: ReplenishmentView) -> None:
        targets = {p.unit: ({p.face: p.target} if p.face and p.target else {}) for p in task.proposals}
        await self._exchange.start()
        if self._hands is not None:
            await self._hands.open()
            for unit, notes in targets.items():
                await self._hands.carry(unit, {str(face): count for face, count in notes.items()})
        await self._shut()
        await self._exchange.load(
            {unit: {face * 100: count for face, count in notes.items()} for unit, notes in targets.items()}
        )
        after = await self._end()
        detail: dict[str, Any] = {"task": task.id}
        key = _loaded(task.id)
        self._journal.intend(key, MovementKind.EXCHANGE, detail, after)
        self._journal.settle(key, "loaded", detail, after)
        self._journal.tell(key)

    async def _shut(self) -> None:
        """Nothing behind an open door moves, and nobody is served beside one."""
        if self._hands is not None:
            await self._hands.close()
        await self._exchange.lock()

    async def _end(self) -> Counts:
        try:
            return await self._exchange.end()
        except DeviceError as error:
            await self._let_put_back(error)
            raise

    async def _let_put_back(self, error: DeviceError) -> None:
        if error.error_code in _TO_BE_PUT_BACK:
            await self._exchange.unlock()


def _key(task_id: str) -> str:
    return f"exchange:{task_id}"


def _loaded(task_id: str) -> str:
    return f"exchange:{task_id}:loaded"


def _poured(task_id: str) -> str:
    return f"exchange:{task_id}:hoppers"


def contents(counts: Counts) -> Contents:
    """What lies in each cash unit by face value; what is worth nothing is left out."""
    return {
        unit.key: {str(value // 100): count for value, count in unit.content.items() if value and count > 0}
        for unit in counts.units
    }
