"""One house for all visits of a module: windows, server and machine take longer to start than a customer to serve."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QApplication

from common.errors import AppError
from common.wire.cases import Cancel, CaseState, CaseView, CustomerStep
from common.wire.handing import Finish, ThingSettled, ThingToHand
from common.wire.identity import ConsentState
from common.wire.liveness import Gesture, GestureOutcome, LivenessResult
from tests.windows.house import Authoriser, House, Kiosk, TellerSeat, until
from tests.windows.people import OVER, Customer, Papers, Teller
from ui.kit import pictures
from ui.kit.kit import Kit, make_kit

GATHERING = (CaseState.DRAFT, CaseState.RETURNED)


@dataclass
class Counter:
    """Both windows, open."""

    house: House
    kiosk: Kiosk
    seat: TellerSeat
    authoriser: Authoriser
    kits: tuple[Kit, Kit]

    def rest(self) -> None:
        """Card and notes back, the kiosk's greeting, the teller's desk."""
        screen = self.kiosk.controller.screen
        if screen is not None and screen.step is not None and screen.case is not None:
            signed, path = self.seat.signed, f"/cases/{screen.case.id}"
            left = [ThingSettled(kind=one.kind, number=one.number, outcome="taken") for one in self._left()]
            for command, body in (("cancel", Cancel(reason="teller")), ("finish", Finish(things=left))):
                with contextlib.suppress(AppError):
                    self.house.wait(signed.bridge, signed.session.api.post(f"{path}/{command}", body, CaseView))
            customer = Customer(self.house, self.kiosk)
            until(lambda: (customer.act() and False) or customer.screen.step is None, f"rest after {screen.step}")
        if self.seat.window.parts.cases.case is not None:
            self.seat.window.parts.cases.close()
        desk = self.seat.window.parts.desk
        until(lambda: desk.desk is not None and desk.desk.current_case is None, "the desk has nobody")

    def _left(self) -> list[ThingToHand]:
        """What the teller has not said of the case on his screen."""
        case = self.seat.window.parts.cases.case
        return case.to_hand_over if case is not None else []

    def visit(self, papers: Papers | None = None, **typed: str) -> "Visit":
        """Somebody comes with these papers; what the teller has to find out and type."""
        if self.seat.window.parts.cases.case is not None:
            self.rest()  # the last one has gone
        customer = Customer(self.house, self.kiosk, papers)
        customer.eyes = self.seat.eyes
        return Visit(self, Teller(self.seat, typed), customer)


@dataclass
class Visit:
    """One customer before one teller."""

    counter: Counter
    teller: Teller
    customer: Customer

    @property
    def case(self) -> CaseView:
        """As the teller's window has it."""
        assert self.teller.case is not None
        return self.teller.case

    def met(self, scenario: str) -> None:
        """He chooses at the machine, waits, and is answered: from then on by video."""
        self.customer.arrive(scenario)

        def answered() -> bool:
            self.customer.act()
            self.teller.act()
            return self.teller.case is not None

        until(answered, lambda: f"answered; {self.teller.trouble()}; kiosk {self.customer.screen}")
        self.teller.seat.link.stand()

    def play(self, *, at: CustomerStep | None = None, when: Callable[[], bool] | None = None) -> CaseView:
        """Everybody does what he is asked for, until the kiosk is at that step or something is so; without either
        until the case is over and the kiosk at rest."""
        case_id = self.case.id

        def there() -> bool:
            case = self.teller.case
            if when is not None:
                return when()
            if at is not None:
                return case is not None and case.customer_step is at
            return (case is None or case.state in OVER) and self.customer.screen.step is None

        def turn() -> bool:
            acts = (self.customer.act, self._nod, self.teller.act, self.counter.authoriser.approve)
            waited_for = at is not None and self.customer.screen.step is at  # the teller's window follows in a moment
            return any(there() or act() for act in acts[waited_for:]) or there()

        while not there():
            until(turn, self._stuck)
        return self.seen(case_id)

    def lost(self, which: str) -> None:
        """One window's process is gone, nobody was told; the next one is opened and finds the case."""
        counter = self.counter
        staff, public = counter.kits
        if which == "teller":
            counter.seat.gone(vanish=True)
            counter.seat = TellerSeat(counter.house, staff, "T-03")
            self.teller = Teller(counter.seat, self.teller.typed)
            until(lambda: self.teller.case is not None, "the window shows the case again")
            counter.seat.link.stand()
        else:
            counter.kiosk.gone(vanish=True)
            counter.kiosk = Kiosk(counter.house, public)
            self.customer.kiosk = counter.kiosk
            until(lambda: self.customer.screen.step is not None, "the kiosk shows the case again")
        self.customer.again(counter.seat.eyes)

    def _nod(self) -> bool:
        """The gesture of a liveness check, which the vision worker would have seen; whether there was one."""
        case = self.teller.case
        agreed = case is not None and case.identity.face_consent.state is ConsentState.GIVEN
        if case is None or not agreed or case.identity.liveness is not None or case.state not in GATHERING:
            return False
        done = [GestureOutcome(gesture=Gesture.NOD, outcome="done", ms=900)]
        signed, body = self.teller.seat.signed, LivenessResult(passed=True, steps=done)
        work = signed.session.api.post(f"/cases/{case.id}/liveness", body, CaseView)
        told = self.counter.house.wait(signed.bridge, work)
        until(lambda: self.case.version >= told.version, "the window knows of the liveness check")
        return True

    def seen(self, case_id: str) -> CaseView:
        """As the server has it."""
        signed = self.teller.seat.signed
        return self.counter.house.wait(signed.bridge, signed.session.api.get(f"/cases/{case_id}", CaseView))

    def _stuck(self) -> str:
        case = self.teller.case
        where = f"{case.state} {case.customer_step}" if case is not None else "no case"
        if case is not None and case.authorisation is not None:
            where += f" because of {[(one.code, one.params) for one in case.authorisation.reasons]}"
        problems = [(one.field, one.code) for one in case.form.problems] if case is not None else []
        shown = self.customer.screen
        return (
            f"{where}; main key {self.teller.trouble()}; open {problems}; pressed {self.teller.pressed[-6:]}; "
            f"kiosk {shown.step} {shown.phase} {shown.problem!r}; did {self.customer.did[-6:]}"
        )


@pytest.fixture(scope="module")
def house_counter(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """T-03's window, ready for customers, and the kiosk's at rest."""
    before, pictures.AT_ONCE = pictures.AT_ONCE, 150_000
    staff = make_kit(strict=True)
    staff.theme.apply(qapp)
    house = House(tmp_path_factory.mktemp("house"))
    seat = TellerSeat(house, staff, "T-03")
    public = make_kit(sheet="kiosk", strict=True)
    kiosk = Kiosk(house, public)
    authoriser = Authoriser(house, staff)
    made = Counter(house, kiosk, seat, authoriser, (staff, public))
    yield made
    authoriser.signed.close()
    made.kiosk.gone()
    made.seat.gone()
    house.close()
    qapp.setStyleSheet("")
    pictures.AT_ONCE = before


@pytest.fixture
def counter(house_counter: Counter) -> Iterator[Counter]:
    """Nobody is there; whatever a failed test has left is ended."""
    yield house_counter
    house_counter.rest()
