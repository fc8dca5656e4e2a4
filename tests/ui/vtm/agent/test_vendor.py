"""Vendor mode between engineer and kiosk: the real agent, a simulated machine, and the engineer's own connection."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from common.wire.cases import CustomerStep
from devices.client.picture import Viewer
from devices.client.probe import Probe
from devices.xfs.codes import DeviceError
from tests.devices.rig import Rig, assert_conformant, start_rig
from tests.ui.vtm.agent.conftest import Kiosk
from ui.vtm_app.presenter import scene
from ui.vtm_app.scene import Local

pytestmark = pytest.mark.expects_log("PIN key not loaded")
"""The fake server has none that this machine takes."""


@pytest.fixture
async def rig(kiosk: Kiosk, tmp_path: Path) -> AsyncIterator[Rig]:
    made = await start_rig(tmp_path)
    kiosk.machine = cast(Any, made.machine)
    made.machine._on_event = lambda event: kiosk._told(event)
    yield made
    await kiosk.switch_off()
    await made.hands.close()
    await made.machine.close()
    await made.vtm.close()
    assert assert_conformant(made.trace) > 10


@pytest.fixture
async def engineer(rig: Rig) -> AsyncIterator[Probe]:
    made = Probe("127.0.0.1", (rig.endpoints.port,))
    await made.open()
    yield made
    await made.close()


async def registered(kiosk: Kiosk, rig: Rig) -> None:
    await kiosk.switch_on()
    await kiosk.until(lambda: "kiosk" in rig.vtm.vendor_mode.applications, "registered")


async def ask(engineer: Probe, way: str) -> None:
    await engineer.command("VendorMode", f"VendorMode.{way}ModeRequest")


async def test_at_rest_the_kiosk_agrees_and_is_closed_until_the_engineer_is_done(
    kiosk: Kiosk, rig: Rig, engineer: Probe
) -> None:
    await registered(kiosk, rig)
    await ask(engineer, "Enter")
    await kiosk.until(lambda: kiosk.screen.maintained, "closed")
    assert scene(kiosk.screen, Local(awake=True)).name == "maintained"
    await kiosk.until(lambda: rig.vtm.vendor_mode.mode == "active", "active")
    assert (await Viewer(rig.machine).take()).at("vendor.mode") == "active"
    with pytest.raises(DeviceError, match=r"device.not_ready"):
        await rig.machine.printer.print_receipt("", ["x"])
    await rig.machine.printer.reset()
    await ask(engineer, "Exit")
    await kiosk.until(lambda: not kiosk.screen.maintained, "open again")
    await rig.machine.printer.print_receipt("", ["x"])


async def test_a_customer_is_served_to_the_end_first(kiosk: Kiosk, rig: Rig, engineer: Probe) -> None:
    kiosk.visit(CustomerStep.TALK)
    await registered(kiosk, rig)
    await kiosk.at(CustomerStep.TALK)
    await ask(engineer, "Enter")
    looks = {look.name: look for look in await engineer.looks()}
    assert looks["VendorMode"].status["vendorMode.service"] == "enterPending"
    assert not kiosk.screen.maintained
    kiosk.server.change(customer_step=CustomerStep.GOODBYE)
    await kiosk.until(lambda: kiosk.screen.maintained, "agreed once he has gone")
    await kiosk.until(lambda: rig.vtm.vendor_mode.mode == "active", "active")


async def test_a_kiosk_switched_on_meanwhile_stays_closed(kiosk: Kiosk, rig: Rig, engineer: Probe) -> None:
    await ask(engineer, "Enter")
    await kiosk.switch_on()
    await kiosk.until(lambda: kiosk.screen.maintained, "closed from the start")
    await ask(engineer, "Exit")
    await kiosk.until(lambda: not kiosk.screen.maintained, "open again")
