"""The whole voucher on paper: the real agent, and the page printer of a simulated machine over its sockets."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image

from common.errors import ServiceError
from common.wire.cases import CustomerStep
from common.wire.registers import VoucherPages
from tests.devices.rig import Rig, assert_conformant, start_rig
from tests.ui.vtm.agent.conftest import Kiosk
from tests.ui.vtm.cases import voucher
from tests.ui.vtm.screens import SCREENS
from ui.vtm_app.scenes_steps import may_print

pytestmark = pytest.mark.expects_log("PIN key not loaded")
"""The fake server has none that this machine takes."""
PAGES = 2
LASER = "LaserPrinter"


def laser(rig: Rig) -> dict[str, Any]:
    view: dict[str, Any] = rig.vtm.world.view()["laser"]
    return view


def _page(number: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (24, 34), (200, 40 * number, 40)).save(out, "PNG")
    return out.getvalue()


async def _get(server: Any, get: Any, path: str, model: Any) -> Any:
    return VoucherPages(count=PAGES) if model is VoucherPages else await get(path, model)


@pytest.fixture
async def rig(kiosk: Kiosk, tmp_path: Path) -> AsyncIterator[Rig]:
    """The kiosk stands at the stars; its machine is a real one."""
    made = await start_rig(tmp_path)
    server, get = kiosk.server, kiosk.server.get
    kiosk.machine = cast(Any, made.machine)
    kiosk.visit(CustomerStep.RATE, voucher=voucher())
    server.get = lambda path, model, **query: _get(server, get, path, model)  # type: ignore[method-assign]

    async def picture(path: str) -> bytes:
        return _page(int(path.rsplit("/", 1)[-1].split("?")[0])) if "/pages/" in path else b"key block"

    server.get_bytes = picture  # type: ignore[method-assign]
    server.reactions["voucher/wanted"] = asked("wanted")
    server.reactions["voucher/printing"] = asked("printing")
    server.reactions["voucher/printed"] = {"customer_step": CustomerStep.RATE}
    yield made
    await kiosk.switch_off()
    await made.hands.close()
    await made.machine.close()
    await made.vtm.close()
    assert assert_conformant(made.trace) > 10


def asked(state: str) -> dict[str, Any]:
    return {"customer_step": CustomerStep.PRINT_VOUCHER, "voucher": voucher(state)}


async def told(kiosk: Kiosk) -> tuple[str, int, str | None]:
    await kiosk.until(lambda: kiosk.server.bodies("voucher/printed"), "told what became of it")
    body = kiosk.server.bodies("voucher/printed")[-1]
    return body.outcome, body.count, body.error


async def offered(kiosk: Kiosk, supplies: str) -> bool:
    await kiosk.until(lambda: kiosk.screen.sheets == supplies, f"supplies {supplies}")
    assert kiosk.screen.case is not None
    return may_print(kiosk.screen, kiosk.screen.case)


async def test_it_is_offered_printed_as_pictures_and_taken(kiosk: Kiosk, rig: Rig) -> None:
    await kiosk.switch_on()
    assert await offered(kiosk, "ok")
    await kiosk.customer.print_voucher()
    await kiosk.at(CustomerStep.PRINT_VOUCHER, "out")
    taken = await rig.hands.act("take_pages")
    assert await told(kiosk) == ("taken", PAGES, None)
    folder = rig.folder / "devices" / "K-02" / "prints" / "laser"
    assert [(folder / name).read_bytes() for name in taken["receipts"]] == [_page(1), _page(2)]
    assert [name for name, _ in kiosk.server.told] == ["voucher/wanted", "voucher/printing", "voucher/printed"]


async def test_what_nobody_takes_is_pulled_back(kiosk: Kiosk, rig: Rig) -> None:
    await kiosk.switch_on()
    kiosk.brain.limits.take_paper_s = 0.05
    await kiosk.customer.print_voucher()
    assert await told(kiosk) == ("retained", PAGES, None)
    assert len(laser(rig)["bin"]) == PAGES


@pytest.mark.expects_log("voucher not printed")
async def test_paper_that_ends_midway_is_told_and_half_a_voucher_stays_inside(kiosk: Kiosk, rig: Rig) -> None:
    rig.vtm.faults.inject("printer.paper_low", when="now", service=LASER)
    rig.vtm.faults.inject("printer.paper_out", when=2, service=LASER)
    await kiosk.switch_on()
    assert await offered(kiosk, "low")
    await kiosk.customer.print_voucher()
    assert await told(kiosk) == ("failed", 1, "device.paper_out")
    view = laser(rig)
    assert (view["in_slot"], len(view["bin"])) == ([], 1)
    assert not await offered(kiosk, "out")


async def test_the_second_tray_is_used_when_the_first_is_empty(kiosk: Kiosk, rig: Rig) -> None:
    rig.vtm.faults.inject("printer.paper_out", when="now", service=LASER, source="upper")
    await kiosk.switch_on()
    await kiosk.customer.print_voucher()
    await kiosk.at(CustomerStep.PRINT_VOUCHER, "out")
    await rig.hands.act("take_pages")
    assert await told(kiosk) == ("taken", PAGES, None)
    assert laser(rig)["left"] == {"upper": 0, "lower": 498 * 297}


@pytest.mark.expects_log("voucher not printed")
async def test_a_jam_and_an_empty_toner_are_told_with_their_reason(kiosk: Kiosk, rig: Rig) -> None:
    await kiosk.switch_on()
    rig.vtm.faults.inject("print.fails", service=LASER)
    await kiosk.customer.print_voucher()
    assert await told(kiosk) == ("failed", 0, "device.jam")
    assert not await offered(kiosk, "out")


@pytest.mark.parametrize(
    ("lies", "outcome"),
    [("nothing", ("unknown", 0, "voucher.print_cut")), ("half", ("failed", 0, "voucher.print_cut")),
     ("all", ("taken", PAGES, None))],
)  # fmt: skip
async def test_after_a_power_cut_nothing_is_printed_twice(
    kiosk: Kiosk, rig: Rig, lies: str, outcome: tuple[str, int, str | None]
) -> None:
    if lies != "nothing":
        await rig.machine.pages.print_page(_page(1), last=lies == "all")
    kiosk.visit(CustomerStep.PRINT_VOUCHER, voucher=voucher("printing"))
    await kiosk.switch_on()
    if lies == "all":
        await kiosk.at(CustomerStep.PRINT_VOUCHER, "out")
        await rig.hands.act("take_pages")
    assert await told(kiosk) == outcome
    assert laser(rig)["serial"] == (0 if lies == "nothing" else 1)


async def test_a_line_that_is_down_is_waited_for_and_nothing_is_printed_twice(kiosk: Kiosk, rig: Rig) -> None:
    kiosk.server.refusals["voucher/printed"] = [ServiceError("network.unreachable")] * 3
    await kiosk.switch_on()
    await kiosk.customer.print_voucher()
    await kiosk.at(CustomerStep.PRINT_VOUCHER, "out")
    await rig.hands.act("take_pages")
    assert await told(kiosk) == ("taken", PAGES, None)
    assert laser(rig)["serial"] == PAGES


def test_who_has_it_is_not_asked_again() -> None:
    screen = SCREENS["rate-voucher"]
    assert screen is not None
    assert screen.case is not None
    taken = voucher("taken")
    assert taken.sheets is not None
    taken = taken.model_copy(update={"sheets": taken.sheets.model_copy(update={"again": False})})
    assert may_print(screen, screen.case)
    assert not may_print(screen, screen.case.model_copy(update={"voucher": taken}))
    assert not may_print(replace(screen, sheets=""), screen.case)
