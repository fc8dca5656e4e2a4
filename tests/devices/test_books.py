"""Counts, mixes, the kiosk's journal, and the exchange of cassettes."""

import sqlite3
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import SystemIds
from common.errors import ServiceError, UserError
from devices.client.counts import Counts, NoteType, bundle_of, counts_from_json, read_counts
from devices.client.exchange import CashExchange
from devices.client.journal import CashJournal, MovementKind
from devices.client.link import Link
from devices.sim.cash.mix import fewest_notes
from devices.xfs.codes import DeviceError
from tests.devices.rig import Rig
from ui.vtm_app.agent.notes import plan_for


def by_trying(amount: int, stock: dict[int, int]) -> int | None:
    """The fewest notes, found by trying everything."""
    ranges = [range(count + 1) for count in stock.values()]
    sizes = [sum(n) for n in product(*ranges) if sum(v * c for v, c in zip(stock, n, strict=True)) == amount]
    return min(sizes, default=None)


@given(st.integers(1, 60), st.fixed_dictionaries({value: st.integers(0, 6) for value in (100, 50, 20, 10)}))
def test_the_mix_is_the_best_there_is(tens: int, stock: dict[int, int]) -> None:
    amount = tens * 10
    notes = fewest_notes(amount, stock)
    best = by_trying(amount, stock)
    if notes is None:
        assert best is None
        return
    assert sum(value * count for value, count in notes.items()) == amount
    assert all(count <= stock[value] for value, count in notes.items())
    assert sum(notes.values()) == best


# -- other currencies ----------------------------------------------------------------------------------------------

CURRENCIES = {
    "typeCNY100": NoteType("typeCNY100", "CNY", 10_000),
    "typeUSD100": NoteType("typeUSD100", "USD", 10_000),
    "typeVND10000": NoteType("typeVND10000", "VND", 10_000),
}


def cassette(currency: str, number: int) -> dict[str, Any]:
    configuration = {"currency": currency, "value": 100, "types": {"cashIn": True, "cashOut": True}}
    status = {"initial": {f"type{currency}100": {"fit": number}}}
    return {"id": currency, "status": "ok", "cash": {"configuration": configuration, "status": status}}


def test_notes_of_another_currency_are_worth_nothing_in_the_books() -> None:
    counted = {"typeVND10000": {"fit": 5}, "typeUSD100": {"fit": 1}, "typeCNY100": {"fit": 2}}
    assert bundle_of(counted, CURRENCIES) == {10_000: 2, 0: 6}


def test_a_cassette_of_another_currency_pays_nobody() -> None:
    counts = read_counts({"unit1": cassette("USD", 500), "unit2": cassette("CNY", 20)}, CURRENCIES)
    assert counts.payable == {10_000: 20}
    assert (counts.content_minor, counts.unit("unit1").count) == (200_000, 500)
    assert plan_for({10_000: 3}, counts).units == {"unit2": 3}
    with pytest.raises(UserError, match=r"cash\.not_payable"):
        plan_for({10_000: 21}, counts)


@pytest.mark.parametrize("refusal", [None, "unsupportedCommand"])
async def test_a_cash_in_begins_with_other_currencies_refused_where_the_machine_can_be_told(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, refusal: str | None
) -> None:
    dollars = {"cashItem": {"noteID": 99, "currency": "USD", "value": 100, "release": 1}, "enabled": True}
    command, told = Link.command, []

    async def bilingual(link: Link, name: str, payload: Any = None, **options: Any) -> Any:
        if name == "CashAcceptor.ConfigureNoteTypes":
            told.append(payload)
            if refusal is not None:
                raise DeviceError(
                    "device.unsupported", command=name, completion=refusal, error_code=None, retryable=False
                )
            return {}
        done = await command(link, name, payload, **options)
        return {"items": done["items"] | {"typeUSD100": dollars}} if name.endswith("GetBankNoteTypes") else done

    monkeypatch.setattr(Link, "command", bilingual)
    session = await rig.machine.acceptor.start()
    assert told == [{"items": [{"item": "typeUSD100", "enabled": False}]}]
    await session.roll_back()
    exchange = CashExchange(rig.machine)
    await exchange.start()
    await exchange.load({"unit1": {10_000: 7}})
    assert (await exchange.end()).unit("unit1").content == {10_000: 7}


# -- the kiosk's journal -------------------------------------------------------------------------------------------


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


def journal(folder: Path) -> CashJournal:
    return CashJournal(folder / "journal.sqlite3", FixedClock(), SystemIds())


async def test_counts_survive_the_journal(rig: Rig) -> None:
    await rig.payout(38_000)
    counts = await rig.machine.counts()
    again = counts_from_json(counts.to_json())
    assert (again.content, again.presented, again.retracted) == (counts.content, counts.presented, counts.retracted)
    assert [unit.initial for unit in again.units] == [unit.initial for unit in counts.units]
    assert counts.paid_since(Counts(())) == {10_000: 3, 5_000: 1, 2_000: 1, 1_000: 1}


