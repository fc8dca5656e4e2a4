"""A machine and a kiosk that speak as KAL's framework does; and a service of another host in place of the machine's."""

import json
from pathlib import Path

import pytest

from common.errors import ServiceError
from devices.client.machine import Machine
from devices.client.picture import Viewer
from devices.xfs.envelope import Dialect
from devices.xfs.uris import service_uri
from tests.devices.rig import assert_conformant, start_rig, start_vtm, two_vtms
from tests.devices.workbench import workbench
from tools.demo.stage import free_port


async def test_a_customer_is_served_in_kals_dialect(tmp_path: Path) -> None:
    rig = await start_rig(tmp_path, Dialect.KAL)
    await rig.insert_card()
    assert (await rig.payout(30_000)).paid_minor == 30_000
    await rig.machine.printer.print_receipt("a", ["b"])
    await rig.machine.card.eject()
    await rig.hands.close()
    await rig.machine.close()
    await rig.vtm.close()
    assert assert_conformant(rig.trace) > 20
    said = [json.loads(line) for line in rig.trace.read_text(encoding="utf-8").splitlines()]
    headers = [entry["msg"]["header"] for entry in said if entry["dir"] == "<"]
    assert not [header for header in headers if header["type"] == "unsolicited"]
    assert all(header["completionCode"] for header in headers if header["type"] == "completion")
    names = [each["name"] for entry in said for each in entry["msg"].get("payload", {}).get("interfaces", ())]
    assert "cardReader" in names


async def test_a_service_of_another_host_takes_a_place(tmp_path: Path) -> None:
    mine, here = await start_vtm(tmp_path / "a", tmp_path / "a.jsonl")
    other, there = await start_vtm(tmp_path / "b", tmp_path / "b.jsonl")
    chosen = {"Printer": service_uri("127.0.0.1", there.port, "Printer")}
    machine = await Machine.connect("127.0.0.1", [here.port], services=chosen)
    await machine.printer.print_receipt("elsewhere", [])
    assert other.world.view()["paper"]["in_slot"]
    assert not mine.world.view()["paper"]["in_slot"]
    await machine.close()
    await other.close()
    nowhere = {"Printer": service_uri("127.0.0.1", free_port(), "Printer")}
    with pytest.raises(ServiceError, match=r"device\.incomplete"):
        await Machine.connect("127.0.0.1", [here.port], services=nowhere)
    await mine.close()


async def test_a_service_of_another_host_is_seen_and_reconnected_under_a_name_of_its_own(tmp_path: Path) -> None:
    """The machine has one of the same name, which nobody uses."""
    async with two_vtms(tmp_path) as ((_, here), (_, there)):
        chosen = {
            role: service_uri("127.0.0.1", there.port, "CashRecycler") for role in ("CashDispenser", "CashAcceptor")
        }
        machine = await Machine.connect("127.0.0.1", [here.port], services=chosen)
        name = f"CashRecycler @127.0.0.1:{there.port}"
        assert {"CashRecycler", name} <= machine.services().keys()
        picture = await Viewer(machine).take()
        assert (picture.at("notes.output"), picture.at("notes.escrow")) == ("empty", "empty")
        assert {"CashRecycler", name} <= {one.name for one in picture.services}
        used = machine.service_for("CashDispenser")
        await machine.reconnect(name)
        assert machine.service_for("CashDispenser") is not used
        await machine.close()


async def test_a_nonce_is_given_and_cleared(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        assert len((await line.ok("Common.GetCommandNonce"))["commandNonce"]) == 32
        await line.ok("Common.ClearCommandNonce")
        await line.ok("Common.ClearCommandNonce")
        assert len(line.events("Common.NonceClearedEvent")) == 1
