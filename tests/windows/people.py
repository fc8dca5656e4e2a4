"""Customer and teller of a visit: clicks and keys in the real windows, hands at the real machine."""

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from common.demo_people import CUSTOMER, Person
from common.wire.cases import CaseState, CaseView
from common.wire.cases import CustomerStep as S
from devices.idcard.layout import encode
from ocr.api import DocumentReading
from tests.windows.eyes import reading_of
from tests.windows.house import House, Kiosk, TellerSeat, until
from ui.kit.automation_acts import choose, click, drag
from ui.kit.automation_names import NotYet
from ui.teller_app.main_key import Act, Action, Face

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
STROKES = ([[60, 300], [200, 180], [340, 380], [520, 220]], [[120, 420], [560, 430]])
OVER = (CaseState.COMPLETED, CaseState.CANCELLED, CaseState.REJECTED, CaseState.FAILED)


def paper(label: str) -> bytes:
    """A light sheet on the dark glass, unlike any other."""
    rng = random.Random(label)
    sheet = Image.new("RGB", (480, 300), "#101010")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((20, 20, 460, 280), fill="#e8e8e8")
    for _ in range(12):
        x, y = rng.randrange(30, 380), rng.randrange(30, 240)
        draw.rectangle((x, y, x + rng.randrange(20, 70), y + rng.randrange(10, 30)), fill="#303030")
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=80)
    return out.getvalue()


@dataclass
class Papers:
    """What somebody carries: by the step that asks for it, what a reader makes of it."""

    person: Person
    more: Mapping[S, DocumentReading] = field(default_factory=dict)
    chip: bool = True

    def reading(self, step: S) -> DocumentReading:
        """What the eyes say of the paper for a step."""
        if step is S.LAY_ID_FRONT and step not in self.more:
            return reading_of("resident_id", self.person.front(), "front", portrait=True)
        if step is S.LAY_ID_BACK and step not in self.more:
            return reading_of("resident_id", self.person.back(), "back")
        return self.more[step]

    def content(self) -> bytes | None:
        """What the chip holds."""
        facts = {**self.person.front(), **self.person.back()}
        return encode(facts, paper(f"face {self.person.name}")) if self.chip else None


