"""The client's side of an exchange of cassettes."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from common.clock import SystemClock, SystemIds
from common.errors import UserError
from common.wire.cash import HopperProposalView, ProposalView, ReplenishmentView
from devices.client import probe
from devices.client.discovery import FoundService, connect_service, last_part
from devices.client.errors import ConnectionLost, DeviceError
from devices.client.exchange import CashExchange
from devices.client.journal import CashJournal
from devices.client.link import Link
from teller.denominations import NoteBundle
from tests.devices.rig import Rig
from ui.engineer_app.exchanging import Exchanging
from ui.engineer_app.safe_hands import SafeHands
from ui.vtm_app.agent.reporting import Reporter

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


async def test_two_persons_fill_a_cassette_and_the_counters_begin_there(rig: Rig) -> None:
    exchange = CashExchange(rig.machine)
    before = await exchange.start()
    assert before.unit("unit5").count == 600
    with pytest.raises(DeviceError):
        await rig.machine.acceptor.start()
    await rig.open_safe()
    await rig.hands.act("load_cassette", unit="unit5", notes={"10": 900})
    await rig.close_safe()
    await exchange.load({"unit5": {1_000: 900}})
    after = await exchange.end()
    assert (after.unit("unit5").count, after.unit("unit4").count) == (900, 600)
    rig.counters_agree()


async def test_the_machine_counts_what_really_lies_in_a_cassette(rig: Rig) -> None:
    places = rig.vtm.recycler.places
    places.move("unit5", "mint", Counter({next(iter(places.at("unit5"))): 3}))
    assert (await rig.machine.counts()).unit("unit5").count == 600
    assert (await CashExchange(rig.machine).count("unit5")).unit("unit5").count == 597


async def test_a_counterfeit_in_the_retract_unit_is_no_cash_of_the_bank_in_the_report(rig: Rig) -> None:
    """A face of 0 is no note: the server would refuse this report and every one after it."""
    rig.vtm.recycler.places.move("mint", "unit8", Counter({"10:fit": 7, "10:counterfeit": 2, "20:unrecognized": 1}))
    await CashExchange(rig.machine).count("unit8")
    report = await Reporter(rig.machine).report()
    assert NoteBundle.read(report.held).counts == {10: 7}
    assert next(unit.count for unit in report.cash_units if unit.unit == "unit8") == 10


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[CashJournal]:
    opened = CashJournal(tmp_path / "engineers.sqlite3", SystemClock(), SystemIds())
    yield opened
    opened.close()


class Telling:
    """A server that keeps what it is told of a task, unless the task is not this person's."""

    def __init__(self) -> None:
        self.refuses = False
        self.task = ReplenishmentView(
            id="t1", machine="K-02", state="open", raised_at=AT, changed_at=AT, raised_by="E-01"
        )  # fmt: skip

    async def post(self, path: str, body: Any, model: Any) -> Any:
        if self.refuses:
            raise UserError("replenishment.not_yours")
        if path.endswith("/complete"):
            self.task = self.task.model_copy(update={"state": "done"})
            return self.task
        assert path.endswith("/progress")
        known = {name: getattr(self.task, name) or getattr(body, name) for name in ("before", "counted")}
        self.task = self.task.model_copy(update=known)
        return self.task


async def test_a_cassette_that_is_out_is_not_counted_by_what_its_counter_believes(
    rig: Rig, journal: CashJournal
) -> None:
    server = Telling()
    exchanging = Exchanging(server, journal, CashExchange(rig.machine), None)
    await rig.hands.faults.inject("cassette.missing", unit="unit1")
    with pytest.raises(DeviceError) as refused:
        await exchanging.begin(server.task)
    assert (refused.value.error_code, server.task.counted) == ("cashUnitError", {})
    rig.vtm.recycler.places.move("unit1", "mint", Counter({"100:fit": 500}))
    await rig.hands.act("open_safe")
    await rig.hands.act("insert_cassette", unit="unit1")
    with pytest.raises(DeviceError) as refused:
        await exchanging.begin(server.task)
    assert (refused.value.code, server.task.counted) == ("device.safe_open", {})
    await rig.hands.act("close_safe")
    task = await exchanging.begin(server.task)
    assert (task.before["unit1"], task.counted["unit1"]) == ({"100": 1500}, {"100": 1000})


