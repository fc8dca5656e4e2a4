"""A card moves out of hoppers and parking stations only, and into retain bins and parking stations only."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.devices.rig import PAN
from tests.devices.test_peripherals import text, waiting
from tests.devices.workbench import Line, Workbench, workbench

BIN, HOPPER, PARK = "unitBIN1", "unitHOP1", "unitPARK1"
GIVERS = ("CardDispenser", "TokenDispenser")
PARTS = {"CardReader": "card", "CardDispenser": "new_card", "TokenDispenser": "token"}
LOADS = {"CardDispenser": "load_cards", "TokenDispenser": "load_tokens"}
EMPTIES = {"CardReader": "empty_card_bin", "CardDispenser": "empty_new_card_bin", "TokenDispenser": "empty_token_bin"}


async def one_inside(bench: Workbench, service: str) -> Line:
    """The line to a service with one card, or U-key, on the way."""
    line = bench.line(service)
    if service in LOADS:
        bench.hand_inside(LOADS[service], count=2)
        await line.ok("CardReader.Move", {"from": HOPPER, "to": "transport"})
        return line
    reading = await waiting(line, "CardReader.InsertCardEvent", "CardReader.ReadRawData", {"track2": True})
    bench.hand("insert_card", pan=PAN)
    await reading
    return line


def state(bench: Workbench, service: str) -> Mapping[str, Any]:
    seen: Mapping[str, Any] = bench.world.view()[PARTS[service]]
    return seen


@pytest.mark.parametrize("service", PARTS)
@pytest.mark.parametrize("target", ["exit", "transport", BIN, PARK, HOPPER, None])
async def test_a_kept_card_does_not_come_out_of_the_retain_bin_again(
    tmp_path: Path, service: str, target: str | None
) -> None:
    async with workbench(tmp_path) as bench:
        line = await one_inside(bench, service)
        await line.ok("CardReader.Move", {"from": "transport", "to": BIN})
        before = state(bench, service)
        back = {"from": BIN} | ({"to": target} if target else {})
        assert await line.fails("CardReader.Move", back) == "invalidData"
        assert state(bench, service) == before
        unit = (await line.ok("Storage.GetStorage"))["storage"][BIN]["card"]["status"]
        assert (unit["count"], unit["retainCount"]) == (1, 1)


@pytest.mark.parametrize("service", GIVERS)
@pytest.mark.parametrize("source", ["transport", "exit", HOPPER, None])
async def test_what_left_the_hopper_does_not_go_back_among_the_blanks(
    tmp_path: Path, service: str, source: str | None
) -> None:
    async with workbench(tmp_path) as bench:
        line = await one_inside(bench, service)
        if service == "CardDispenser":
            await line.ok("CardReader.WriteRawData", {"track2": {"data": text(f"{PAN}=3012")}})
        if source == "exit":
            await line.ok("CardReader.Move", {"from": "transport", "to": "exit"})
        before = state(bench, service)
        back = {"to": HOPPER} | ({"from": source} if source else {})
        assert await line.fails("CardReader.Move", back) == "invalidData"
        assert state(bench, service) == before
        assert before["bins"][HOPPER] == 1


async def test_a_parked_card_comes_out_again_and_may_be_kept(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = await one_inside(bench, "CardReader")
        await line.ok("CardReader.Move", {"from": "transport", "to": PARK})
        await line.ok("CardReader.Move", {"from": PARK, "to": BIN})
        assert state(bench, "CardReader")["bins"] == {BIN: 1, PARK: 0}


@pytest.mark.parametrize("service", PARTS)
async def test_units_go_the_way_that_their_declared_type_says(tmp_path: Path, service: str) -> None:
    async with workbench(tmp_path) as bench:
        line = await one_inside(bench, service)
        units = (await line.ok("Storage.GetStorage"))["storage"]
        for key, unit in units.items():
            kind = unit["card"]["capabilities"]["type"]
            gives = await line.fails("CardReader.Move", {"from": key, "to": "transport"})
            assert (gives == "invalidData") == (kind == "retain"), (key, gives)
            if kind == "dispense":
                assert await line.fails("CardReader.Move", {"to": key}) == "invalidData"
            else:
                await line.ok("CardReader.Move", {"to": key})
                line = await one_inside(bench, service)


@pytest.mark.parametrize("service", PARTS)
async def test_only_hands_take_kept_cards_out(tmp_path: Path, service: str) -> None:
    async with workbench(tmp_path) as bench:
        line = await one_inside(bench, service)
        await line.ok("CardReader.Move", {"to": BIN})
        assert bench.hand_inside(EMPTIES[service])["cards"] == 1
        assert state(bench, service)["bins"][BIN] == 0
