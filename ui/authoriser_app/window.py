"""The authoriser's window: assembles and connects; everything it shows is computed from review and desk.

Object names for automation and tests (stable):

=============================  ==============================================================================
authoriser.main_key            F9: next difference, approve, go on, read again; ``authoriser.note_line`` beside it
authoriser.return, .reject     F7, F8; authoriser.key.<id>: help, zoom, refresh, accept (F6)
authoriser.accepting, .paused  whether tasks are taken (idle); authoriser.idle_title
authoriser.figure.<key>        decided, median, returned, rejected; authoriser.hours, authoriser.recent (table)
authoriser.task                the page of a task; authoriser.what, .who, .case_number, .left, .left_word: its head
authoriser.evidence.<kind>     id_front, id_back, portrait, live_frame (press: viewer); authoriser.zoom, .rotate
authoriser.score, .verdict     face match; authoriser.intact: evidence unaltered; authoriser.altered: it is not
authoriser.difference.<field>  a line that differs (press: looked at); authoriser.line.<field>: the others
authoriser.differences         how many differ and were looked at; authoriser.comparison scrolls
authoriser.note, .voucher      the teller's words; the button of the draft (V)
authoriser.rule.<number>       a rule that fired; authoriser.months, authoriser.movement.<n>
authoriser.reason              the dialog of F7 and F8: authoriser.reason.1 … 9, authoriser.reason_text,
                               authoriser.reason_ok, authoriser.reason_cancel
authoriser.loading, .gone      while a task is fetched; what became of one that is not ours any more
authoriser.state               top bar, with authoriser.top.<waiting, today, median>, authoriser.language, .theme
=============================  ==============================================================================
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from common.clock import Clock
from common.errors import AppError
from common.wire.authorisation import Decision
from common.wire.cases import CaseView
from common.wire.sessions import UserView
from ui.authoriser_app.actions import Actions
from ui.authoriser_app.bar import CommandBar, install
from ui.authoriser_app.body import Body
from ui.authoriser_app.controller import TaskController
from ui.authoriser_app.desk import DeskController
from ui.authoriser_app.keys import DECIDED_TOASTS
from ui.authoriser_app.popups import Popups
from ui.authoriser_app.render import Painter
from ui.authoriser_app.state import Phase, Review
from ui.authoriser_app.top_bar import AuthoriserTopBar
from ui.kit.alerts import WindowAlerts
from ui.kit.base import vbox
from ui.kit.focus_ring import FocusRing
from ui.kit.kept_faces import KeptFaces
from ui.kit.kit import Kit
from ui.kit.layout_modes import LayoutModes
from ui.kit.panels import OfflineLine
from ui.kit.registers import Registers
from ui.kit.registers_view import RegistersView, wire_registers
from ui.kit.suspense_desk import SuspenseDesk
from ui.kit.suspense_view import SuspensePanel
from ui.kit.texts.words import T, t

TICK_MS = 1000
SMALLEST = (960, 540)


@dataclass(frozen=True)
class Parts:
    """What the window is made of beside widgets."""

    user: UserView
    clock: Clock
    tasks: TaskController
    desk: DeskController
    suspense: SuspenseDesk
    registers: Registers


class AuthoriserWindow(QWidget):
    """The window."""

    def __init__(self, kit: Kit, parts: Parts) -> None:
        super().__init__()
        self.kit, self.parts = kit, parts
        self.setProperty("role", "window")
        self.setObjectName("authoriser.window")
        self.setMinimumSize(*SMALLEST)
        self.resize(1440, 900)
        kit.bind(self, self.setWindowTitle, t("authoriser.window"))
        parts.tasks.setParent(self)
        parts.desk.setParent(self)
        parts.suspense.setParent(self)
        parts.registers.setParent(self)
        self.top = AuthoriserTopBar(kit, parts.user)
        self.offline = OfflineLine(kit)
        self.body = Body(kit, parts.user.number)
        self.bar = CommandBar(kit)
        column = vbox(self.top, self.offline, gap=0)
        column.addWidget(self.body, 1)
        column.addWidget(self.bar)
        self.setLayout(column)
        self.alerts = WindowAlerts(kit, self, self.body)
        self.actions_ = Actions(self)
        self.table = install(kit, self, self.actions_.do)
        suspense, registers = SuspensePanel(kit, self, parts.suspense), RegistersView(kit, self, writes=False)
        self.popups = Popups(kit, self, self.table, suspense, registers)
        self.ring = FocusRing(kit, self)
        self.painter_ = Painter(self)
        self.modes = LayoutModes(self)
        self._soon = self._timer(0, self.painter_.paint)
        self._soon.setSingleShot(True)
        self._shown = self._timer(0, self._on_screen)
        self._shown.setSingleShot(True)
        self._tick = self._timer(TICK_MS, self._ticked)
        self._tick.start()
        self._wire()
        self.body.setFocus(Qt.FocusReason.OtherFocusReason)
        self.lay_out()
        self.painter_.paint()

    def _timer(self, interval: int, call: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.timeout.connect(call)
        return timer

    def _wire(self) -> None:
        tasks, desk, task = self.parts.tasks, self.parts.desk, self.body.task
        for changed in (tasks.changed, desk.changed):
            changed.connect(self._soon.start)
        tasks.arrived.connect(self._arrived)
        tasks.looked.connect(lambda _: self._next_in_view())
        tasks.decided.connect(self._decided)
        tasks.ended.connect(self.popups.close_all)
        tasks.failed.connect(self.failed)
        desk.failed.connect(self.failed)
        wire_registers(self.parts.registers, self.popups.registers)
        self.body.idle.accept.chosen.connect(desk.set_accepting)
        self.bar.pressed.connect(self.actions_.do_from_bar)
        self.popups.covered.connect(self.painter_.cover)
        self.popups.chosen.connect(self.actions_.do)
        self.top.language.connect(lambda: self.actions_.do("language"))
        self.top.theme.connect(lambda: self.actions_.do("theme"))
        task.middle.comparison.looked.connect(tasks.look)
        faces = KeptFaces(self.kit, tasks, self._case, self.failed, self)
        faces.wire(task.people.faces.kept)
        tasks.ended.connect(faces.let_go)
        task.middle.voucher.wanted.connect(lambda: self.actions_.do("voucher"))
        task.people.documents.zoom.connect(lambda: self.actions_.zoom("id_front"))
        task.people.documents.rotate.connect(lambda: self.actions_.zoom("id_front", turned=True))
        for exhibit in task.people.exhibits():
            kind = exhibit.kind.value
            exhibit.box.clicked.connect(lambda _=False, kind=kind: self.actions_.zoom(kind))
        self.modes.changed.connect(lambda _: self.lay_out())
        self.modes.short_changed.connect(lambda _: self.lay_out())
        self.kit.language.changed.connect(self._soon.start)

    def lay_out(self) -> None:
        """L, M, S, XS; low windows."""
        mode, short = self.modes.mode, self.modes.short
        self.kit.theme.set_compact(mode.id == "XS")
        self.top.set_mode(mode.id)
        self.bar.set_mode(mode.id)
        self.body.set_mode(mode, short=short)
        self._soon.start()

    def _case(self) -> CaseView | None:
        task = self.parts.tasks.review.task
        return task.case if task is not None else None

    def _ticked(self) -> None:
        self.parts.tasks.tick()
        self.painter_.paint()

    def _arrived(self) -> None:
        """A task: filled in now, on the screen in the next turn of the loop, which else would be away for both."""
        self.popups.close_all()
        self.painter_.paint()
        self._soon.stop()
        self.body.is_painted = False
        self._shown.start()

    def _on_screen(self) -> None:
        """One chime, the window asks for attention, and what it shows is on the screen before it counts."""
        if self.parts.tasks.review.phase is not Phase.REVIEWING:
            return
        if not self.body.is_painted:
            self.body.repaint()
        QApplication.beep()
        QApplication.alert(self)
        self.body.setFocus(Qt.FocusReason.OtherFocusReason)
        self._next_in_view()
        self.parts.tasks.on_screen()

    def _next_in_view(self) -> None:
        unseen = self.parts.tasks.review.unseen
        if unseen:
            self.body.task.reveal(unseen[0])

    def _decided(self, review: Review) -> None:
        assert review.task is not None
        assert review.sent is not None
        words = DECIDED_TOASTS[Decision(review.sent.body.decision)]
        self.alerts.info(t(words, number=review.task.case.number))

    def words_of(self, error: AppError) -> T:
        """What to tell about an error."""
        return self.kit.language.error(error)

    def failed(self, error: AppError) -> None:
        """Something failed: say so, with what to do."""
        self.alerts.error(error)

    def crashed(self, _error: object) -> None:
        """A bug: it has been recorded."""
        self.alerts.error(t("common.crash"))

    def focused_button(self) -> QAbstractButton | None:
        """The button that has the focus, if it is none of the pictures: Space presses it."""
        widget = QApplication.focusWidget()
        pictures = [one.box for one in self.body.task.people.exhibits()]
        return widget if isinstance(widget, QAbstractButton) and widget not in pictures else None

    @property
    def phase(self) -> Phase:
        """What is on the screen."""
        return self.parts.tasks.review.phase
