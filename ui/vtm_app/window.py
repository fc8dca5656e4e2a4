"""The customer's window: assembles and connects. What it shows is computed by `presenter` from the agent's screen.

Object names for automation and tests (stable):

==========================================  ====================================================================
kiosk.window                                the window; ``kiosk.page``: its text is the name of the page: attract,
                                            choose, starting, out_of_order, offline, or the customer's step
kiosk.touch                                 greeting; ``kiosk.choose.cash_withdrawal``, ``.cash_deposit``: tiles
kiosk.language, kiosk.large_print           head
kiosk.leave, kiosk.again                    foot; also ``kiosk.dispute`` and ``kiosk.all_right`` while confirming
kiosk.ask.yes, kiosk.ask.no                 "end this visit?"; kiosk.there.yes: "are you still there?"
kiosk.step, kiosk.hint, kiosk.notice.words  the sentence, its hint, what has just gone wrong; kiosk.status
kiosk.position, kiosk.estimated             queue
kiosk.doc.again, kiosk.doc.as_is            a document lies poorly: try once more, or take it as it is
kiosk.count_right, .count_more, .count_back notes counted; kiosk.total
kiosk.confirm; kiosk.line.<line>            summary (line: amount, notes, …); kiosk.value.<line>: as shown
kiosk.pin.boxes, kiosk.pin.typed            PIN: a count only
kiosk.face.agree, kiosk.face.decline        may the face be compared; kiosk.revoke_face: not any more (foot)
kiosk.signature, kiosk.signed, kiosk.redo   signature
kiosk.amount, kiosk.notes, kiosk.left       cash is out; kiosk.left on every countdown
kiosk.fact.account, .machine, .hand         trouble: where the money is
kiosk.rate.1 … kiosk.rate.5                 stars; kiosk.video: the teller
==========================================  ====================================================================
"""

import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.kit.base import named, vbox
from ui.kit.focus_ring import FocusRing
from ui.kit.kiosk import KioskFoot, KioskHead
from ui.kit.kit import Kit
from ui.kit.texts.book import Lang
from ui.kit.texts.words import t
from ui.kit.theme import ThemeName
from ui.kit.tokens import size
from ui.vtm_app.acts import Acts
from ui.vtm_app.ask import Ask
from ui.vtm_app.call_watch import CallWatch
from ui.vtm_app.controller import Controller
from ui.vtm_app.mirror import Mirror
from ui.vtm_app.pages.face_consent import TEXT as FACE_TEXT
from ui.vtm_app.pages.sign import SignPage
from ui.vtm_app.pages.stack import make_pages
from ui.vtm_app.ports import CallLinkPort, Voice
from ui.vtm_app.scene import CallPhase, Key, Layout, Scene
from ui.vtm_app.speech import Prompter, announce
from ui.vtm_app.teller_area import TellerArea

TICK_MS = 1000


