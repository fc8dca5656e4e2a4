"""The engineer's window: assembles and connects.

Object names for automation and tests (stable): engineer.tree (device tree), engineer.tab.<status, counts, faults,
trace, tests, cash>, engineer.page.<the same>, engineer.inject, .clear, .when.<next, nth, chance, now>, .nth, .chance,
.seed, .param.<name>, .filter, .save, .run_test, .test_said, .raise, .join, .take_over, .code, .first_code,
.second_code, .open, .done, .task_state, .lost, .vendor_state, .vendor_enter, .vendor_leave.
"""

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from common.clock import Clock
from common.errors import AppError
from ui.engineer_app.cash_page import CashPage
from ui.engineer_app.counts_page import CountsPage
from ui.engineer_app.fault_page import FaultPage
from ui.engineer_app.link import MachineLink, MachineLook
from ui.engineer_app.pages import ServiceTable, StatusPage, TracePage
from ui.engineer_app.replenishing import Replenishing
from ui.engineer_app.trial_page import TrialPage
from ui.engineer_app.vendor_bar import VendorBar
from ui.kit.alerts import WindowAlerts
from ui.kit.base import Label, hbox, named, vbox
from ui.kit.buttons import Segmented
from ui.kit.kit import Kit
from ui.kit.panels import Panel, TopBar
from ui.kit.texts.words import t

TABS = ("status", "counts", "faults", "trace", "tests", "cash")
TASK_MS = 2000


class EngineerWindow(QWidget):
    """One machine, opened up."""

    def __init__(
        self, kit: Kit, link: MachineLink, cash: Replenishing, machine: str, folder: Path, clock: Clock
    ) -> None:
        super().__init__()
        self.kit, self._chosen = kit, ""
        kit.bind(self, self.setWindowTitle, t("app.engineer"))
        self.alerts = WindowAlerts(kit, self)
        self.tree = named(ServiceTable(kit), "engineer.tree")
        self.tree.row_chosen.connect(self._choose)
        self.status, self.counts = StatusPage(kit), CountsPage(kit)
        self.faults = FaultPage(kit, link, self.failed)
        self.trace = TracePage(kit, clock, folder, lambda words: self.alerts.info(words))
        self.tests = TrialPage(kit, link, self.failed)
        self.vendor = VendorBar(kit, link, self.failed)
        self.pages = QStackedWidget()
        for one in (self.status, self.counts, self.faults, self.trace, self.tests, CashPage(kit, cash)):
            self.pages.addWidget(one)
        self.tabs = named(Segmented(kit, [(name, t(f"engineer.{name}")) for name in TABS]), "engineer.tabs")
        for name in TABS:
            named(self.tabs.segment(name), f"engineer.tab.{name}")
        self.tabs.chosen.connect(lambda name: self.pages.setCurrentIndex(TABS.index(name)))
        self.lost = named(Label(kit, t("engineer.no_machine"), "strong"), "engineer.lost")
        self._assemble(machine)
        self._look = MachineLook()
        link.looked.connect(self.show_look)
        cash.failed.connect(self.failed)
        self._timer = QTimer(self, interval=TASK_MS)
        self._timer.timeout.connect(cash.fetch)
        self._timer.start()
        cash.fetch()

    def _assemble(self, machine: str) -> None:
        left = Panel(self.kit, t("engineer.tree"), padding=0)
        left.body.addWidget(self.tree, 1)
        left.body.addWidget(self.vendor)
        left.setFixedWidth(300)
        right = Panel(self.kit, None)
        right.body.addLayout(hbox(self.tabs, None, self.lost))
        right.body.addWidget(self.pages, 1)
        columns = hbox(left, gap=12, margins=(16, 12, 16, 16))
        columns.addWidget(right, 1)
        self.setLayout(vbox(TopBar(self.kit, machine), columns, gap=0))
        self.resize(1280, 800)

    def _choose(self, key: str) -> None:
        self._chosen = key.partition("/")[0]
        self._paint_status()

    def show_look(self, look: MachineLook | None) -> None:
        """The machine now; None while it does not answer: what was seen last stays."""
        self.lost.setVisible(look is None)
        if look is None:
            return
        self._look = look
        self.tree.show_looks(look.services)
        self.counts.show_looks(look.services)
        self.faults.show_look(look)
        self.vendor.show_state(look.vendor_mode)
        self.trace.add(look.messages)
        self.tests.show_tests(look.tests)
        self._paint_status()

    def _paint_status(self) -> None:
        services = self._look.services
        chosen = next((look for look in services if look.name == self._chosen), services[0] if services else None)
        self.status.show_look(chosen)

    def failed(self, error: AppError) -> None:
        """Say what could not be done."""
        self.alerts.error(error)

    def crashed(self, *_words: object) -> None:
        """A bug of ours was written down; the window stays."""
