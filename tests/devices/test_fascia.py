"""Printer, document camera, lights, status panel, and the hands themselves."""

import asyncio
import io
import json

import pytest
from PIL import Image

from common.errors import ServiceError, UserError
from devices.client.paper import Lamp
from devices.hands.client import Hands
from devices.sim.faults import FAULTS
from devices.sim.main import Folders
from devices.xfs.codes import DeviceError
from tests.devices.rig import PAN, Rig, soon


async def test_a_receipt_is_printed_seen_and_taken(rig: Rig) -> None:
    await rig.machine.printer.print_receipt("取款回单", ["金额 20,000.00 元", "x" * 45], "谢谢")
    waiting = asyncio.create_task(rig.machine.printer.wait_taken())
    [name] = await rig.hands.take_receipt()
    assert await soon(waiting)
    text = (Folders(rig.folder, "K-02").receipts / name).read_text(encoding="utf-8")
    assert text.splitlines() == ["取款回单", "金额 20,000.00 元", "x" * 40, "x" * 5, "谢谢"]


async def test_a_receipt_left_hanging_goes_into_the_bin(rig: Rig) -> None:
    await rig.machine.printer.print_receipt("a", ["b"])
    assert not await rig.machine.printer.wait_taken(timeout_s=0.05)
    await rig.machine.printer.retain()
    assert rig.vtm.world.view()["paper"]["in_slot"] == []
    assert await rig.machine.printer.wait_taken(timeout_s=1)


async def test_finished_pages_come_out_together_as_they_are(rig: Rig) -> None:
    await rig.machine.pages.print_page(b"%PDF-1.7 page", last=False)
    assert await rig.machine.pages.media() == "present"
    await rig.machine.pages.print_page(b"\x89PNG page", last=True)
    assert not await rig.machine.pages.wait_taken(timeout_s=0.05)
    names = (await rig.hands.act("take_pages"))["receipts"]
    folder = rig.folder / "devices" / "K-02" / "prints" / "laser"
    assert [(folder / name).read_bytes() for name in names] == [b"%PDF-1.7 page", b"\x89PNG page"]
    with pytest.raises(DeviceError) as caught:
        await rig.machine.pages.print_page(b"no page", last=True)
    assert caught.value.code == "device.unsupported"


async def test_paper_runs_low_then_out_then_is_loaded(rig: Rig) -> None:
    await rig.hands.faults.inject("printer.paper_low")
    await rig.machine.printer.print_receipt("a", ["b"])
    assert (await rig.machine.status()).printer.code == "device.paper_low"
    await rig.hands.faults.inject("printer.paper_out")
    with pytest.raises(DeviceError) as caught:
        await rig.machine.printer.print_receipt("a", ["b"])
    assert caught.value.code == "device.paper_out"
    assert (await rig.machine.status()).printer.level == "bad"
    await rig.hands.act_inside("load_paper")
    await rig.machine.printer.print_receipt("a", ["b"])
    thresholds = [e.payload["threshold"] for e in rig.events if e.name == "Printer.PaperThresholdEvent"]
    assert thresholds == ["low", "out", "full"]


async def test_a_paper_jam_is_freed_by_reset(rig: Rig) -> None:
    await rig.hands.faults.inject("printer.jam")
    with pytest.raises(DeviceError) as caught:
        await rig.machine.printer.print_receipt("a", ["b"])
    assert caught.value.code == "device.jam"
    await rig.machine.printer.reset()
    await rig.machine.printer.print_receipt("a", ["b"])


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 40), colour).save(out, "PNG")
    return out.getvalue()


async def test_the_camera_sees_what_lies_on_the_glass(rig: Rig) -> None:
    empty = await rig.machine.document_camera.take_picture()
    assert Image.open(io.BytesIO(empty)).size == (1280, 960)
    card = picture("white")
    await rig.hands.lay_document(card)
    assert await rig.machine.document_camera.take_picture() == card
    await rig.hands.remove_document()
    assert await rig.machine.document_camera.take_picture() == empty
    await rig.hands.faults.inject("camera.inoperable")
    with pytest.raises(DeviceError) as caught:
        await rig.machine.document_camera.take_picture()
    assert caught.value.code == "device.hardware"


