"""A fault is aimed at one of several services that can have it; it passes the others by, and they count no moment."""

from pathlib import Path

import pytest

from common.errors import UserError
from tests.devices.rig import PAN
from tests.devices.workbench import workbench

GIVE = {"from": "unitHOP1", "to": "exit"}


async def test_a_jam_is_aimed_at_the_card_dispenser(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        reader, dispenser = bench.line("CardReader"), bench.line("CardDispenser")
        bench.hand_inside("load_cards", count=2)
        bench.faults.inject("card.jam", service="CardDispenser")
        reading = reader.begin("CardReader.ReadRawData", {"track2": True})
        await reader.until_event("CardReader.InsertCardEvent")
        bench.hand("insert_card", pan=PAN)
        assert (await reading).completion_code is None
        assert await dispenser.fails("CardReader.Move", GIVE) == "mediaJam"
        assert bench.faults.view() == []


async def test_a_card_is_unreadable_at_one_reader_only(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        reader, dispenser = bench.line("CardReader"), bench.line("TokenDispenser")
        bench.hand_inside("load_tokens", count=1)
        bench.faults.inject("card.unreadable", service="CardReader")
        await dispenser.ok("CardReader.Move", {"from": "unitHOP1", "to": "transport"})
        assert "data" in (await dispenser.ok("CardReader.ReadRawData", {"chip": True}))["chip"][0]
        reading = reader.begin("CardReader.ReadRawData", {"track2": True})
        await reader.until_event("CardReader.InsertCardEvent")
        bench.hand("insert_card", pan=PAN)
        assert ((await reading).payload or {})["track2"] == {"status": "dataInvalid"}


async def test_a_command_fails_at_one_service_only(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        first, second = bench.line("Printer"), bench.line("LaserPrinter")
        bench.faults.inject("service.not_ready", command="Printer.ClearBuffer", service="LaserPrinter")
        await first.ok("Printer.ClearBuffer")
        assert await second.fails("Printer.ClearBuffer") == "deviceNotReady"


async def test_the_board_tells_where_each_fault_can_be_aimed(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        kinds = bench.faults.kinds()
        assert kinds["card.jam"]["services"] == ["CardReader", "CardDispenser", "TokenDispenser"]
        assert set(kinds["card.unreadable"]["services"]) == {
            "CardReader", "CardDispenser", "TokenDispenser", "IdCardReader", "ContactlessReader",
        }  # fmt: skip
        assert kinds["camera.inoperable"]["services"] == ["DocumentCamera", "Cameras"]
        assert kinds["printer.jam"]["services"] == [], "only one has it: nothing to aim"
        assert {service.name for service in bench.vtm.services} <= set(kinds["service.restart"]["services"])
        for fault, service in (("card.jam", "Printer"), ("printer.ink_out", "Printer"), ("service.restart", "Nowhere")):
            with pytest.raises(UserError, match=r"hands\.fault_invalid"):
                bench.faults.inject(fault, service=service)