def safe(rig: Rig) -> str:
    return str(rig.vtm.world.view()["cabinet"]["safe"])


async def test_the_safe_can_be_opened_once_the_server_knows_what_is_in_it(rig: Rig, journal: CashJournal) -> None:
    server = Telling()
    exchanging = Exchanging(server, journal, CashExchange(rig.machine), None)
    server.refuses = True
    with pytest.raises(UserError, match=r"replenishment\.not_yours"):
        await exchanging.begin(server.task)
    assert safe(rig) == "bolted"
    with pytest.raises(UserError, match=r"hands\.door_bolted"):
        await rig.hands.act("open_safe")
    server.refuses = False
    task = await exchanging.begin(server.task)
    assert (safe(rig), bool(task.counted)) == ("closed", True)
    await rig.hands.act("open_safe")
    with pytest.raises(DeviceError) as refused:
        await exchanging.finish(task)
    assert (refused.value.code, rig.vtm.recycler.memory.exchange) == ("device.safe_open", True)
    await rig.hands.act("close_safe")
    assert ((await exchanging.finish(task)).state, safe(rig)) == ("done", "bolted")
    assert not rig.vtm.recycler.memory.exchange


class Tired(SafeHands):
    """Hands that let go with the door open, once."""

    tired = True

    async def carry(self, unit: str, notes: Mapping[str, int]) -> None:
        if unit == "unit5" and self.tired:
            self.tired = False
            raise ConnectionLost("Hands")
        await super().carry(unit, notes)


async def test_an_exchange_cut_off_at_the_open_safe_is_gone_on_with(rig: Rig, journal: CashJournal) -> None:
    server = Telling()
    wanted = [
        ProposalView(unit="unit4", face=20, now=600, target=900, reason="low"),
        ProposalView(unit="unit5", face=10, now=600, target=800, reason="low"),
    ]
    server.task = server.task.model_copy(update={"proposals": wanted})
    exchanging = Exchanging(server, journal, CashExchange(rig.machine), Tired(rig.hands))
    with pytest.raises(ConnectionLost):
        await exchanging.finish(server.task)
    assert safe(rig) == "open"
    assert ((await exchanging.finish(server.task)).state, safe(rig)) == ("done", "bolted")
    counts = await rig.machine.counts()
    assert (counts.unit("unit4").count, counts.unit("unit5").count) == (900, 800)
    rig.counters_agree()


class Doors:
    """A machine that shows its doors, but not now; or never has; or nobody knows."""

    def __init__(self, ever: bool | None) -> None:
        self._ever = ever

    def service_for(self, interface: str) -> None:
        return None

    def listen(self, listener: object) -> Callable[[], None]:
        return lambda: None

    def has(self, interface: str) -> bool | None:
        return self._ever


async def test_a_lock_that_is_away_is_waited_for_and_one_that_no_host_opens_is_not(rig: Rig) -> None:
    assert rig.machine.has("Auxiliaries")
    with pytest.raises(ConnectionLost):
        await CashExchange(Doors(ever=True)).lock()
    await CashExchange(Doors(ever=False)).unlock()
    await CashExchange(Doors(ever=False)).lock()
    await CashExchange(Doors(ever=None)).unlock()
    with pytest.raises(ConnectionLost):
        await CashExchange(Doors(ever=None)).lock()


