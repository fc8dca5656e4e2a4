"""The engineer's window over two real hosts: a simulated machine, and one that has a service in its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from common.clock import SystemClock
from common.settings import Settings
from devices.sim.main import Endpoints, Vtm
from devices.xfs.uris import service_uri
from tests.devices.rig import start_vtm
from tests.ui.engineer.test_window import QuietCash, cells
from ui.engineer_app.link import MachineLink
from ui.engineer_app.window import EngineerWindow
from ui.kit.bridge import AsyncBridge
from ui.kit.kit import make_kit
from ui.kit.local_machine import Simulator, probe_machine


@dataclass
class Bench:
    """A window that looks at two hosts."""

    window: EngineerWindow
    away: str
    """What the service of the other host is called in it."""
    running: list[Simulator]
    """The simulated machine that runs here now."""
    other: Simulator


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr("ui.engineer_app.link.EVERY_S", 0.05)
    bridge = AsyncBridge()
    bridge.start()
    made: list[tuple[Vtm, Endpoints]] = []

    async def switch_on() -> None:
        made.extend([await start_vtm(tmp_path / name, tmp_path / f"{name}.jsonl") for name in ("mine", "other")])

    async def switch_off() -> None:
        for vtm, _ in made:
            await vtm.close()

    bridge.submit(switch_on).result(20)
    bridge.on_close(switch_off)
    here, there = (endpoints for _, endpoints in made)
    services = [{"interface": "Printer", "uri": service_uri("127.0.0.1", there.port, "Printer")}]
    settings = Settings.model_validate({"devices": {"services": services}})
    mine, other = (Simulator("127.0.0.1", one.port, one.hands_port, one.hands_token) for one in (here, there))
    running = [mine]
    link = MachineLink(bridge, lambda: running[0], lambda found, heard: probe_machine(settings, found, heard))
    cash = QuietCash()
    window = EngineerWindow(make_kit(strict=True), link, cast(Any, cash), "K-02", tmp_path, SystemClock())
    link.setParent(window)
    qtbot.addWidget(window)
    qtbot.waitUntil(lambda: bool(cells(window.tree)))
    yield Bench(window, f"Printer @127.0.0.1:{there.port}", running, other)
    bridge.close()


def test_a_service_of_another_host_is_in_tree_status_and_tests(bench: Bench, qtbot: QtBot) -> None:
    window = bench.window
    services = [row[0] for row in cells(window.tree) if not row[0].startswith(" ")]
    assert {"Printer", "CashRecycler", bench.away} <= set(services)
    window.tree.row_chosen.emit(bench.away)
    assert ["printer.paper.upper", "full"] in cells(window.status.table)
    window.tests.table.row_chosen.emit(f"{bench.away}: Common.Status")
    window.tests.run.click()
    qtbot.waitUntil(lambda: [bench.away, "在线并回答", "通过"] in [row[:3] for row in cells(window.tests.table)])


def test_counts_are_those_of_every_service_that_holds_something(bench: Bench) -> None:
    rows = cells(bench.window.counts.table)
    groups = [row[0] for row in rows if not row[0].startswith(" ")]
    assert groups == [
        "CardDispenser", "CardReader", "CashRecycler", "CertificatePrinter", "ChequeAcceptor", "CoinDispenser",
        "LaserPrinter", "PassbookPrinter", "Printer", bench.away, "TokenDispenser",
    ]  # fmt: skip
    assert [row[2:4] for row in rows if row[0].strip() == "HOP1"] == [["发放", "debit card, blank"], ["发放", "U-key"]]


def test_what_is_said_to_another_host_is_in_the_trace(bench: Bench, qtbot: QtBot) -> None:
    window = bench.window
    window.trace.wanted.set_value(bench.away)
    window.tests.table.row_chosen.emit(f"{bench.away}: Printer.GetFormList")
    window.tests.run.click()
    qtbot.waitUntil(
        lambda: (
            {"command Printer.GetFormList", "completion Printer.GetFormList"}
            <= {row[4] for row in cells(window.trace.table) if row[1:3] == [bench.away, "仅本窗口"]}
        )
    )
    window.trace.wanted.set_value("cashrecycler getstorage")
    window.trace.paint_rows()
    assert {row[2] for row in cells(window.trace.table)} == {"机器"}


def test_a_machine_that_is_another_one_now_is_looked_at_anew(bench: Bench, qtbot: QtBot) -> None:
    assert bench.away in [row[0] for row in cells(bench.window.tree)]
    bench.running[0] = bench.other
    qtbot.waitUntil(lambda: bench.away not in [row[0] for row in cells(bench.window.tree)])
    assert "Printer" in [row[0] for row in cells(bench.window.tree)], (
        "the other host's services are the machine's own now"
    )
