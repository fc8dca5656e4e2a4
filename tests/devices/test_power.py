"""Power cuts, restarts, lost machines: everything lies where it lay, and the kiosk finds it again."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest

from common.errors import ServiceError
from devices.client.errors import CashOutcomeUnknown
from devices.client.machine import DeviceEvent, Machine, MachineState
from devices.client.payout import PayoutState
from devices.hands.client import Hands
from devices.sim.main import Folders
from devices.sim.world.cash import OUTPUT
from devices.xfs.codes import ConnectionLost
from tests.devices.rig import DEADLINE_S, PAN, Rig, soon, start_rig, start_vtm
from tools.demo.stage import free_port

SERVE = """
import asyncio, os, sys
from pathlib import Path
from common.settings import DeviceSettings
from devices.sim.main import serve
from devices.xfs import record
record.begin(Path(os.environ["GUITAI_DEVICES__RECORD"]))
settings = DeviceSettings(vtm="K-02", speed=float(sys.argv[3]))
asyncio.run(serve(settings, Path(sys.argv[1]), port=int(sys.argv[2]), ready=lambda _: print("ready", flush=True)))
"""


async def start_process(project: Path, folder: Path, port: int, speed: float = 1000) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVE, str(folder), str(port), str(speed), cwd=project, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await soon(process.stdout.readline()) == b"ready\n"
    return process


async def reach(folder: Path) -> tuple[Machine, Hands]:
    ready = json.loads(Folders(folder, "K-02").ready.read_text(encoding="utf-8"))
    machine = await Machine.connect("127.0.0.1", [ready["port"]])
    return machine, await Hands.connect("127.0.0.1", ready["hands_port"], ready["hands_token"])


async def test_killed_while_it_pays_and_explained_afterwards(project: Path, tmp_path: Path) -> None:
    port = free_port()
    process = await start_process(project, tmp_path, port, speed=1)
    machine, hands = await reach(tmp_path)
    plan = await machine.dispenser.plan_payout(2_000_000)
    paying = asyncio.create_task(machine.dispenser.pay_out(plan))
    async for view in hands.watch():
        if sum(view.notes_at("stacker").values()) > 20:
            break
    process.send_signal(signal.SIGKILL)
    await soon(process.wait())
    with pytest.raises(CashOutcomeUnknown) as caught:
        await soon(paying)
    await hands.close()
    process = await start_process(project, tmp_path, port)
    assert await machine.wait_ready(DEADLINE_S)
    outcome = await machine.dispenser.recover(plan, caught.value.counts_before)
    assert (outcome.state, outcome.paid_minor) == (PayoutState.FAILED, 0)
    assert outcome.rejected[10_000] > 20
    assert outcome.counts_after.content_minor == outcome.counts_before.content_minor
    await machine.close()
    process.terminate()
    await soon(process.wait())


async def test_card_notes_and_paper_are_where_they_were(tmp_path: Path) -> None:
    rig = await start_rig(tmp_path)
    await rig.insert_card()
    plan = await rig.machine.dispenser.plan_payout(30_000)
    paying = await rig.prompted(lambda told: rig.machine.dispenser.pay_out(plan, take_timeout_s=1, on_presented=told))
    await rig.machine.printer.print_receipt("a", ["b"])
    before = await rig.hands.get_view()
    await rig.vtm.close()
    with pytest.raises((CashOutcomeUnknown, ConnectionLost)):
        await soon(paying)
    await rig.hands.close()
    await rig.machine.close()
    vtm, _ = await start_vtm(tmp_path, tmp_path / "again.jsonl")
    assert vtm.world.view()["cash"] == before.world["cash"]
    assert vtm.world.view()["card"] == before.world["card"]
    assert vtm.world.view()["paper"] == before.world["paper"]
    assert vtm.recycler.places.at(OUTPUT) == {"100:fit": 3}
    vtm.world.act("take_notes", {})
    await vtm.close()


async def test_a_machine_that_comes_back_elsewhere_is_found(tmp_path: Path) -> None:
    rig = await start_rig(tmp_path)
    ports = [rig.endpoints.port, free_port()]
    lost = asyncio.Event()

    def told(event: DeviceEvent) -> None:
        if event.payload.get("state") == MachineState.LOST.value:
            lost.set()

    machine = await Machine.connect("127.0.0.1", ports, told)
    for part in (rig.hands, rig.machine, rig.vtm):
        await part.close()
    await soon(lost.wait())
    vtm, _ = await start_vtm(tmp_path, tmp_path / "again.jsonl", port=ports[1])
    assert await machine.wait_ready(DEADLINE_S)
    assert (await machine.status()).dispenser.level == "ok"
    await machine.close()
    await vtm.close()


async def test_while_it_is_away_everything_is_bad_and_nothing_hangs(rig: Rig) -> None:
    await rig.vtm.host.close()
    status = await rig.machine.status()
    assert {status.card_reader.code, status.dispenser.code, status.camera.code} == {"device.connection_lost"}
    with pytest.raises(ConnectionLost):
        await rig.machine.card.read()
    with pytest.raises(ConnectionLost):
        await rig.machine.dispenser.plan_payout(10_000)


async def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"device\.unreachable"):
        await Machine.connect("127.0.0.1", [free_port()])


async def test_ports_that_are_taken(tmp_path: Path) -> None:
    vtm, endpoints = await start_vtm(tmp_path / "a", tmp_path / "a.jsonl")
    with pytest.raises(ServiceError, match=r"devices\.no_port"):
        await start_vtm(tmp_path / "b", tmp_path / "b.jsonl", port=endpoints.port)
    await vtm.close()


async def test_two_kiosks_on_one_machine(rig: Rig) -> None:
    other = await Machine.connect("127.0.0.1", [rig.endpoints.port])
    first = await rig.prompted(lambda told: rig.machine.card.read(on_prompt=told))
    second = asyncio.create_task(other.card.read())
    await asyncio.sleep(0)
    await rig.hands.insert_card(pan=PAN)
    assert (await soon(first)).pan == (await soon(second)).pan == PAN
    await other.close()
