"""The teller's window: assembles and connects; everything it shows is computed from the case and `Local`.

Object names for automation and tests (stable):

=============================  ==============================================================================
teller.mainKey                 the main key (F9; F2 while it answers); ``keys.main`` in other windows
teller.key.F1 … F12            function keys; F3 is ``teller.snapshot``
teller.state.<state>           ready, break, after_call, busy
teller.queue                   waiting customers (table; row key: case id); teller.next.title, teller.next.clock
teller.today, teller.filter    today's cases (table; row key: case id) and its filter; teller.caseSearch (F6) and how
                               many were found: teller.found
teller.form.<field>            the box of a form field; teller.form.look.<first field of the line>: "matches the card"
teller.form.section.<section>  chips in the form's head
teller.evidence.<kind>         id_front, id_back, portrait, live_frame; teller.evidenceSmall.<kind> in one line
teller.evidenceTrouble         what is wrong with picture or face; teller.trouble.again, teller.trouble.goOn
teller.score, teller.note      face score; words for the authoriser
teller.cash.sum, .notes        counted notes of a deposit; teller.amount, teller.caseNumber: left panel
teller.auth.title/text/clock   waiting for authorisation; teller.withdraw, teller.push
teller.proof.confirm/pin/sign  states of the customer's proofs; teller.mirror, teller.signature, teller.signAgain
teller.trouble.title           cash trouble; teller.trouble.choice1 … 4, teller.trouble.push, teller.trouble.counted
teller.voucher.number/code     voucher; teller.voucher.open; teller.recordHead with .title, .text;
                               teller.record.<field or kind>
teller.video, teller.mute      the picture of the call
teller.language, teller.theme  top bar; teller.search, teller.seatState, teller.queueCount, teller.delay
dialog.<choice>                stay, hang_up, customer_left, customer_refused, teller; palette.query, palette.list
=============================  ==============================================================================
"""

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from common.errors import AppError
from ui.kit.alerts import WindowAlerts
from ui.kit.base import vbox
from ui.kit.evidence_viewer import EvidenceViewer
from ui.kit.focus_ring import FocusRing
from ui.kit.help_overlay import HelpOverlay
from ui.kit.kit import Kit
from ui.kit.layout_modes import LayoutModes
from ui.kit.palette import Palette
from ui.kit.panels import OfflineLine
from ui.kit.texts.words import t
from ui.kit.tokens import LayoutMode
from ui.teller_app.actions import Actions
from ui.teller_app.bar import CommandBar, KeyState, install
from ui.teller_app.body import Body
from ui.teller_app.form_model import known_forms
from ui.teller_app.parts import Parts
from ui.teller_app.popups import Popups
from ui.teller_app.render import Painter
from ui.teller_app.top_bar import TellerTopBar
from ui.teller_app.wiring import wire

TICK_MS = 1000
_PAINT_EVERY_MS = 40


