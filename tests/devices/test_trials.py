"""An engineer's tests over the wire: what they find, and that none moves what is a customer's."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from common.errors import UserError
from devices.client.guard import held, stuck
from devices.client.probe import Probe, TrialResult
from devices.xfs.codes import DeviceError
from tests.devices.rig import Rig, soon

RESETS = (
    "CardDispenser: CardReader.Reset", "CardReader: CardReader.Reset", "CashRecycler: CashManagement.Reset",
    "ChequeAcceptor: Check.Reset", "DocumentScanner: Printer.Reset", "Printer: Printer.Reset",
)  # fmt: skip


@pytest.fixture
async def probe(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Probe]:
    monkeypatch.setattr("devices.client.trials.LOOK_S", 0.02)
    made = Probe("127.0.0.1", (rig.endpoints.port,))
    await made.open()
    yield made
    await made.close()


def refusal(result: TrialResult) -> tuple[str, object]:
    """What kept a test from being made, and where."""
    assert isinstance(result.error, UserError), result
    return result.error.code, result.error.params.get("service")


async def test_every_test_of_a_machine_in_order_passes(rig: Rig, probe: Probe) -> None:
    results = {one.name: (await probe.test(one.name)).error for one in probe.tests() if one.word != "print"}
    assert {name: error.code for name, error in results.items() if error is not None} == {
        "PinPad: KeyManagement.GetKeyDetail": "pin.key_missing",
    }  # fmt: skip
    assert set(RESETS) < results.keys()
    words = {one.word for one in probe.tests()}
    assert words == {
        "status", "reset", "module", "money", "forms", "layout", "keys", "sensors", "lights", "beep", "scan",
        "shutters", "picture", "print",
    }  # fmt: skip
    assert rig.vtm.world.view()["lamps"]["cardReader"] == "off", "as before"
    rig.counters_agree()


async def test_a_test_page_is_printed_and_the_next_one_waits_until_it_is_taken(rig: Rig, probe: Probe) -> None:
    pages = [one.name for one in probe.tests() if one.word == "print"]
    assert pages == ["LaserPrinter: Printer.PrintForm", "Printer: Printer.PrintForm"], "no numbered blank, no passbook"
    assert (await probe.test(pages[1])).error is None
    assert refusal(await probe.test(pages[1])) == ("probe.paper", "Printer")
    assert refusal(await probe.test("Printer: Printer.Reset")) == ("probe.paper", "Printer")
    await rig.hands.act("take_receipt")
    assert (await probe.test(pages[0])).error is None


async def test_nothing_is_reset_lit_or_filmed_over_a_customers_card(rig: Rig, probe: Probe) -> None:
    await rig.insert_card()
    for name in (
        *RESETS,
        "Lights: Lights.SetLight",
        "Cameras: Camera.TakePicture room",
        "BarcodeReader: BarcodeReader.Read",
    ):
        assert refusal(await probe.test(name)) == ("probe.card", "CardReader"), name
    assert (await probe.test("CardReader: Common.Status")).error is None
    await rig.machine.card.eject()
    assert refusal(await probe.test("CardReader: CardReader.Reset")) == ("probe.card", "CardReader"), "at the mouth"
    await rig.hands.act("take_card")
    assert (await probe.test("CardReader: CardReader.Reset")).error is None


async def test_no_reset_takes_a_customers_notes(rig: Rig, probe: Probe) -> None:
    reset = "CashRecycler: CashManagement.Reset"
    session = await rig.machine.acceptor.start()
    assert refusal(await probe.test(reset)) == ("probe.deposit_open", "CashRecycler")
    inserting = await rig.prompted(lambda told: session.insert(on_prompt=told))
    await rig.hands.put_notes({"100": 2})
    await soon(inserting)
    assert refusal(await probe.test(reset)) == ("probe.money_inside", "CashRecycler")
    await session.end()
    assert (await probe.test(reset)).error is None
    paying = await rig.prompted(lambda told: _pay(rig, told))
    assert refusal(await probe.test(reset)) == ("probe.money_slot", "CashRecycler")
    await rig.hands.take_notes()
    assert (await soon(paying)).paid_minor == 10_000
    rig.counters_agree()


async def _pay(rig: Rig, told: Any) -> Any:
    plan = await rig.machine.dispenser.plan_payout(10_000)
    return await rig.machine.dispenser.pay_out(plan, take_timeout_s=20, on_presented=told)


async def test_no_reset_while_cassettes_are_exchanged(rig: Rig, probe: Probe) -> None:
    found = probe.service_for("CashDispenser")
    assert found is not None
    await found.connection.command("Storage.StartExchange", {})
    assert refusal(await probe.test("CashRecycler: CashManagement.Reset")) == ("device.exchange_active", None)
    await found.connection.command("Storage.EndExchange", {})


async def test_what_is_stuck_is_freed_once_the_machine_is_the_engineers_alone(rig: Rig, probe: Probe) -> None:
    reset = "Printer: Printer.Reset"
    await rig.hands.faults.inject("printer.jam")
    with pytest.raises(DeviceError):
        await rig.machine.printer.print_receipt("a", ["b"])
    assert refusal(await probe.test(reset)) == ("probe.stuck", "Printer")
    await probe.command("VendorMode", "VendorMode.EnterModeRequest")
    while rig.vtm.vendor_mode.mode != "active":
        await asyncio.sleep(0)
    assert (await probe.test(reset)).error is None


async def test_a_service_that_says_nothing_may_have_something_inside(rig: Rig, probe: Probe) -> None:
    await rig.hands.faults.inject("service.not_ready", command="Common.Status")
    code, _ = refusal(await probe.test("Lights: Lights.SetLight"))
    assert code == "probe.no_word"
    assert (await probe.test("Lights: Lights.SetLight")).error is None


async def test_a_fault_is_found(rig: Rig, probe: Probe) -> None:
    await rig.hands.act("tamper")
    alarmed = (await probe.test("Auxiliaries: Auxiliaries")).error
    assert alarmed is not None
    assert (alarmed.code, alarmed.params) == ("probe.alarm", {"sensor": "tamperSensor"})
    await rig.hands.faults.inject("service.not_ready", command="TextTerminal.Beep")
    failed = (await probe.test("TextTerminal: TextTerminal.Beep")).error
    assert failed is not None
    assert failed.code == "device.not_ready"


JAM = {"transportStatus": "notEmpty", "transport": "inoperative"}
WAY = {"position": "outCenter", "positionStatus": "empty", "transport": "ok", "transportStatus": "empty"}


@pytest.mark.parametrize(
    ("status", "code", "doubtful"),
    [
        ({"cardReader": {"media": "latched"}}, "probe.card", False),
        ({"cardReader": {"media": "unknown"}}, None, True),
        ({"printer": {"media": "notPresent", "mediaOnStacker": 2}}, "probe.paper", False),
        ({"printer": {"media": "jammed"}}, None, True),
        ({"check": {"media": "notPresent", "stacker": "notEmpty"}}, "probe.cheques", False),
        ({"check": {"positions": {"refused": {"positionStatus": "notEmpty"}}}}, "probe.cheques", False),
        ({"cashDispenser": {"intermediateStacker": "notEmptyCustomer"}}, "probe.money_inside", False),
        ({"cashAcceptor": {"intermediateStacker": "full"}}, "probe.money_inside", False),
        ({"cashDispenser": {"positions": [WAY | {"transportStatus": "notEmpty"}]}}, "probe.money_inside", False),
        (
            {"cashDispenser": {"positions": [WAY | JAM]}},
            None,
            True,
        ),
        ({"cashAcceptor": {"positions": [WAY | {"positionStatus": "foreignItems"}]}}, "probe.money_slot", False),
        ({"cashDispenser": {"positions": [WAY]}, "common": {"device": "online"}}, None, False),
    ],
)
def test_what_a_status_says_of_a_customers_things(status: dict[str, Any], code: str | None, doubtful: bool) -> None:
    assert (held(status), stuck(status)) == (code, doubtful)
