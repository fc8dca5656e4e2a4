"""The client's side of an exchange of cassettes."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from common.clock import SystemClock, SystemIds
from common.wire.cash import ReplenishmentView
from devices.client.errors import DeviceError
from devices.client.exchange import CashExchange
from devices.client.journal import CashJournal
from tests.devices.rig import Rig
from ui.engineer_app.exchanging import Exchanging

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


async def test_two_persons_fill_a_cassette_and_the_counters_begin_there(rig: Rig) -> None:
    exchange = CashExchange(rig.machine)
    before = await exchange.start()
    assert before.unit("unit5").count == 600
    with pytest.raises(DeviceError):
        await rig.machine.acceptor.start()
    await rig.hands.act("load_cassette", unit="unit5", notes={"10": 900})
    await exchange.load({"unit5": {1_000: 900}})
    after = await exchange.end()
    assert (after.unit("unit5").count, after.unit("unit4").count) == (900, 600)
    rig.counters_agree()


async def test_the_machine_counts_what_really_lies_in_a_cassette(rig: Rig) -> None:
    places = rig.vtm.recycler.places
    places.move("unit5", "mint", Counter({next(iter(places.at("unit5"))): 3}))
    assert (await rig.machine.counts()).unit("unit5").count == 600
    assert (await CashExchange(rig.machine).count("unit5")).unit("unit5").count == 597


class Telling:
    """A server that keeps what it is told of a task."""

    def __init__(self) -> None:
        self.task = ReplenishmentView(
            id="t1", machine="K-02", state="open", raised_at=AT, changed_at=AT, raised_by="E-01"
        )  # fmt: skip

    async def post(self, path: str, body: Any, model: Any) -> Any:
        assert path.endswith("/progress")
        known = {name: getattr(self.task, name) or getattr(body, name) for name in ("before", "counted")}
        self.task = self.task.model_copy(update=known)
        return self.task


async def test_a_cassette_that_is_out_is_not_counted_by_what_its_counter_believes(rig: Rig, tmp_path: Path) -> None:
    journal, server = CashJournal(tmp_path / "engineer.sqlite3", SystemClock(), SystemIds()), Telling()
    exchanging = Exchanging(server, journal, CashExchange(rig.machine), None)
    await rig.hands.faults.inject("cassette.missing", unit="unit1")
    with pytest.raises(DeviceError) as refused:
        await exchanging.begin(server.task)
    assert (refused.value.error_code, server.task.counted) == ("cashUnitError", {})
    rig.vtm.recycler.places.move("unit1", "mint", Counter({"100:fit": 500}))
    await rig.hands.act("insert_cassette", unit="unit1")
    task = await exchanging.begin(server.task)
    assert (task.before["unit1"], task.counted["unit1"]) == ({"100": 1500}, {"100": 1000})
    journal.close()
