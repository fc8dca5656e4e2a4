"""New card, U-key and certificate out of the simulated machine's own devices, over the wire."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from common.clock import SystemClock, SystemIds
from common.errors import ServiceError
from common.wire.cases import CustomerStep
from common.wire.handing import HandedOver
from devices.client.journal import CashJournal
from devices.xfs.codes import DeviceError
from tests.devices.rig import Rig, assert_conformant, start_rig
from tests.ui.vtm.cases import case_at
from ui.vtm_app.agent.handing_steps import hand_over
from ui.vtm_app.agent.host import Limits

CARD = {"kind": "card", "number": "9999004182300018", "track2": "9999004182300018=36112010000000000"}
UKEY = {"kind": "ukey", "number": "900100200300"}
PAPER = {
    "kind": "certificate", "number": "TD20261122000001",
    "fields": {"number": "TD20261122000001", "name": "许知远", "amount": "¥1,000.00", "words": "壹仟元整",
               "rate": "一年 0.95%", "opened": "2026-11-22", "due": "2027-11-22"},
}  # fmt: skip
OTHERS = {"number": "TD20261121000009", "name": "沈嘉禾", "amount": "¥2.00"}
"""A certificate of another case."""


@dataclass
class FakeHost:
    """The agent as the step sees it: the jobs wait in a row, what is told is kept; the hand acts once it is shown."""

    rig: Rig
    jobs: list[dict[str, Any]]
    takes: bool = True
    told: list[HandedOver] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    cut: bool = False
    """The power goes after the thing was given, and before the server has heard of it."""

    def __post_init__(self) -> None:
        self.api = self
        self.journal = CashJournal(self.rig.folder / "kiosk.sqlite3", SystemClock(), SystemIds())
        self.case = case_at(CustomerStep.HAND_OVER)
        self.limits = Limits(take_card_s=10 if self.takes else 0.05)

    @property
    def machine(self) -> Any:
        return self.rig.machine

    def at(self, step: CustomerStep) -> bool:
        return bool(self.jobs)

    def show(self, **changes: Any) -> None:
        phase = changes.get("phase", "")
        self.shown.append(phase)
        action = {"card": "take_new_card", "ukey": "take_token", "certificate": "take_certificate"}.get(phase)
        if action is not None and self.takes:
            self.rig.vtm.world.act(action, {})

    async def get_json(self, path: str) -> Any:
        return self.jobs[0] if self.jobs else None

    async def send(self, suffix: str, body: Any = None, *, case_id: str | None = None) -> Any:
        assert suffix == "handed"
        if self.cut:
            raise ServiceError("network.unreachable")
        self.told.append(body)
        self.jobs.pop(0)
        return self.case


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    made = await start_rig(tmp_path)
    yield made
    await made.hands.close()
    await made.machine.close()
    await made.vtm.close()
    assert assert_conformant(made.trace) > 10


async def stocked(rig: Rig) -> None:
    await rig.hands.act_inside("load_cards", count=3)
    await rig.hands.act_inside("load_tokens", count=3)


async def run(host: FakeHost) -> list[tuple[str, str]]:
    step: Any = hand_over
    try:
        await step(host)
    finally:
        host.journal.close()
    return [(one.kind, one.outcome) for one in host.told]


async def test_each_comes_out_written_and_is_taken(rig: Rig) -> None:
    await stocked(rig)
    host = FakeHost(rig, [CARD, UKEY, PAPER])
    assert await run(host) == [("card", "taken"), ("ukey", "taken"), ("certificate", "taken")]
    view = (await rig.hands.get_view()).world
    assert (view["new_card"]["bins"]["unitHOP1"], view["token"]["bins"]["unitHOP1"]) == (2, 2)
    (printed,) = sorted((rig.folder / "devices" / "K-02" / "prints" / "certificate").glob("*"))
    assert "TD20261122000001" in printed.read_text(encoding="utf-8")


async def test_the_number_stands_on_the_stripe(rig: Rig) -> None:
    await stocked(rig)
    host = FakeHost(rig, [CARD], takes=False)
    assert await run(host) == [("card", "retained")]
    (kept,) = (await rig.hands.get_view()).world["new_card"]["kept"]
    assert kept == "999900******0018"


async def test_what_nobody_takes_is_kept(rig: Rig) -> None:
    await stocked(rig)
    host = FakeHost(rig, [UKEY, PAPER], takes=False)
    assert await run(host) == [("ukey", "retained"), ("certificate", "retained")]
    assert await rig.machine.certificates.media() == "notPresent"


@pytest.mark.expects_log("not handed over")
async def test_what_does_not_come_out_is_told_with_its_reason(rig: Rig) -> None:
    host = FakeHost(rig, [CARD, UKEY])
    assert await run(host) == [("card", "failed"), ("ukey", "failed")]
    assert {one.error for one in host.told} == {"device.no_media"}


@pytest.mark.parametrize("thing", [CARD, UKEY, PAPER])
async def test_what_an_earlier_case_left_in_the_slot_is_given_to_nobody(rig: Rig, thing: dict[str, Any]) -> None:
    await stocked(rig)
    if thing is PAPER:
        await rig.machine.certificates.print_form("deposit", OTHERS)
    elif thing is CARD:
        await rig.machine.new_cards.give("9999004182300099=3611201")
    else:
        await rig.machine.tokens.give()
    assert await run(FakeHost(rig, [thing])) == [(thing["kind"], "taken")]
    view = (await rig.hands.get_view()).world
    left = (view["new_card"]["bins"]["unitHOP1"], view["token"]["bins"]["unitHOP1"])
    assert left == {"card": (1, 3), "ukey": (3, 1), "certificate": (3, 3)}[thing["kind"]]
    sheets = rig.folder / "devices" / "K-02" / "prints" / "certificate"
    assert len(list(sheets.glob("*"))) == 2 * (thing is PAPER)


@pytest.mark.expects_log("not handed over")
@pytest.mark.parametrize("begun", [False, True])
async def test_a_jammed_printer_gives_nothing(rig: Rig, begun: bool) -> None:
    rig.vtm.faults.inject("print.fails", service="CertificatePrinter")
    with pytest.raises(DeviceError):
        await rig.machine.certificates.print_form("deposit", OTHERS)
    assert await rig.machine.certificates.media() == "jammed"
    host = FakeHost(rig, [PAPER])
    if begun:
        host.journal.things.begin(host.case.id, "certificate", str(PAPER["number"]), {})
    assert await run(host) == [("certificate", "failed")]
    assert "certificate" not in host.shown


async def test_a_sheet_that_a_power_cut_left_inside_is_kept_and_not_called_taken(rig: Rig) -> None:
    host, printer = FakeHost(rig, [PAPER]), rig.machine.certificates
    host.journal.things.begin(host.case.id, "certificate", str(PAPER["number"]), {})
    printed = {"formName": "deposit", "fields": PAPER["fields"], "paperSource": "upper"}
    await printer._link.command("Printer.PrintForm", printed, timeout_s=10)
    assert await printer.media() == "present"
    assert await run(host) == [("certificate", "failed")]
    assert (host.told[0].error, await printer.media()) == ("handing.unknown", "notPresent")


@pytest.mark.parametrize("takes", [True, False])
@pytest.mark.parametrize("thing", [CARD, UKEY, PAPER])
async def test_what_was_given_before_a_power_cut_is_told_and_not_given_again(
    rig: Rig, thing: dict[str, Any], takes: bool
) -> None:
    await stocked(rig)
    with pytest.raises(ServiceError):
        await run(FakeHost(rig, [thing], takes=takes, cut=True))
    after = FakeHost(rig, [thing], takes=takes)
    assert await run(after) == [(thing["kind"], "taken" if takes else "retained")]
    assert thing["kind"] not in after.shown
    view = (await rig.hands.get_view()).world
    left = (view["new_card"]["bins"]["unitHOP1"], view["token"]["bins"]["unitHOP1"])
    assert left == {"card": (2, 3), "ukey": (3, 2), "certificate": (3, 3)}[thing["kind"]]
    prints = rig.folder / "devices" / "K-02" / "prints" / "certificate"
    assert len(list(prints.glob("*"))) == (thing is PAPER)


@pytest.mark.parametrize(
    ("reached", "outcome"), [("hopper", "taken"), ("way", "taken"), ("hand", "taken"), ("bin", "retained")]
)
async def test_where_a_power_cut_met_a_card_is_found_by_the_counters(rig: Rig, reached: str, outcome: str) -> None:
    await stocked(rig)
    host, cards = FakeHost(rig, [CARD]), rig.machine.new_cards
    host.journal.things.begin(host.case.id, "card", str(CARD["number"]), await cards.counts())
    if reached != "hopper":
        await cards.give(CARD["track2"] if reached != "way" else "")
    if reached == "hand":
        rig.vtm.world.act("take_new_card", {})
    elif reached == "bin":
        await cards.retain()
    assert await run(host) == [("card", outcome)]
    assert (await rig.hands.get_view()).world["new_card"]["bins"]["unitHOP1"] == 2


async def test_a_certificate_of_which_nobody_can_say_whether_it_came_out_is_not_printed_again(rig: Rig) -> None:
    host = FakeHost(rig, [PAPER])
    host.journal.things.begin(host.case.id, "certificate", str(PAPER["number"]), {})
    assert await run(host) == [("certificate", "failed")]
    assert host.told[0].error == "handing.unknown"
    assert not (rig.folder / "devices" / "K-02" / "prints" / "certificate").exists()