class Customer:
    """Does what the kiosk asks for, once for each time it asks."""

    def __init__(self, house: House, kiosk: Kiosk, papers: Papers | None = None) -> None:
        self.house, self.kiosk, self.papers = house, kiosk, papers or Papers(CUSTOMER)
        self.card = house.known["cards"].get(self.papers.person.name)
        self.pin: str = self.card["pin"] if self.card else "270415"
        self.notes: Mapping[str, int] = {"100": 12}
        self.stripe = ""
        self.eyes: Any = None
        self._done: Any = None
        self.did: list[str] = []

    @property
    def screen(self) -> Any:
        """What the kiosk's agent shows."""
        return self.kiosk.controller.screen

    def arrive(self, scenario: str) -> None:
        """Touch the greeting, choose a tile."""
        self.press("kiosk.touch")
        self.press(f"kiosk.choose.{scenario}")

    def press(self, name: str) -> None:
        """A click on a part of the kiosk's window, as soon as it can be."""

        def clicked() -> bool:
            try:
                click({"name": name})
            except NotYet:
                return False
            return True

        until(clicked, lambda: f"{name} can be pressed; the kiosk shows {self.screen}")

    def again(self, eyes: Any) -> None:
        """Another window asks: what was done for the last one may have to be done once more."""
        self.eyes, self._done = eyes, None

    def act(self) -> bool:
        """Whether there was something to do."""
        screen = self.screen
        if screen is None or screen.step is None:
            return False
        doing = getattr(self, f"_{screen.step.value}", None)
        asked = (screen.case.id if screen.case else "", screen.step, screen.phase, self._turn(screen))
        if doing is None or asked == self._done:
            return False
        if doing(screen):
            self._done = asked
            self.did.append(screen.step.value)
            return True
        return False

    def _turn(self, screen: Any) -> Any:
        """What is different when the same step asks again."""
        return (
            (screen.case.pin_state, screen.case.pin_tries_left, screen.case.customer_step_since)
            if (screen.case is not None and hasattr(screen.case, "customer_step_since"))
            else (screen.case.pin_state if screen.case is not None else None)
        )

    # --- what each step asks for -----------------------------------------------------------------------------

    def _insert_card(self, screen: Any) -> bool:
        if screen.phase != "waiting" or not self._possible("insert_card"):
            return False
        assert self.card is not None, "he has a card"
        name = self.papers.person.name
        self.house.do(self.house.hands.insert_card(pan=self.card["pan"], name=name, track2=self.card["track2"]))
        return True

    def _lay(self, screen: Any) -> bool:
        if screen.phase != "waiting":
            return False
        self.eyes.on_glass = self.papers.reading(screen.step)
        chip = self.papers.content() if screen.step in (S.LAY_ID_FRONT, S.LAY_ID_BACK) else None
        label = f"{self.papers.person.name} {screen.step.value} {len(self.did)}"
        if not self._possible("lay_document"):
            self.house.do(self.house.hands.remove_document())
        self.house.do(self.house.hands.lay_document(paper(label), chip))
        return True

    _lay_id_front = _lay_id_back = _lay_licence = _lay_party_front = _lay_household_page = _lay

    def _face_consent(self, screen: Any) -> bool:
        self.press("kiosk.face.agree")
        return True

    def _insert_cash(self, screen: Any) -> bool:
        if screen.phase == "open" and self._possible("put_notes"):
            self.house.do(self.house.hands.put_notes(self.notes))
            return True
        if screen.phase == "ask":
            self.press("kiosk.count_right")
            return True
        return False

    def _confirm(self, screen: Any) -> bool:
        button = until(lambda: self.kiosk.window.findChild(QAbstractButton, "kiosk.confirm"), "a key to confirm")
        while not button.isEnabled():
            self.press("kiosk.more")
        self.press("kiosk.confirm")
        return True

    def _pin(self, screen: Any) -> bool:
        if screen.phase != "typing" or screen.digits or not self._possible("press_key"):
            return False
        for number, digit in enumerate(self.pin, start=1):
            self.house.do(self.house.hands.press_key(DIGITS[int(digit)]))
            until(lambda number=number: self.screen.digits == number, "a star for the digit")  # type: ignore[misc]
        self.house.do(self.house.hands.press_key("enter"))
        return True

    def _sign(self, screen: Any) -> bool:
        for points in STROKES:
            drag({"name": "kiosk.signature", "points": points})
        self.press("kiosk.signed")
        return True

    def _take_card(self, screen: Any) -> bool:
        return screen.phase == "out" and self._take("take_card")

    def _take_cash(self, screen: Any) -> bool:
        return screen.phase == "present" and self._take("take_notes")

    def _return_cash(self, screen: Any) -> bool:
        return self._take("take_notes")

    def _hand_over(self, screen: Any) -> bool:
        taking = {"card": "take_new_card", "ukey": "take_token", "certificate": "take_certificate"}
        return screen.phase in taking and self._take(taking[screen.phase])

    def _print_passbook(self, screen: Any) -> bool:
        if screen.phase == "waiting" and self._possible("insert_passbook"):
            self.house.do(self.house.hands.act("insert_passbook", stripe=self.stripe))
            return True
        return screen.phase == "out" and self._take("take_passbook")

    def _take_receipt(self, screen: Any) -> bool:
        return screen.phase == "out" and self._take("take_receipt")

    def _print_voucher(self, screen: Any) -> bool:
        return screen.phase == "out" and self._take("take_pages")

    def _goodbye(self, screen: Any) -> bool:
        if screen.phase != "papers":
            return False
        self.house.do(self.house.hands.remove_document())
        return True

    def _rate(self, screen: Any) -> bool:
        self.press("kiosk.rate.5")
        return True

    def _possible(self, action: str) -> bool:
        view = self.house.do(self.house.hands.get_view())
        return view.actions[action] is None

    def _take(self, action: str) -> bool:
        if not self._possible(action):
            return False
        self.house.do(self.house.hands.act(action))
        return True


