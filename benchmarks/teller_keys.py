"""The teller's keys of an account opening, pressed in the real window and counted as they are pressed.

The window is the teller's own over the real services; every key is a key event of Qt to the widget that has the focus,
as a keyboard makes it. What the scanner reads (card, U-key) comes as keys too and is counted by itself. Chinese comes
as the input method commits it; its keys are those of full pinyin and one to choose. The customer acts through the
services: nobody presses a key for him. What vision reads is played; the moment in which a key that has just changed
its meaning does not listen is skipped.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from benchmarks.people.counter import Counter, new_key
from benchmarks.seat import cases
from benchmarks.seat.live import live
from benchmarks.seat.outside import Outside
from common.wire import cases as wire
from common.wire.cases import CaseState, CaseView, CustomerStep, EvidenceKind
from common.wire.identity import FaceConsent
from ocr.api import DocumentReading, FaceMatch, Field, Portrait
from tools.demo_people import NEWCOMER
from ui.kit.kit import Kit, make_kit
from ui.teller_app.main_key import Act
from ui.teller_app.parts import Ports, make_parts
from ui.teller_app.window import TellerWindow

PINYIN = {"示范银行": "shifanyinhang"}
"""How what is typed in Chinese is spelled; one more key chooses the word."""
DECODED_S = 5.0
MOST = 60
"""Turns of the main key before something must be wrong."""
BOX = ((100.0, 50.0), (300.0, 50.0), (300.0, 90.0), (100.0, 90.0))


@dataclass
class Keys:
    """What was pressed; ``fields``, ``scanned_fields``: which fields were filled, in their order."""

    characters: int = 0
    others: int = 0
    scanned: int = 0
    fields: list[str] = field(default_factory=list)
    scanned_fields: list[str] = field(default_factory=list)

    @property
    def pressed(self) -> int:
        """By the teller's fingers."""
        return self.characters + self.others


class Fingers:
    """Presses keys in a window and counts them."""

    def __init__(self, window: TellerWindow) -> None:
        self._window, self.keys = window, Keys()

    def press(self, key: Qt.Key) -> None:
        """A key that is no character."""
        self._settle()
        self.keys.others += 1
        QTest.keyClick(self._focus(), key)
        self._settle()

    def type(self, text: str) -> None:
        """Characters, into whatever has the focus."""
        if text in PINYIN:
            self.keys.characters += len(PINYIN[text]) + 1
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(self._focus(), event)
            return
        self.keys.characters += len(text)
        QTest.keyClicks(self._focus(), text)

    def scan(self, text: str) -> None:
        """The scanner: keys and Enter."""
        self.keys.scanned += len(text) + 1
        QTest.keyClicks(self._focus(), text)
        QTest.keyClick(self._focus(), Qt.Key.Key_Return)

    def choose(self, wanted: str) -> None:
        """An entry of the list that has the focus, arrow by arrow."""
        box = self._focus()
        assert isinstance(box, QComboBox)
        while box.currentData() != wanted:
            before = box.currentIndex()
            self.press(Qt.Key.Key_Down)
            if box.currentIndex() == before:
                raise RuntimeError(f"{wanted} is not in the list")

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self._window

    def _settle(self) -> None:
        """The window has painted, and a person has read what the key says now."""
        self._window.painter_.paint()
        QApplication.processEvents()
        bar, caps = self._window.bar, self._window.bar.keys()
        for button in (bar.main, *(bar.key(one) for one in caps)):
            button.guard._until = 0.0


