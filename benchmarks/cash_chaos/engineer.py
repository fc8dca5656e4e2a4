"""An engineer's window without its window, in a process of its own: the real exchange; it says what it begins.

``python -m benchmarks.cash_chaos.engineer --data DIR --server URL --task ID --journal FILE --who E-01``. It can be
ended at any moment and started again, also with a journal that knows nothing; status 0 once the task is done. As the
window does, it finds machine and hands where the simulator of this installation says, anew after they went away.
"""

import asyncio
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from benchmarks.cash_chaos.starting import signed_on
from common import logs
from common.clock import SystemClock, SystemIds
from common.commandline import OneLineParser
from common.errors import AppError, ServiceError, UserError
from common.settings import Settings
from common.wire.cash import ReplenishmentView
from devices.client.counts import Counts
from devices.client.exchange import CashExchange
from devices.client.journal import CashJournal
from devices.hands.client import Hands
from ui.engineer_app.exchanging import Exchanging, View
from ui.engineer_app.safe_hands import SafeHands
from ui.kit.client import ApiClient
from ui.kit.local_machine import Simulator, probe_machine, running_simulator

log = logging.getLogger(__name__)
AGAIN_S = 0.3
"""The person presses again."""
COUNTING, UNBOLTING, OPENING, CARRYING, CLOSING, LOADING, TELLING = WORDS = (
    "counting", "unbolting", "opening", "carrying", "closing", "loading", "telling"
)  # fmt: skip
"""What it says, each before it begins."""


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


class SaidExchange(CashExchange):
    """The machine's side."""

    async def count(self, *units: str) -> Counts:
        _say(COUNTING)
        return await super().count(*units)

    async def unlock(self) -> None:
        _say(UNBOLTING)
        await super().unlock()

    async def load(self, units: Mapping[str, Mapping[int, int]]) -> None:
        _say(LOADING)
        await super().load(units)


class SaidHands(SafeHands):
    """The hands' side."""

    async def open(self) -> None:
        _say(OPENING)
        await super().open()

    async def carry(self, unit: str, notes: Mapping[str, int]) -> None:
        _say(CARRYING)
        await super().carry(unit, notes)

    async def close(self) -> None:
        _say(CLOSING)
        await super().close()


@dataclass(frozen=True)
class SaidPosts:
    """The server's side."""

    api: ApiClient

    async def post(self, path: str, body: BaseModel | None, model: type[View]) -> View:
        """See `ui.kit.client.ApiClient.post`."""
        _say(TELLING)
        return await self.api.post(path, body, model)


async def _fetched(api: ApiClient, task_id: str) -> ReplenishmentView:
    tasks = [ReplenishmentView.model_validate(row) for row in await api.get_json("/replenishments")]
    return next(task for task in tasks if task.id == task_id)


def _found(settings: Settings) -> Simulator:
    simulator = running_simulator(settings.data_dir, settings.devices.vtm)
    if simulator is None:
        raise ServiceError("device.unreachable")
    return simulator


async def _pressed(settings: Settings, api: ApiClient, journal: CashJournal, task: ReplenishmentView) -> None:
    simulator = _found(settings)
    probe = probe_machine(settings, simulator)
    try:
        await probe.open()
        hands = await Hands.connect(simulator.host, simulator.hands_port, simulator.hands_token)
        try:
            await Exchanging(SaidPosts(api), journal, SaidExchange(probe), SaidHands(hands)).finish(task)
        finally:
            await hands.close()
    finally:
        await probe.close()


async def run(data: Path, server: str, task_id: str, file: Path, who: str) -> None:
    """Until the task is done."""
    api = await signed_on(data, server, who)
    journal = CashJournal(file, SystemClock(), SystemIds())
    try:
        while True:
            try:
                task = await _fetched(api, task_id)
                if task.state == "done":
                    return
                await _pressed(Settings(data_dir=data), api, journal, task)
            except AppError as error:
                said = {"code": error.code, "params": str(error.params), "final": isinstance(error, UserError)}
                log.warning("not done, pressed again", extra=said)
                await asyncio.sleep(AGAIN_S)
    finally:
        journal.close()
        await api.close()


def main() -> int:
    parser = OneLineParser(prog="python -m benchmarks.cash_chaos.engineer")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--task", required=True)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--who", required=True)
    options = parser.parse_args()
    logs.configure("engineer", level="WARNING", file=options.data / "logs" / "chaos-engineer.log")
    asyncio.run(run(options.data, options.server, options.task, options.journal, options.who))
    return 0


if __name__ == "__main__":
    sys.exit(main())