@pytest.mark.expects_log("service does not answer")
async def test_a_service_that_has_not_answered_yet_may_be_the_lock_of_the_safe(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(uri: str, *rest: Any) -> FoundService:
        if last_part(uri) == "Auxiliaries":
            raise ConnectionLost("Auxiliaries")
        return await connect_service(uri, *rest)

    monkeypatch.setattr(probe, "connect_service", away)
    engineer = probe.Probe("127.0.0.1", (rig.endpoints.port,))
    await engineer.open()
    assert [engineer.has(one) for one in ("CashDispenser", "Auxiliaries", "NoSuchThing")] == [True, None, None]
    with pytest.raises(ConnectionLost):
        await CashExchange(engineer).lock()
    monkeypatch.undo()
    monkeypatch.setattr(probe, "LOOK_AGAIN_S", 0.0)
    engineer._again_at = 0.0
    await engineer.looks()
    assert [engineer.has(one) for one in ("CashDispenser", "Auxiliaries", "NoSuchThing")] == [True, True, False]
    await CashExchange(engineer).lock()
    await engineer.close()


class Ending(Telling):
    """Takes the end of it too."""

    async def post(self, path: str, body: Any, model: Any) -> Any:
        if path.endswith("/progress"):
            return await super().post(path, body, model)
        self.units = [entry.unit for entry in body.units]
        return self.task


def with_coins() -> Ending:
    server = Ending()
    hoppers = [
        HopperProposalView(unit="unit1", value=100, now=400, target=500, reason="top_up"),
        HopperProposalView(unit="unit3", value=10, now=400, target=900, reason="top_up"),
    ]
    server.task = server.task.model_copy(update={"hoppers": hoppers})
    return server


async def test_hoppers_are_filled_with_their_own_exchange_and_are_no_cassettes(rig: Rig, tmp_path: Path) -> None:
    journal, server = CashJournal(tmp_path / "engineer.sqlite3", SystemClock(), SystemIds()), with_coins()
    notes = (await rig.machine.counts()).content
    for _ in range(2):  # said again, nothing more is poured in
        await Exchanging(server, journal, CashExchange(rig.machine), SafeHands(rig.hands)).finish(server.task)
    coins = await rig.machine.coin_counts()
    assert coins is not None
    assert {unit.key: unit.count for unit in coins.units} == {"unit1": 500, "unit2": 400, "unit3": 900}
    assert rig.vtm.world.view()["coins"]["hoppers"] == {"unit1": 500, "unit2": 400, "unit3": 900}
    assert (await rig.machine.counts()).content == notes
    assert server.units == [f"unit{number}" for number in range(1, 9)]
    assert [one.key for one in journal.all() if one.key.endswith(":hoppers")] == ["exchange:t1:hoppers"]
    journal.close()


@pytest.mark.expects_log("hoppers not filled")
async def test_coins_in_the_tray_keep_the_hoppers_from_being_filled_and_not_the_cassettes(
    rig: Rig, tmp_path: Path
) -> None:
    journal, server = CashJournal(tmp_path / "engineer.sqlite3", SystemClock(), SystemIds()), with_coins()
    one_yuan = {"denomination": {"denomination": {"service": {"currencies": {"CNY": 1}}}}}
    await Link(rig.machine, "CoinDispenser").command("CashDispenser.Dispense", one_yuan, timeout_s=5)
    await Exchanging(server, journal, CashExchange(rig.machine), SafeHands(rig.hands)).finish(server.task)
    assert server.units
    coins = await rig.machine.coin_counts()
    assert coins is not None
    assert [(unit.count, sum(unit.presented.values())) for unit in coins.units] == [(399, 1), (400, 0), (400, 0)]
    journal.close()


async def test_a_report_tells_coins_beside_the_notes_and_in_no_sum_of_theirs(rig: Rig) -> None:
    report = await Reporter(rig.machine).report()
    assert [(h.unit, h.value, h.count, h.capacity, h.level) for h in report.hoppers] == [
        ("unit1", 100, 400, 1000, "ok"), ("unit2", 50, 400, 1000, "ok"), ("unit3", 10, 400, 1000, "ok"),
    ]  # fmt: skip
    assert len(report.cash_units) == len(report.units) == 8
    assert {*report.notes, *report.held} <= {"100", "50", "20", "10"}