async def test_a_large_picture_passes(rig: Rig) -> None:
    image = picture("red") + bytes(5_000_000)
    await rig.hands.lay_document(image)
    assert await rig.machine.document_camera.take_picture() == image


async def test_lights(rig: Rig) -> None:
    await rig.machine.lights.set({"cardReader": Lamp("medium"), "scanner": Lamp("continuous", "red")})
    lamps = (await rig.hands.get_view()).world["lamps"]
    assert (lamps["cardReader"], lamps["scanner"], lamps["pinPad"]) == ("green medium", "red continuous", "off")
    await rig.machine.lights.set({"cardReader": Lamp()})
    lamps = (await rig.hands.get_view()).world["lamps"]
    assert (lamps["cardReader"], lamps["scanner"]) == ("off", "red continuous")
    for light, color in (("coinDispenser", "green"), ("cardReader", "blue")):
        with pytest.raises(DeviceError):
            await rig.machine.lights.set({light: Lamp("medium", color)})


async def test_the_panel_shows_what_is_low(rig: Rig) -> None:
    status = await rig.machine.status()
    assert status.worst == "warn"  # no PIN key yet
    assert status.dispenser.numbers["minor"] == 34_800_000
    await rig.payout(2_000_000)
    assert (await rig.machine.status()).dispenser.numbers["notes_10000"] == 2_800


async def test_hands_can_only_do_what_is_possible(rig: Rig) -> None:
    view = await rig.hands.get_view()
    impossible = {name: reason for name, reason in view.actions.items() if reason}
    expected = {
        "insert_card": "hands.reader_not_waiting",
        "take_card": "hands.no_card",
        "tear_card": "hands.no_card",
        "put_notes": "hands.shutter_closed",
        "take_notes": "hands.no_notes",
        "load_cassette": "hands.no_exchange",
        "remove_cassette": "hands.no_exchange",
        "insert_cassette": "hands.no_cassette",
        "empty_card_bin": "hands.no_card",
        "take_new_card": "hands.no_card",
        "take_token": "hands.no_card",
        "remove_document": "hands.no_document",
        "take_receipt": "hands.no_receipt",
        "press_key": "hands.keys_inactive",
    }
    assert expected.items() <= impossible.items()
    for name, reason in impossible.items():
        with pytest.raises(UserError) as caught:
            await rig.hands.act(name, **({"sealed": ""} if name == "press_key" else {}))
        assert caught.value.code == reason or name == "press_key"
    assert set(view.fault_kinds) == set(FAULTS)


async def test_hands_refuse_nonsense(rig: Rig) -> None:
    reading = await rig.prompted(lambda told: rig.machine.card.read(on_prompt=told))
    for action, params in (
        ("insert_card", {"pan": "12"}),
        ("lay_document", {"image": "!"}),
        ("lay_document", {"image": "QUJD"}),
        ("fly", {}),
    ):
        with pytest.raises(UserError):
            await rig.hands.act(action, **params)
    for fault, when in (("no.such", "next"), ("card.jam", 0), ("card.jam", "soon")):
        with pytest.raises(UserError):
            await rig.hands.faults.inject(fault, when=when)
    await rig.hands.insert_card(pan=PAN)
    assert (await soon(reading)).pan == PAN


async def test_hands_need_the_token(rig: Rig) -> None:
    port = rig.endpoints.hands_port
    with pytest.raises(UserError, match=r"hands\.not_allowed"):
        await Hands.connect("127.0.0.1", port, "wrong")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b'{"id":1,"do":"view"}\n')
    answer = json.loads(await soon(reader.readline()))
    assert answer["error"] == "hands.not_allowed"
    assert await soon(reader.read()) == b""
    writer.close()
    await writer.wait_closed()
    with pytest.raises(ServiceError, match=r"hands\.unreachable"):
        await Hands.connect("127.0.0.1", 1, "")


async def test_a_watcher_sees_the_world_change(rig: Rig) -> None:
    views = rig.hands.watch()
    assert (await soon(anext(views))).world["glass"]["document"] is None
    await rig.hands.lay_document(picture("blue"))
    while (view := await soon(anext(views))).world["glass"]["document"] is None:
        continue
    assert view.actions["remove_document"] is None
    await rig.hands.walk_away()
    while not (view := await soon(anext(views))).customer_away:
        continue
    await views.aclose()  # type: ignore[attr-defined]
