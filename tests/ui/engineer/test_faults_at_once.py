"""The fault page over a real simulated machine: "at once" has happened on every kind of part when it looks again."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from common.clock import SystemClock
from common.errors import AppError
from common.settings import Settings
from devices.client.connection import ServiceConnection
from devices.sim.main import Endpoints, Folders, Vtm
from devices.sim.motor import VirtualMotor
from devices.xfs.catalogue import load
from devices.xfs.envelope import Dialect
from devices.xfs.uris import service_uri
from tests.devices.rig import PAN
from tests.ui.engineer.test_window import QuietCash
from tools.demo.stage import free_port
from ui.engineer_app import link as link_module
from ui.engineer_app.link import MachineLink, MachineLook
from ui.engineer_app.window import EngineerWindow
from ui.kit.bridge import AsyncBridge
from ui.kit.fields import FieldState, Select, TextField
from ui.kit.kit import make_kit
from ui.kit.local_machine import Simulator, probe_machine


class Desk:
    """The window, its machine, and what the window saw of it."""

    def __init__(self, folder: Path) -> None:
        self.bridge = AsyncBridge()
        self.bridge.start()
        self.vtm, self.at = self.bridge.submit(lambda: self._switch_on(folder)).result(20)
        at = self.at
        self.link = MachineLink(
            self.bridge,
            lambda: Simulator(at.host, at.port, at.hands_port, at.hands_token),
            partial(probe_machine, Settings()),
        )
        self.looks: list[MachineLook | None] = []
        self.link.looked.connect(self.looks.append)
        self.cash = cast(Any, QuietCash())
        self.window = EngineerWindow(make_kit(strict=True), self.link, self.cash, "K-02", folder, SystemClock())
        self.errors: list[AppError] = []
        self.window.faults._failed = self.errors.append

    @staticmethod
    async def _switch_on(folder: Path) -> tuple[Vtm, Endpoints]:
        vtm = Vtm(Folders(folder, "K-02"), motor=VirtualMotor())
        return vtm, await vtm.start("127.0.0.1", free_port())

    async def card_inside(self) -> None:
        """A customer's card lies in the reader."""
        uri = service_uri(self.at.host, self.at.port, "CardReader")
        line = await ServiceConnection.open(uri, load(), lambda _: None, Dialect.SPEC)
        reading = asyncio.ensure_future(line.command("CardReader.ReadRawData", {"track2": True}))
        world = self.vtm.world
        await world.until(lambda: world.possible()["insert_card"] is None)
        world.act("insert_card", {"pan": PAN})
        await reading
        await line.close()

    def inject_now(self, fault: str, service: str = "") -> None:
        """What a person clicks."""
        page = self.window.faults
        page.kinds.row_chosen.emit(fault)
        page.moment.kind.segment("now").click()
        assert page.moment.kind.current() == "now"
        if service:
            field = page.parameters.fields["service"]
            assert isinstance(field, Select)
            field.set_value(service)
        page.inject.click()

    def seen(self, service: str, member: str) -> str:
        """What the window saw last of a service, or of a cassette's ``status`` or ``level``."""
        look = self.looks[-1] if self.looks else None
        if look is None or look.counts is None:
            return ""
        units: dict[str, object] = {unit.key: getattr(unit, member, "") for unit in look.counts.units}
        services = {one.name: one.status.get(member, "") for one in look.services}
        return str(units.get(service, services.get(service, "")))

    def close(self) -> None:
        """Everything off."""
        self.bridge.submit(self.vtm.close).result(20)
        self.bridge.close(timeout=15)
        self.window.close()
        self.window.deleteLater()
        self.link.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="module")