class TellerWindow(QWidget):
    """The window. Close it and its calls end with the bridge."""

    def __init__(self, kit: Kit, parts: Parts) -> None:
        super().__init__()
        self.kit, self.parts = kit, parts
        self.setProperty("role", "window")
        self.setObjectName("teller.window")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumSize(960, 540)
        self.resize(1440, 900)
        kit.bind(self, self.setWindowTitle, t("teller.window"))
        self.top = TellerTopBar(kit, parts.user)
        self.offline = OfflineLine(kit)
        self.body = Body(kit, self, parts.pictures, parts.link, parts.user.seat or parts.user.number)
        self.bar = CommandBar(kit)
        column = vbox(self.top, self.offline, gap=0)
        column.addWidget(self.body, 1)
        column.addWidget(self.bar)
        self.setLayout(column)
        self.alerts = WindowAlerts(kit, self, self.body.middle)
        self.actions_ = Actions(
            parts.desk, parts.cases, parts.commands, parts.call, parts.voucher, parts.verifying, self.alerts
        )
        self.table = install(kit, self, self.pressed)
        self.keys = KeyState(self.table, self.bar)
        viewer = EvidenceViewer(kit, self)
        self.popups = Popups(self, Palette(kit, self), HelpOverlay(kit, self, self.table), viewer)
        self.ring = FocusRing(kit, self)
        self.painter_ = Painter(self)
        self.modes = LayoutModes(self)
        self.modes.changed.connect(lambda _: self.lay_out())
        self.modes.short_changed.connect(lambda _: self.lay_out())
        self._paint_soon = QTimer(self)
        self._paint_soon.setSingleShot(True)
        self._painted = QElapsedTimer()
        self._painted.start()
        self._paint_soon.timeout.connect(self._paint_now)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self.painter_.tick)
        self._tick.start()
        wire(self)
        self.lay_out()
        self.painter_.paint()
        for specs in known_forms():
            self.body.middle.form.form.prepare(specs)

    def repaint_soon(self) -> None:
        """Paint once after everything that happens now, and in a busy moment not more often than the eye follows."""
        if not self._paint_soon.isActive():
            self._paint_soon.start(max(0, _PAINT_EVERY_MS - self._painted.elapsed()))

    def _paint_now(self) -> None:
        self._painted.start()
        self.painter_.paint_in_turns()

    def lay_out(self) -> None:
        """L, M, S, XS; low windows."""
        mode: LayoutMode = self.modes.mode
        self.kit.theme.set_compact(mode.id == "XS")
        self.top.set_mode(mode.id)
        self.bar.set_mode(mode.id)
        self.body.set_mode(mode, short=self.modes.short)
        self.repaint_soon()

    # --- keys -----------------------------------------------------------------------------------------------

    def pressed(self, key: str) -> None:
        """A shortcut. While something is open above the window only its own keys count."""
        if key == "Esc":
            self.escape()
        elif not self.popups.open_above():
            self._press(key)

    def _press(self, key: str) -> None:
        if key == "F9" or (key == "F2" and self.bar.main.cap == "F2"):
            self.bar.main.press()
        elif key == "F10":
            self.actions_.do("palette")
        elif key == "F1":
            self.actions_.do("help")
        elif key.startswith("F"):
            self.bar.key(key).press()
        else:
            self._press_other(key)

    def _press_other(self, key: str) -> None:
        ids = {"Ctrl+K": "palette", "Ctrl+E": "evidence", "Ctrl+M": "mute"}
        if key in ids:
            self.actions_.do(ids[key])
        elif key == "Ctrl+J":
            self.parts.form.next_look()
        elif key.startswith("Ctrl+"):
            self.go_to_region(int(key[-1]))
        elif key.startswith("Alt+"):
            sections = self.body.middle.form.form.sections()
            if int(key[-1]) <= len(sections):  # a form that is still being made has none yet
                self.body.middle.form.form.go_to_section(sections[int(key[-1]) - 1])
        elif key.isdigit():
            self.body.middle.trouble.pick(int(key))

    def go_to_region(self, number: int) -> None:
        """Ctrl+1 left (a drawer where there is no room), Ctrl+2 middle, Ctrl+3 right."""
        if number == 1 and not self.body.left.isVisible():
            self.body.open_drawer()
            return
        region = (self.body.left, self.body.middle, self.body.right)[number - 1]
        for widget in region.findChildren(QWidget):
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & self.focusable:
                widget.setFocus()
                return

    @property
    def focusable(self) -> Qt.FocusPolicy:
        """What the Tab key stops at."""
        return Qt.FocusPolicy.TabFocus

    def escape(self) -> None:
        """Close the topmost thing, undo the edit of this field; never ends a case or a call."""
        if self.popups.close_topmost() or self.body.middle.form.form.undo_focused():
            return
        cases = self.parts.cases
        if cases.case is None:
            self.body.middle.today.end_search()
        elif cases.local.read_only:
            cases.close()

    def failed(self, error: AppError) -> None:
        """Something failed: say so, with what to do."""
        self.alerts.error(error)

    def ring_at(self, _case_id: str) -> None:
        """A customer is offered: title and taskbar say so beside the tone."""
        QApplication.alert(self)
        self.setWindowTitle(self.kit.say(t("teller.window_ringing")))
