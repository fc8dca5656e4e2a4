"""What a machine holds, read from what its services tell."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from devices.client.stores import StoredUnit, read_stores, read_supplies
from tests.devices.workbench import workbench


def held(units: list[StoredUnit]) -> dict[str, tuple[Any, ...]]:
    return {one.name: (one.role, one.holds, one.count, one.capacity, one.low, one.high, one.state) for one in units}


async def test_every_service_with_a_storage_is_read(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        told: dict[str, dict[str, tuple[Any, ...]]] = {}
        bench.hand_inside("load_cards", count=12)
        for name in ("CashRecycler", "CoinDispenser", "CardReader", "CardDispenser", "ChequeAcceptor", "Printer"):
            answer = await bench.line(name).ok("Storage.GetStorage")
            told[name] = held(read_stores(answer["storage"]))
        supplies = read_supplies(await bench.line("LaserPrinter").ok("Common.Status"))
    assert told["CashRecycler"]["100A"] == ("recycle", "100 CNY", 1500, 2500, 200, 2300, "ok")
    assert told["CoinDispenser"]["C50"] == ("cashOut", "0.5 CNY", 400, 1000, 50, None, "ok")
    assert told["CardReader"]["BIN1"] == ("retain", "", 0, 30, None, 25, "empty")
    assert told["CardDispenser"]["HOP1"] == ("dispense", "debit card, blank", 12, 500, 20, None, "low")
    assert told["ChequeAcceptor"]["CHQ"] == ("mediaIn", "", 0, 200, None, None, "empty")
    assert told["Printer"]["BIN1"] == ("retract", "", 0, 40, None, None, "ok")
    assert [(one.role, one.name, one.state) for one in supplies] == [
        ("paper", "lower", "full"), ("paper", "upper", "full"), ("toner", "", "full"),
    ]  # fmt: skip


async def test_only_the_retract_unit_says_that_it_is_one_heap_measured_in_notes(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        units = (await bench.line("CashRecycler").ok("Storage.GetStorage"))["storage"]
    told = {key: unit["cash"]["capabilities"] for key, unit in units.items()}
    said = {key: (one.get("retractAreas"), one.get("retractThresholds")) for key, one in told.items()}
    assert said == dict.fromkeys(units, (None, None)) | {"unit8": (1, True)}


@pytest.mark.parametrize(
    ("unit", "seen"),
    [
        ({"status": "missing", "card": {}}, ("other", None, "missing")),
        ({"deposit": {"status": {"depContainer": "high", "numOfDeposits": 7}}}, ("envelopes", 7, "high")),
        ({"banknoteNeutralization": {"protection": "armed"}}, ("neutralization", None, "armed")),
        ({"check": {"status": {"initial": {"count": 3}, "in": {"count": 2}}}}, ("retract", 5, "unknown")),
        ({"printer": {}}, ("retract", 0, "unknown")),
        ({"vendorsOwn": {}}, ("other", None, "unknown")),
    ],
)
def test_a_strangers_unit_is_read_as_far_as_it_speaks(unit: Mapping[str, Any], seen: tuple[Any, ...]) -> None:
    (one,) = read_stores({"unit1": unit})
    assert (one.name, one.role, one.count, one.state) == ("unit1", *seen)