class Teller:
    """Does what the main key says; what nobody reads off a paper is typed.

    Args:
        typed: by field; the note under ``note``.
    """

    def __init__(self, seat: TellerSeat, typed: Mapping[str, str] | None = None) -> None:
        self.seat, self.typed = seat, dict(typed or {})
        self.note = "证件与本人相符"
        self.pressed: list[str] = []
        self.stop_in, self.stopped = "", False
        self.asked: list[str] = []
        self._last: Any = None

    @property
    def window(self) -> Any:
        """The real one."""
        return self.seat.window

    @property
    def case(self) -> CaseView | None:
        """As the window has it."""
        found: CaseView | None = self.window.parts.cases.case
        return found

    def says(self) -> str:
        """The main key."""
        self.window.painter_.paint()
        return str(self.window.bar.main.text())

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, a moment after its meaning changed."""
        self._settle()
        QTest.keyClick(self._focus(), key, modifier)
        self._settle()

    def type(self, text: str) -> None:
        """Characters, into whatever has the focus."""
        self._settle()
        if text.isascii():
            QTest.keyClicks(self._focus(), text)
        else:  # as an input method commits it
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(self._focus(), event)

    def _focus(self) -> QWidget:
        if not self.window.isActiveWindow():
            self.window.activateWindow()
            until(self.window.isActiveWindow, "the teller's window is in front")
        return QApplication.focusWidget() or self.window

    def _settle(self) -> None:
        self.window.painter_.paint()
        QApplication.processEvents()
        bar, caps = self.window.bar, self.window.bar.keys()
        for button in (bar.main, *(bar.key(one) for one in caps)):
            button.guard._until = 0.0
        if self.window.alerts.dialog is not None:
            self.window.alerts.dialog.guard._until = 0.0

    def palette(self, query: str) -> None:
        """F10, a few letters, Enter."""
        self.press(Qt.Key.Key_F10)
        self.type(query)
        self.press(Qt.Key.Key_Return)

    def answer(self, choice: str) -> None:
        """A question of the window, by mouse."""
        dialog = until(lambda: self.window.alerts.dialog, "a question")
        self._settle()
        QTest.mouseClick(dialog.buttons[choice], Qt.MouseButton.LeftButton)
        self._settle()

    def choose(self, name: str, value: str) -> None:
        """A list of the form, arrow by arrow; then the next field."""
        self._settle()
        choose({"name": f"teller.form.{name}", "key": value})
        self.press(Qt.Key.Key_Return)

    def begin(self, initials: str) -> None:
        """Business with somebody who stands here."""
        before, left = (self.case.id, self.case.to_hand_over) if self.case else (None, ())
        self.palette(initials)
        for _ in left:
            self.answer("taken")  # before the next business he says who holds what the last one gave
        until(lambda: self.case is not None and self.case.id != before, lambda: f"a case: {self.trouble()}")
        self.seat.link.stand()

    def trouble(self) -> str:
        """What the window says went wrong."""
        said = [one.label.full_text() for one in self.window.alerts.toasts._toasts]
        return f"{self.says()}; {said}"

    def act(self) -> bool:
        """Whether there was something to do."""
        if self._due() is None:
            return False
        self._focus()
        self._settle()
        action = self._due()  # what the key means now: the window may just have heard that the business is done
        if action is None:
            return False
        self._last = self._mark(action)
        self.pressed.append(action.act.value)
        QTest.keyClick(self._focus(), Qt.Key.Key_F9)
        self._settle()
        if action.act is Act.FOCUS:
            self._fill(action.arg)
        elif action.act is Act.PERSON_CHECK:
            self.answer("same")
        elif action.act is Act.FINISH:
            for _ in self.case.to_hand_over if self.case is not None else ():
                self.answer("taken")
        elif action.act is Act.NOTE:
            self.type(self.typed.get("note", self.note))
        return True

    def _due(self) -> Action | None:
        """What the main key would do, unless that was just done and the case is still as it was."""
        key = self.window.parts.desk.key() if self.case is None else self.window.parts.cases.key()
        if key is None or key.face is not Face.DO or key.action is None:
            return None
        again = self._mark(key.action) == self._last and key.action.act is not Act.FOCUS
        rates = key.action.act is Act.FINISH and self.case is not None and self.case.customer_step is S.RATE
        return None if again or rates else key.action  # the customer's stars end the visit, or his next business

    def _mark(self, action: Action) -> Any:
        case = self.case
        return (case.id if case else "", case.version if case else 0, action)

    def _fill(self, name: str) -> None:
        self.asked.append(name)
        again = self.asked[-4:] == [name] * 4
        assert not again, f"{name} is not taken: {[one for one in self.case.form.problems if one.field == name]}"  # type: ignore[union-attr]
        value = self.typed[name]
        box = self._focus()
        if isinstance(box, QComboBox):
            at = box.findData(value)
            assert at >= 0, f"{value} is no choice of {name}"
            step = Qt.Key.Key_Down if at > box.currentIndex() else Qt.Key.Key_Up
            while box.currentIndex() != at:
                QTest.keyClick(box, step)
        else:
            self.type(value)
            self.stopped = name == self.stop_in
            if not self.stopped:
                self.press(Qt.Key.Key_Return)