class Opening:
    """One customer opens an account with everything; ``typed``: what the teller has to find out, by field."""

    def __init__(self, counter: Counter, typed: Mapping[str, str], scanned: Mapping[str, str], kit: Kit) -> None:
        self._counter, self._typed, self._scanned = counter, typed, scanned
        self.out: Outside = live(counter, counter.teller)
        out = self.out
        ports = Ports(
            out.desk, out.presence, out.store, out.link, out.vision, out.ring, out.books, out.machines, out.suspense
        )  # fmt: skip
        self.window = TellerWindow(kit, make_parts(ports, cases.USER, out.clock))
        self.window.resize(1440, 900)
        self.window.parts.desk.start()
        self.window.show()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        self.fingers = Fingers(self.window)

    @property
    def case(self) -> CaseView:
        """As the window has it."""
        assert self.out.store.case is not None
        return self.out.store.case

    def close(self) -> None:
        """Gone for good."""
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.processEvents()

    def play(self) -> Keys:
        """From the palette to the executed case; the keys it took."""
        self._from_palette("grkh")
        self.out.link.stand()
        self._from_palette("full")
        for _ in range(MOST):
            if self.case.state is CaseState.EXECUTING:
                return self.fingers.keys
            self._turn()
        raise RuntimeError(f"stuck at {self.window.bar.main.text()} in {self.case.state}")

    def _from_palette(self, query: str) -> None:
        self.fingers.press(Qt.Key.Key_F10)
        self.fingers.type(query)
        self.fingers.press(Qt.Key.Key_Return)

    def _turn(self) -> None:
        """What the main key says is done; then whoever is asked does his part."""
        self._customer()
        key = self.window.parts.cases.key()
        assert key is not None
        if key.action is not None:
            self.fingers.press(Qt.Key.Key_F9)
            if key.action.act is Act.FOCUS:
                self._fill(key.action.arg)
        self._see()

    def _fill(self, name: str) -> None:
        fingers = self.fingers
        if name in self._scanned:
            fingers.keys.scanned_fields.append(name)
            fingers.scan(self._scanned[name])
            return
        fingers.keys.fields.append(name)
        value = self._typed[name]
        if isinstance(QApplication.focusWidget(), QComboBox):
            fingers.choose(value)
        else:
            fingers.type(value)
            fingers.press(Qt.Key.Key_Return)

    # --- the others ----------------------------------------------------------------------------------------------

    def _customer(self) -> None:
        """The customer does what the kiosk asks for now."""
        counter, case_id, step = self._counter, self.case.id, self.case.customer_step
        pictures = cases.pictures()
        if step is CustomerStep.LAY_ID_FRONT:
            counter.desk.show(case_id, EvidenceKind.ID_FRONT, pictures[EvidenceKind.ID_FRONT])
        elif step is CustomerStep.LAY_ID_BACK:
            counter.desk.show(case_id, EvidenceKind.ID_BACK, pictures[EvidenceKind.ID_BACK])
        elif step is CustomerStep.FACE_CONSENT:
            body = FaceConsent(granted=True, text="1")
            counter.services.identity.face_consent(new_key(), counter.kiosk, case_id, body)
            counter.customer.nod(case_id)
        elif step is CustomerStep.INSERT_CASH:
            notes = wire.CashCounted(notes={"100": 30})
            counter.services.cash.counted(new_key(), counter.kiosk, case_id, notes)
        elif step is CustomerStep.CONFIRM:
            counter.customer.confirm(case_id)
        elif step is CustomerStep.PIN:
            counter.customer.enter_pin(case_id, "270415")
        elif step is CustomerStep.LOOK:
            counter.customer.look_up(case_id)
        elif step is CustomerStep.SIGN:
            counter.customer.sign(case_id)
        self.out.store.refresh()
        self._see()

    def _see(self) -> None:
        """Vision says what is on the pictures, once they are decoded."""
        vision, local = self.out.vision, self.window.parts.cases.local
        deadline = time.monotonic() + DECODED_S
        while (local.reading.running or local.face.running) and not (vision.readings or vision.matches):
            if time.monotonic() > deadline:
                raise RuntimeError("a picture is not decoded")
            QTest.qWait(2)
        while vision.readings:
            _, on_ok, _ = vision.readings.pop(0)
            front = self.case.form.values.get("name") is None
            said = NEWCOMER.front() if front else NEWCOMER.back()
            fields = {name: Field(value, 0.99, False, BOX) for name, value in said.items()}
            portrait = Portrait(cases.pictures()[EvidenceKind.PORTRAIT], (0, 0, 10, 10)) if front else None
            on_ok(DocumentReading(kind="resident_id", side="front" if front else "back", fields=fields,
                                  portrait=portrait))  # fmt: skip
        while vision.matches:
            _, _, on_match, _ = vision.matches.pop(0)
            on_match(FaceMatch(True, 93.0, 0.4, 80.0, (1, 1), ()))


def pressed(counter: Counter, typed: Mapping[str, str], scanned: Mapping[str, str]) -> Keys:
    """The keys of one opening with everything."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    kit = make_kit()
    kit.theme.apply(application)
    opening = Opening(counter, typed, scanned, kit)
    try:
        return opening.play()
    finally:
        opening.close()


def measured(folder: Path, typed: Mapping[str, str], scanned: Mapping[str, str]) -> Keys:
    """On a fresh bank, made in a folder that is not there yet."""
    folder.mkdir()
    counter = Counter(folder, seed_bank=True)
    try:
        counter.machine.report()
        return pressed(counter, typed, scanned)
    finally:
        counter.close()