def desk(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    link_module.EVERY_S, before = 0.05, link_module.EVERY_S
    made = Desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.close()
    link_module.EVERY_S = before


@pytest.fixture
def working(desk: Desk, qtbot: QtBot) -> Desk:
    """The window has looked at its machine."""
    qtbot.waitUntil(lambda: bool(desk.looks) and desk.looks[-1] is not None)
    return desk


def test_nothing_to_happen_to_is_said(working: Desk, qtbot: QtBot) -> None:
    working.inject_now("card.jam", "CardReader")
    qtbot.waitUntil(lambda: [error.code for error in working.errors] == ["hands.fault_nothing_now"])
    working.errors.clear()


def test_a_card_inside_gets_stuck(working: Desk, qtbot: QtBot) -> None:
    working.bridge.submit(working.card_inside).result(20)
    qtbot.waitUntil(lambda: working.seen("CardReader", "cardReader.media") == "present")
    working.inject_now("card.jam", "CardReader")
    qtbot.waitUntil(lambda: working.seen("CardReader", "cardReader.media") == "jammed")


@pytest.mark.parametrize(
    ("fault", "aimed", "where", "member", "expected"),
    [
        ("cassette.missing", "", "unit3", "status", "missing"),
        ("cassette.full", "", "unit6", "level", "full"),
        ("cash_in.shutter_stuck", "", "CashRecycler", "cashAcceptor.positions.0.shutter", "jammedClosed"),
        ("present.shutter_stuck", "", "CashRecycler", "cashDispenser.positions.0.shutter", "jammedClosed"),
        ("transport.jam", "", "CashRecycler", "cashDispenser.positions.0.transport", "inoperative"),
        ("printer.paper_low", "LaserPrinter", "LaserPrinter", "printer.paper.lower", "low"),
        ("printer.paper_out", "CertificatePrinter", "CertificatePrinter", "printer.paper.upper", "out"),
        ("printer.ink_out", "PassbookPrinter", "PassbookPrinter", "printer.ink", "out"),
        ("printer.jam", "", "Printer", "printer.paper.upper", "jammed"),
        ("print.fails", "DocumentScanner", "DocumentScanner", "common.device", "hardwareError"),
        ("check.jam", "", "ChequeAcceptor", "common.device", "hardwareError"),
        ("coin.jam", "", "CoinDispenser", "common.device", "hardwareError"),
    ],
)
def test_a_part_breaks_at_once(
    working: Desk, qtbot: QtBot, fault: str, aimed: str, where: str, member: str, expected: str
) -> None:
    assert working.seen(where, member) not in ("", expected)
    working.inject_now(fault, aimed)
    qtbot.waitUntil(lambda: working.seen(where, member) == expected)
    assert working.vtm.faults.view() == [], "nothing waits on the board"


@pytest.mark.parametrize("fault", ["wire.drop_connection", "service.restart"])
def test_connections_drop_at_once_and_come_back(working: Desk, qtbot: QtBot, fault: str) -> None:
    working.looks.clear()
    working.inject_now(fault, "Lights")
    qtbot.waitUntil(lambda: None in working.looks)
    qtbot.waitUntil(lambda: working.looks[-1] is not None)


def test_every_fault_that_the_machine_cannot_bring_about_is_not_offered(working: Desk) -> None:
    page = working.window.faults
    kinds = working.vtm.faults.kinds()
    offered: Callable[[], bool] = page.moment.kind.segment("now").isEnabled
    for name, kind in kinds.items():
        page.kinds.row_chosen.emit(name)
        assert offered() == ("now" in kind["triggers"]), name


def test_only_what_the_machine_has_is_offered(working: Desk) -> None:
    page = working.window.faults

    def offered(parameter: str) -> list[str]:
        field = page.parameters.fields[parameter]
        assert isinstance(field, Select)
        return [field.combo.itemData(at) for at in range(field.combo.count())]

    page.kinds.row_chosen.emit("cassette.missing")
    assert offered("unit") == [f"unit{number}" for number in range(1, 9)], "none of them is no cassette"
    page.kinds.row_chosen.emit("cash_in.counterfeit")
    assert offered("face") == ["", "100", "50", "20", "10"]
    page.kinds.row_chosen.emit("printer.paper_out")
    assert offered("source") == ["", "upper"]
    service = page.parameters.fields["service"]
    assert isinstance(service, Select)
    service.set_value("LaserPrinter")
    service.chosen.emit("LaserPrinter")
    assert offered("source") == ["", "upper", "lower"]
    page.kinds.row_chosen.emit("command.error")
    assert "hardwareError" in offered("code")
    assert "" not in offered("code")


def test_a_number_beyond_what_the_board_takes_is_said_at_its_field(working: Desk) -> None:
    page = working.window.faults
    page.kinds.row_chosen.emit("dispense.wrong_count")
    extra = page.parameters.fields["extra"]
    assert isinstance(extra, TextField)
    extra.set_value("0")
    page.inject.click()
    assert extra.state is FieldState.ERROR
    assert working.vtm.faults.view() == []
