"""What Storage.SetStorage cannot set is refused, and then nothing is set."""

from pathlib import Path
from typing import Any

import pytest

from tests.devices.workbench import workbench

IMPOSSIBLE = [
    ("CashRecycler", "unit3", {"cash": {"configuration": {"value": 77, "lowThreshold": 3}}}),
    ("CashRecycler", "unit3", {"cash": {"configuration": {"currency": "EUR"}}}),
    ("CashRecycler", "unit3", {"cash": {"configuration": {"types": {"cashOut": False}}}}),
    ("CashRecycler", "unit3", {"cash": {"configuration": {"items": {"counterfeit": True}}}}),
    ("CashRecycler", "unit3", {"cash": {"configuration": {"cashItems": ["typeCNY20"]}}}),
    ("CashRecycler", "unit3", {"cash": {"configuration": {"name": "mine"}}}),
    ("CashRecycler", "unit3", {"card": {"configuration": {"threshold": 3}}}),
    ("CashRecycler", "unit8", {"cash": {"configuration": {"maxRetracts": 5}}}),
    ("CashRecycler", "unit8", {"cash": {"configuration": {"lowThreshold": 5}}}),
    ("CoinDispenser", "unit1", {"cash": {"configuration": {"lowThreshold": 3}}}),
    ("CardReader", "unitBIN1", {"card": {"configuration": {"threshold": 3}}}),
    ("CardDispenser", "unitHOP1", {"card": {"configuration": {"cardID": "gold"}}}),
    ("LaserPrinter", "unitBIN1", {"card": {"status": {"initialCount": 3}}}),
]


@pytest.mark.parametrize(("service", "unit", "setting"), IMPOSSIBLE)
async def test_what_cannot_be_set_is_refused_as_a_whole(
    tmp_path: Path, service: str, unit: str, setting: dict[str, Any]
) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        before = await line.ok("Storage.GetStorage")
        wanted = {unit: setting}
        if service == "CashRecycler":
            wanted |= {"unit1": {"cash": {"configuration": {"lowThreshold": 5}}}}
        assert await line.fails("Storage.SetStorage", {"storage": wanted}) == "unsupportedData"
        assert await line.ok("Storage.GetStorage") == before


@pytest.mark.parametrize("service", ["CashRecycler", "CoinDispenser", "CardReader", "CardDispenser"])
async def test_what_a_unit_has_already_may_be_said_again(tmp_path: Path, service: str) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line(service)
        before = await line.ok("Storage.GetStorage")
        kind = "cash" if service.startswith("C") and "Card" not in service else "card"
        said = {key: {kind: {"configuration": unit[kind]["configuration"]}} for key, unit in before["storage"].items()}
        await line.ok("Storage.SetStorage", {"storage": said})
        assert await line.ok("Storage.GetStorage") == before


async def test_what_can_be_set_is(tmp_path: Path) -> None:
    wanted = {"lowThreshold": 3, "highThreshold": 900, "appLockIn": True, "value": 50}
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        await line.ok("Storage.SetStorage", {"storage": {"unit3": {"cash": {"configuration": wanted}}}})
        now = (await line.ok("Storage.GetStorage"))["storage"]["unit3"]["cash"]["configuration"]
        assert {name: now[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    "configuration", [{"lowThreshold": 900, "highThreshold": 800}, {"lowThreshold": 1801}, {"highThreshold": 99}]
)
async def test_a_low_threshold_above_the_high_one_is_refused(tmp_path: Path, configuration: dict[str, int]) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        before = await line.ok("Storage.GetStorage")
        wanted = {"unit1": {"cash": {"configuration": {"lowThreshold": 5}}}}
        wanted |= {"unit3": {"cash": {"configuration": configuration}}}
        assert await line.fails("Storage.SetStorage", {"storage": wanted}) == "invalidData"
        assert await line.ok("Storage.GetStorage") == before
        equal = {"unit3": {"cash": {"configuration": {"lowThreshold": 900, "highThreshold": 900}}}}
        await line.ok("Storage.SetStorage", {"storage": equal})


async def test_counts_are_taken_where_the_thresholds_were_crossed_before(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        bench.vtm.recycler.units["unit3"].low = 1900
        await line.ok("Storage.StartExchange")
        counts = {"unit3": {"cash": {"status": {"initial": {"typeCNY50": {"fit": 10}}}}}}
        await line.ok("Storage.SetStorage", {"storage": counts})