class KioskWindow(QWidget):
    """1080x1920, whatever the screen: a smaller one is met by scaling the whole process.

    Args:
        place: where the kiosk stands, shown at rest.
        beside: another window that lives and dies with this one (the simulator's hands).
    """

    def __init__(
        self, kit: Kit, controller: Controller, call: CallLinkPort, voice: Voice, *, place: str = "",
        beside: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.kit, self.controller, self._beside = kit, controller, beside
        self.acts = Acts(controller)
        self._default_language: Lang = kit.language.current
        self._foot_keys: tuple[Key, ...] | None = None
        self._shown = ""
        named(self, "kiosk.window").setProperty("role", "kiosk")
        self.setFixedSize(size("kiosk", "width"), size("kiosk", "height"))
        kit.bind(self, self.setWindowTitle, t("kiosk.window"))
        self._assemble(place, call)
        self.prompter = Prompter(voice, self._alert)
        self.mirror = Mirror(self, call.send_data)
        self.call_watch = CallWatch(call, controller)
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.ring = FocusRing(kit, self)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._tick.start()
        self.paint()

    def _assemble(self, place: str, call: CallLinkPort) -> None:
        kit = self.kit
        self.head = KioskHead(kit)
        named(self.head.language_button, "kiosk.language")
        named(self.head.size_button, "kiosk.large_print").setCheckable(True)
        self.teller = TellerArea(kit, call)
        self.pages = make_pages(kit, self.acts, place)
        self.stack = named(QStackedWidget(), "kiosk.page")
        for page in self.pages.values():
            self.stack.addWidget(page)
        self.foot = KioskFoot(kit)
        column = vbox(self.head, self.teller, gap=0)
        column.addWidget(self.stack, 1)
        column.addWidget(self.foot)
        self.setLayout(column)
        end = ("yes", t("kiosk.ask_leave_yes"), "log-out", "")
        stay = ("no", t("kiosk.ask_leave_no"), "arrow-l", "primary")
        self.ask_leave = Ask(kit, self, "kiosk.ask", t("kiosk.ask_leave"), (end, stay))
        there = ("yes", t("kiosk.ask_there_yes"), "hand", "primary")
        self.ask_there = Ask(kit, self, "kiosk.there", t("kiosk.ask_there"), (there,))

    def _connect(self) -> None:
        controller = self.controller
        controller.changed.connect(self.paint)
        controller.rested.connect(self._rest)
        self.head.language_pressed.connect(self._switch_language)
        self.head.size_pressed.connect(lambda: controller.set_large(not controller.local.large))
        self.foot.pressed.connect(self._pressed)
        self.ask_leave.answered.connect(lambda key: controller.leave() if key == "yes" else controller.touch())
        self.ask_there.answered.connect(lambda _: controller.touch())
        self.kit.language.changed.connect(self.paint)
        pad = self._sign_page.pad
        self._sign_page.on_stroke(
            lambda points: self.mirror.send_stroke(points, pad.width(), pad.height()),  # type: ignore[arg-type]
            self.mirror.send_clear,
        )

    @property
    def _sign_page(self) -> SignPage:
        page = self.pages[Layout.SIGN]
        assert isinstance(page, SignPage)
        return page

    # --- painting --------------------------------------------------------------------------------------------

    def paint(self) -> None:
        """Show the present scene."""
        controller = self.controller
        scene, local = controller.scene, controller.local
        case = controller.screen.case if controller.screen is not None else None
        theme: ThemeName = "large" if local.large else "light"
        self.kit.theme.set_name(theme)
        self.head.size_button.setChecked(local.large)
        self.head.setVisible(scene.layout is not Layout.ATTRACT)
        self.teller.show_scene(scene, case, local)
        self._show_page(scene)
        self._show_foot(scene)
        self._show_asks(scene)
        live = local.call is CallPhase.LIVE
        self.mirror.set_state(on=live and case is not None, masked=scene.layout is Layout.PIN)
        self.mirror.note_change()
        now = time.monotonic()
        self.prompter.follow(scene.name, self.kit.say(scene.step), self.kit.language.current, now)

    def _show_page(self, scene: Scene) -> None:
        page = self.pages[scene.layout]
        if scene.name != self._shown:
            if scene.layout is Layout.SIGN:
                self._sign_page.begin()
            self._shown = scene.name
            self.stack.setAccessibleName(scene.name)
        page.show_scene(scene, self.controller.screen, self.controller.local)
        if self.stack.currentWidget() is not page:
            self.stack.setCurrentWidget(page)
            self.setFocus()  # a page that goes leaves its focus to nobody: no ring without a keyboard

    def _show_foot(self, scene: Scene) -> None:
        self.foot.setVisible(bool(scene.keys))
        if scene.keys != self._foot_keys:
            self._foot_keys = scene.keys
            self.foot.set_buttons([(key.id, key.words, key.icon) for key in scene.keys])
            for key, button in self.foot.buttons.items():
                named(button, f"kiosk.{key}")

    def _show_asks(self, scene: Scene) -> None:
        left = self.controller.idle_left
        if left:
            self.ask_leave.close_ask()
            self.ask_there.open(t("kiosk.ask_there_hint", left=left))
        elif self.ask_there.is_open:
            self.ask_there.close_ask()
        if self.ask_leave.is_open and all(key.id != "leave" for key in scene.keys):
            self.ask_leave.close_ask()

    def _alert(self, _text: str) -> None:
        announce(self)

    def _on_tick(self) -> None:
        self.controller.tick()
        scene = self.controller.scene
        self.prompter.tick(time.monotonic(), waiting_for_person=scene.idle)

    # --- head and foot ---------------------------------------------------------------------------------------

    def _pressed(self, key: str) -> None:
        controller = self.controller
        self.prompter.acted(time.monotonic())
        if key == "again":
            controller.touch()
            self.prompter.again()
        elif key in ("dispute", "all_right"):
            controller.dispute(key == "dispute")
        elif key == "revoke_face":
            self.acts.take_back(FACE_TEXT)
        elif controller.leaving_needs_asking:
            self.ask_leave.open(t("kiosk.ask_leave_hint"))
        else:
            controller.leave()

    def _switch_language(self) -> None:
        self.controller.touch()
        self.kit.language.set_current("en" if self.kit.language.current == "zh" else "zh")

    def _rest(self) -> None:
        self.kit.language.set_current(self._default_language)

    # --- the window beside ---------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._beside is not None:
            self._beside.move(self.frameGeometry().topRight())
            self._beside.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.prompter.voice.stop()
        if self._beside is not None:
            self._beside.close()
        super().closeEvent(event)


WINDOW_FLAGS = Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint
