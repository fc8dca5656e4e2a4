"""The engineer's window: assembles and connects.

Object names for automation and tests (stable): engineer.tree (device tree), engineer.tab.<status, counts, faults,
trace, tests, cash>, engineer.page.<the same>, engineer.inject, .clear, .when.<next, nth, chance, now>, .nth, .chance,
.seed, .param.<name>, .filter, .save, .message, .run_test, .test_said, .raise, .join, .new_code, .take_over, .code,
.noted, .first_code, .second_code, .open, .done, .task_state, .lost and .server_lost (the amber lines), .seen, .service,
.vendor_state, .vendor_enter, .vendor_leave.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from common.clock import Clock
from common.errors import AppError
from ui.engineer_app.cash_page import CashPage
from ui.engineer_app.counts_page import CountsPage
from ui.engineer_app.fault_page import FaultPage
from ui.engineer_app.link import MachineLink, MachineLook
from ui.engineer_app.pages import ServiceTable, StatusPage, scrolling
from ui.engineer_app.reach import Reach
from ui.engineer_app.replenishing import Replenishing
from ui.engineer_app.trace_page import TracePage
from ui.engineer_app.trial_page import TrialPage
from ui.engineer_app.vendor_bar import VendorBar
from ui.kit.alerts import WindowAlerts
from ui.kit.base import Tag, hbox, named, vbox
from ui.kit.buttons import Segmented
from ui.kit.focus_ring import FocusRing
from ui.kit.help_overlay import HelpOverlay
from ui.kit.kit import Kit
from ui.kit.layout_modes import LayoutModes
from ui.kit.panels import OfflineLine, Panel, TopBar
from ui.kit.shortcuts import ShortcutTable
from ui.kit.texts.words import t

TABS = ("status", "counts", "faults", "trace", "tests", "cash")
TASK_MS = 2000
TICK_MS = 1000
SMALLEST = (960, 540)
TREE_WIDTH, NARROW_TREE_WIDTH = 300, 248


class EngineerWindow(QWidget):
    """One machine, opened up. Keys: F1, F5 and Ctrl+1 to Ctrl+6."""

    def __init__(
        self, kit: Kit, link: MachineLink, cash: Replenishing, machine: str, folder: Path, clock: Clock
    ) -> None:
        super().__init__()
        self.kit, self._clock, self._chosen = kit, clock, ""
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
        faults = scrolling(self.faults)
        self.cash = CashPage(kit, cash, self.alerts)
        for one in (self.status, self.counts, faults, self.trace, self.tests, self.cash):
            self.pages.addWidget(one)
        self.tabs = named(Segmented(kit, [(name, t(f"engineer.{name}")) for name in TABS]), "engineer.tabs")
        for name in TABS:
            named(self.tabs.segment(name), f"engineer.tab.{name}")
        self.tabs.chosen.connect(self._open)
        self.lost = named(OfflineLine(kit, code="engineer.machine_lost", name="engineer.lost_words"), "engineer.lost")
        self.server_lost = named(OfflineLine(kit, code="engineer.server_lost"), "engineer.server_lost")
        self.seen = named(Tag(kit), "engineer.seen")
        self.seen.hide()
        self._machine, self._server = Reach(clock.now()), Reach(clock.now())
        self._assemble(machine)
        self.modes = LayoutModes(self)
        self.modes.changed.connect(lambda _: self._lay_out())
        self._lay_out()
        self._look = MachineLook()
        link.looked.connect(self.show_look)
        cash.failed.connect(self.failed)
        cash.reached.connect(lambda answered: self.show_server(answered=answered))
        self.table = self._install_keys(cash.fetch)
        self.help = HelpOverlay(kit, self, self.table)
        self.ring = FocusRing(kit, self)
        self._name_for_readers()
        self._every(TASK_MS, cash.fetch)
        self._every(TICK_MS, self._paint_lost)
        cash.fetch()

    def _open(self, name: str) -> None:
        self.tabs.set_current(name)
        self.pages.setCurrentIndex(TABS.index(name))

    def _install_keys(self, look_again: Callable[[], object]) -> ShortcutTable:
        """F1, F5 and a key for each page; the table also prints F1's overlay."""
        table = ShortcutTable(self.kit, self)
        table.add("help", "F1", t("engineer.keys_help"), lambda: self.help.open(), group="common.keys_window")
        table.add("look_again", "F5", t("engineer.keys_look_again"), look_again)
        for number, name in enumerate(TABS, 1):
            words = t(f"engineer.{name}")
            table.add(name, f"Ctrl+{number}", words, partial(self._open, name), group="common.keys_move")
            self.kit.bind(self.tabs.segment(name), self.tabs.segment(name).setToolTip, f"Ctrl {number}")
        return table

    def _name_for_readers(self) -> None:
        """What a screen reader calls the tables: they have no words of their own beside them."""
        for table, words in (
            (self.tree, t("engineer.tree")), (self.status.table, t("engineer.status")),
            (self.counts.table, t("engineer.counts")), (self.faults.kinds, t("engineer.kinds_of_fault")),
            (self.faults.board, t("engineer.faults")), (self.trace.table, t("engineer.trace")),
            (self.tests.table, t("engineer.tests")), (self.cash.table, t("engineer.cash")),
        ):  # fmt: skip
            self.kit.bind(table, table.setAccessibleName, words)

    def _every(self, interval_ms: int, call: Callable[[], object]) -> None:
        timer = QTimer(self, interval=interval_ms)
        timer.timeout.connect(call)
        timer.start()

    def _assemble(self, machine: str) -> None:
        self._left = left = Panel(self.kit, t("engineer.tree"), padding=0)
        left.add_right(self.seen)
        left.body.addWidget(self.tree, 1)
        left.body.addWidget(self.vendor)
        right = Panel(self.kit, None)
        right.body.addLayout(hbox(self.tabs, None))
        right.body.addWidget(self.pages, 1)
        columns = hbox(left, gap=12, margins=(16, 12, 16, 16))
        columns.addWidget(right, 1)
        column = vbox(TopBar(self.kit, machine), self.server_lost, self.lost, gap=0)
        column.addLayout(columns, 1)
        self.setLayout(column)
        self.setMinimumSize(*SMALLEST)
        self.resize(1280, 800)

    def _lay_out(self) -> None:
        """In a narrow window the pages need the room more than the tree does."""
        self._left.setFixedWidth(NARROW_TREE_WIDTH if self.modes.mode.id == "XS" else TREE_WIDTH)

    def _choose(self, key: str) -> None:
        self._chosen = key.partition("/")[0]
        self._paint_status()

    def show_look(self, look: MachineLook | None) -> None:
        """The machine now; None while it does not answer: what was seen last stays."""
        if self._machine.note(self._clock.now(), answered=look is not None):
            self._show_reach()
        self._paint_lost()
        if look is None:
            return
        self._look = look
        self._paint_services()
        self.faults.show_look(look)
        self.vendor.show_state(look.vendor_mode)
        self.trace.add(look.messages)
        self.cash.show_look(look)
        self.tests.show_tests(look.tests)

    def show_server(self, *, answered: bool) -> None:
        """Whether the server answered just now."""
        if self._server.note(self._clock.now(), answered=answered):
            self._show_reach()
        self._paint_lost()

    def _show_reach(self) -> None:
        """What is lost cannot be acted on, and what was seen of it does not look like the present."""
        lost = self._machine.lost
        self.seen.setVisible(lost and self._machine.answered_at is not None)
        self.seen.set_tag(t("engineer.last_seen", at=self._machine.answered_at or self._clock.now()))
        for page in (self.faults, self.tests, self.vendor):
            page.set_lost(lost)
        self.cash.set_lost(machine=lost, server=self._server.lost)
        self._paint_services()

    def _paint_lost(self) -> None:
        now = self._clock.now()
        below = t("engineer.seen_below") if self._machine.answered_at is not None else ""
        self.lost.set_waited(self._machine.waited(now), below=below)
        self.server_lost.set_waited(self._server.waited(now))

    def _paint_services(self) -> None:
        services, lost = self._look.services, self._machine.lost
        self.tree.show_looks(services, lost=lost)
        self.counts.show_looks(services, lost=lost)
        if services and not self._chosen:
            self.tree.choose(services[0].name)
        self._paint_status()

    def _paint_status(self) -> None:
        services = self._look.services
        chosen = next((look for look in services if look.name == self._chosen), services[0] if services else None)
        self.status.show_look(chosen, self._machine.answered_at if self._machine.lost else None)

    def failed(self, error: AppError) -> None:
        """Say what could not be done."""
        self.alerts.error(error)

    def crashed(self, *_words: object) -> None:
        """A bug of ours was written down; the window stays."""
