"""The lights follow the screen: which one shines when, and that the machine on the wire gets it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from common.errors import AppError, UserError
from common.wire.cases import CustomerStep
from devices.client.errors import ConnectionLost, DeviceError
from devices.client.paper import GuidanceLights, Lamp
from tests.devices.rig import Rig, assert_conformant, start_rig
from ui.vtm_app.agent.guide import FAILED, HERE, OFF, TAKE, Guide, lamps_for
from ui.vtm_app.agent.screen import Screen

_S = CustomerStep
BROKEN = DeviceError(
    "device.jam", command="Printer.PrintForm", completion="hardwareError", error_code=None, retryable=False
)


def at(step: CustomerStep | None, phase: str = "", problem: AppError | None = None) -> Screen:
    return Screen(step=step, phase=phase, problem=problem, machine_ready=True)


def shining(screen: Screen) -> dict[str, Lamp]:
    return {light: lamp for light, lamp in lamps_for(screen).items() if lamp != OFF}


@pytest.mark.parametrize(
    ("screen", "lamps"),
    [
        (at(None), {}),
        (at(_S.INSERT_CARD, "waiting"), {"cardReader": HERE}),
        (at(_S.INSERT_CARD, "reading"), {}),
        (at(_S.LAY_ID_FRONT, "looking"), {"scanner": HERE}),
        (at(_S.LAY_ID_BACK, "sending"), {}),
        (at(_S.INSERT_CASH, "open"), {"billAcceptor": HERE}),
        (at(_S.INSERT_CASH, "refused"), {"notesDispenser": TAKE}),
        (at(_S.PIN, "typing"), {"pinPad": HERE}),
        (at(_S.TAKE_CASH, "present"), {"notesDispenser": TAKE}),
        (at(_S.TAKE_CARD, "out"), {"cardReader": TAKE}),
        (at(_S.TAKE_RECEIPT, "out"), {"receiptPrinter": TAKE}),
        (at(_S.TAKE_RECEIPT, "printing", BROKEN), {"receiptPrinter": FAILED}),
        (at(_S.INSERT_CARD, "waiting", BROKEN), {"cardReader": HERE}),
        (at(_S.INSERT_CARD, "reading", UserError("card.unknown")), {}),
        (at(_S.SIGN), {}),
    ],
    ids=lambda value: f"{value.step} {value.phase}" if isinstance(value, Screen) else "",
)
def test_where_the_light_is(screen: Screen, lamps: dict[str, Lamp]) -> None:
    assert shining(screen) == lamps


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    bench = await start_rig(tmp_path)
    yield bench
    await bench.hands.close()
    await bench.machine.close()
    await bench.vtm.close()
    assert_conformant(bench.trace)


async def lamps_become(rig: Rig, expected: dict[str, str]) -> None:
    """Wait until the machine itself says that these lamps shine, and no others."""
    lamps: dict[str, str] = {}
    try:
        async with asyncio.timeout(10):
            while True:
                world = (await rig.hands.get_view()).world
                lamps = {light: how for light, how in world["lamps"].items() if how != "off"}
                if lamps == expected:
                    return
    except TimeoutError:
        raise AssertionError(f"{lamps} instead of {expected}") from None


async def test_a_visit_on_the_wire_lights_one_place_after_the_other(rig: Rig) -> None:
    guide = Guide(lambda: rig.machine.lights)
    running = asyncio.create_task(guide.run())
    for step, phase, expected in (
        (_S.INSERT_CARD, "waiting", {"cardReader": "green medium"}),
        (_S.LAY_ID_FRONT, "waiting", {"scanner": "green medium"}),
        (_S.TAKE_CASH, "present", {"notesDispenser": "green quick"}),
        (_S.TAKE_RECEIPT, "out", {"receiptPrinter": "green quick"}),
        (_S.RATE, "", {}),
        (_S.GOODBYE, "papers", {"scanner": "green quick"}),
    ):
        guide.follow(at(step, phase))
        await lamps_become(rig, expected)
    await guide.close()
    await lamps_become(rig, {})
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_kiosk_that_was_switched_on_again_puts_out_what_still_shines(rig: Rig) -> None:
    await rig.machine.lights.set({"notesDispenser": TAKE, "cardReader": HERE})
    guide = Guide(lambda: rig.machine.lights)
    running = asyncio.create_task(guide.run())
    guide.follow(at(None))
    await lamps_become(rig, {})
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_machine_that_was_away_gets_everything_again() -> None:
    told: list[dict[str, Lamp]] = []
    done = asyncio.Event()

    class Lights(GuidanceLights):
        def __init__(self) -> None: ...

        async def set(self, lamps: object) -> None:
            assert isinstance(lamps, dict)
            told.append(lamps)
            done.set()
            if len(told) == 1:
                raise ConnectionLost("Lights")

    guide = Guide(Lights)
    running = asyncio.create_task(guide.run())
    for ready in (True, False, True):
        guide.follow(Screen(step=_S.INSERT_CARD, phase="waiting", machine_ready=ready))
        if ready:
            await asyncio.wait_for(done.wait(), 5)
            done.clear()
    assert told == [lamps_for(at(_S.INSERT_CARD, "waiting"))] * 2
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
