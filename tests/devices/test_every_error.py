"""Every error code of every command that any service carries out can be provoked, and is."""

import random
from pathlib import Path

import pytest

from benchmarks.device_samples import Samples
from devices.client.probe import flat
from devices.sim.faults import ERROR
from devices.xfs.catalogue import load
from devices.xfs.codes import CompletionCode
from devices.xfs.envelope import Payload
from tests.devices.workbench import Workbench, workbench

# Answered by the service itself before any device is asked.
NOT_FROM_DEVICES = frozenset({CompletionCode.COMMAND_ERROR_CODE})


def wanted(bench: Workbench) -> list[tuple[str, str, str]]:
    """Service, command and error code, as the catalogue has them."""
    return [
        (service.name, command, code)
        for service in bench.vtm.services
        for command in service.supported
        for code in load().error_codes(command)
    ]


async def test_every_error_code_is_provoked(tmp_path: Path) -> None:
    samples = Samples(load(), random.Random(4))
    async with workbench(tmp_path) as bench:
        table = wanted(bench)
        lines = {service.name: bench.line(service.name) for service in bench.vtm.services}
        notes = bench.vtm.recycler.places.total()
        for service, command, code in table:
            bench.faults.inject(ERROR, service=service, command=command, error_code=code)
            done = await lines[service].give(command, samples.smallest(command), timeout_ms=5000)
            assert (done.completion_code, done.error_code) == ("commandErrorCode", code), (service, command)
        assert bench.vtm.recycler.places.total() == notes
        assert bench.faults.view() == []
    assert len(table) > 700
    assert len({(command, code) for _, command, code in table}) > 400


async def test_every_completion_code_is_provoked(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CardReader")
        for code in set(CompletionCode) - NOT_FROM_DEVICES:
            bench.faults.inject(ERROR, command="CardReader.Move", code=code.value)
            assert (await line.give("CardReader.Move")).completion_code == code


async def test_an_error_for_whatever_comes_next_spares_the_questions(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("Lights")
        bench.faults.inject(ERROR)
        await line.ok("Common.Status")
        assert await line.fails("Lights.SetLight", {}) == "hardwareError"


async def test_a_reported_jam_is_a_real_one(tmp_path: Path) -> None:
    async with workbench(tmp_path) as bench:
        laser = bench.line("LaserPrinter")
        fault = {"service": "LaserPrinter", "command": "Printer.PrintForm", "error_code": "paperJammed"}
        bench.faults.inject(ERROR, **fault)
        page = {"formName": "letter", "fields": {"title": "a"}}
        assert await laser.fails("Printer.PrintForm", page) == "paperJammed"
        assert (await laser.ok("Common.Status"))["printer"]["media"] == "jammed"
        assert await laser.fails("Printer.PrintForm", page) == "paperJammed"
        await laser.ok("Printer.Reset")
        await laser.ok("Printer.PrintForm", page)


@pytest.mark.parametrize(
    ("command", "payload", "member"),
    [
        ("CashDispenser.Present", {}, "cashDispenser.positions.0.shutter"),
        ("CashAcceptor.CashInRollback", {}, "cashDispenser.positions.0.shutter"),
        ("CashAcceptor.CashIn", {}, "cashAcceptor.positions.0.shutter"),
        ("CashManagement.OpenShutter", {"position": "inCenter"}, "cashAcceptor.positions.0.shutter"),
        ("CashManagement.OpenShutter", {}, "cashDispenser.positions.0.shutter"),
    ],
)
async def test_a_shutter_reported_not_open_is_stuck_until_it_is_reset(
    tmp_path: Path, command: str, payload: Payload, member: str
) -> None:
    async with workbench(tmp_path) as bench:
        line = bench.line("CashRecycler")
        bench.faults.inject(ERROR, service="CashRecycler", command=command, error_code="shutterNotOpen")
        assert await line.fails(command, payload) == "shutterNotOpen"
        stuck = {name: value for name, value in flat(await line.ok("Common.Status")).items() if value == "jammedClosed"}
        assert member in stuck
        position = {"position": "inCenter" if "Acceptor" in member else "outCenter"}
        assert await line.fails("CashManagement.OpenShutter", position) == "shutterNotOpen"
        await line.ok("CashManagement.Reset")
        await line.ok("CashManagement.OpenShutter", position)


@pytest.mark.parametrize(("service", "camera"), [("DocumentCamera", "exitSlot"), ("Cameras", "person")])
async def test_a_camera_reported_inoperable_stays_so_until_it_is_reset(
    tmp_path: Path, service: str, camera: str
) -> None:
    async with workbench(tmp_path) as bench:
        line, wanted = bench.line(service), {"camera": camera}
        bench.faults.inject(ERROR, service=service, command="Camera.TakePicture", error_code="cameraInoperable")
        assert await line.fails("Camera.TakePicture", wanted) == "cameraInoperable"
        assert line.events("Common.StatusChangedEvent")[-1]["camera"]["cameras"][camera] == "inop"
        assert await line.fails("Camera.TakePicture", wanted) == "cameraInoperable"
        await line.ok("Camera.Reset")
        await line.ok("Camera.TakePicture", wanted)