def test_what_was_begun_is_found_after_a_restart(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.intend("case-1", MovementKind.PAYOUT, {"amount_minor": 100}, Counts(()))
    book.intend("case-2", MovementKind.DEPOSIT, {}, Counts(()))
    book.settle("case-2", "stored", {"stored_minor": 5}, Counts(()))
    book.close()
    book = journal(tmp_path)
    assert [movement.key for movement in book.unsettled()] == ["case-1"]
    book.settle("case-1", "taken", {"paid_minor": 100}, Counts(()))
    assert book.unsettled() == []
    assert [m.outcome.state for m in book.all() if m.outcome] == ["taken", "stored"]
    book.close()


def test_a_key_stands_for_one_movement(tmp_path: Path) -> None:
    book = journal(tmp_path)
    first = book.intend("case-1", MovementKind.PAYOUT, {"amount_minor": 100}, Counts(()))
    assert book.intend("case-1", MovementKind.PAYOUT, {"amount_minor": 100}, Counts(())).id == first.id
    with pytest.raises(ServiceError, match=r"journal\.key_reused"):
        book.intend("case-1", MovementKind.PAYOUT, {"amount_minor": 200}, Counts(()))
    with pytest.raises(ServiceError, match=r"journal\.unknown_key"):
        book.settle("case-9", "taken", {}, Counts(()))
    book.settle("case-1", "taken", {"paid_minor": 100}, Counts(()))
    again = book.settle("case-1", "failed", {}, Counts(()))
    assert again.outcome is not None
    assert again.outcome.state == "taken"
    book.close()


def test_nothing_in_the_journal_can_be_changed(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.intend("case-1", MovementKind.PAYOUT, {}, Counts(()))
    book.settle("case-1", "taken", {}, Counts(()))
    book.close()
    raw = sqlite3.connect(tmp_path / "journal.sqlite3")
    for statement in (
        "UPDATE intent SET key = 'x'",
        "DELETE FROM intent",
        "UPDATE outcome SET state = 'x'",
        "DELETE FROM outcome",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()


async def test_cassettes_are_exchanged(rig: Rig) -> None:
    link = rig.machine._cash.link
    with pytest.raises(UserError, match=r"hands\.no_exchange"):
        await rig.hands.act("load_cassette", unit="unit1", notes={"100": 2000})
    wanted = {"unit1": {"cash": {"status": {"initial": {"typeCNY100": {"fit": 2000}}}}}}
    with pytest.raises(DeviceError) as caught:
        await link.command("Storage.SetStorage", {"storage": wanted})
    assert caught.value.error_code == "noExchangeActive"
    await link.command("Storage.StartExchange")
    with pytest.raises(DeviceError) as caught:
        await rig.machine.dispenser.plan_payout(10_000)
    assert caught.value.code == "device.exchange_active"
    assert (await rig.machine.status()).dispenser.code == "device.exchange_active"
    with pytest.raises(UserError, match=r"hands\.safe_shut"):
        await rig.hands.act("load_cassette", unit="unit1", notes={"100": 1000})
    await rig.open_safe()
    await rig.hands.act("load_cassette", unit="unit1", notes={"100": 1000})
    await rig.hands.act("load_cassette", unit="unit1", notes={"100": 999})
    await link.command(
        "Storage.SetStorage", {"storage": {"unit1": {"cash": {"status": {"initial": {"typeCNY100": {"fit": 999}}}}}}}
    )
    await rig.close_safe()
    await link.command("Storage.EndExchange")
    assert (await rig.machine.counts()).unit("unit1").content == {10_000: 999}
    rig.counters_agree()


async def test_a_low_cassette_is_told(rig: Rig) -> None:
    link = rig.machine._cash.link
    thresholds = {"unit3": {"cash": {"configuration": {"lowThreshold": 600}}}}
    await link.command("Storage.SetStorage", {"storage": thresholds})
    await rig.payout(5_000)
    events = [event.payload for event in rig.events if event.name == "Storage.StorageThresholdEvent"]
    assert {"unit3": {"cash": {"status": {"replenishmentStatus": "low"}}}} in events
    assert (await rig.machine.status()).dispenser.code == "cash.low"
    wrong: list[dict[str, object]] = [{"unit99": {}}, {"unit3": {"cash": {"configuration": {"lowThreshold": 99_999}}}}]
    for storage in wrong:
        with pytest.raises(DeviceError):
            await link.command("Storage.SetStorage", {"storage": storage})


class FixedIds:
    def __init__(self, *ids: str) -> None:
        self._ids = [UUID(one) for one in ids]

    def new(self) -> UUID:
        return self._ids.pop(0)


async def test_the_journal_knows_what_was_written_last_also_when_its_clock_was_set_back(
    rig: Rig, tmp_path: Path
) -> None:
    counts = await rig.machine.counts()
    ids = FixedIds("019a0000-0000-7000-8000-000000000001", "01999999-0000-7000-8000-000000000001")
    book = CashJournal(tmp_path / "journal.sqlite3", FixedClock(), ids)
    book.intend("deposit:A:0", MovementKind.DEPOSIT, {"case": "A"}, counts)
    book.intend("deposit:B:0", MovementKind.DEPOSIT, {"case": "B"}, counts)
    assert (book.last_case(), [line.detail["case"] for line in book.untold()]) == ("B", ["A", "B"])
    book.close()
