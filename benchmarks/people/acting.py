"""What people do at a counter, by method calls: each acts as the person the class is named after, with a fresh key."""

from collections.abc import Sequence
from typing import Any

from benchmarks.people.place import Place, new_key
from common.challenge import FilmFrame, pack
from common.wire import cases as wire
from common.wire.authorisation import DecideTask, Decision
from common.wire.base import Notes
from common.wire.cases import CaseView, CustomerStep, EvidenceKind, FieldSource, Scenario
from common.wire.desk import DeviceReport, MachineReport
from common.wire.handing import Finish, ThingSettled
from common.wire.identity import FaceConsent
from common.wire.liveness import DrawChallenge, Gesture, GestureOutcome, LivenessResult
from server import seed
from server.services.ports import Principal

NOTES: Notes = {"100": 400, "50": 40, "20": 50, "10": 100}


def picture(seed_text: str) -> bytes:
    """Bytes that begin like a JPEG."""
    return b"\xff\xd8\xff" + seed_text.encode()


def _ask(at: Place, case_id: str, step: CustomerStep) -> None:
    at.services.forms.prompt(new_key(), at.teller, case_id, wire.Prompt(step=step))


class Customer:
    """Whoever stands at the kiosk."""

    def __init__(self, at: Place) -> None:
        self._at = at

    def arrive(self, scenario: Scenario = Scenario.WITHDRAWAL, name: str = "顾南枝") -> str:
        """Choose a business and put the card in; the case."""
        at = self._at
        case_id = at.services.opening.open(new_key(), at.kiosk, wire.OpenCase(scenario=scenario))
        self.insert_card(case_id, name)
        return case_id

    def insert_card(self, case_id: str, name: str = "顾南枝") -> None:
        at = self._at
        body = wire.ReadCard(track2=at.cards[name]["track2"])
        at.services.opening.read_card(new_key(), at.kiosk, case_id, body)

    def card(self, case_id: str, state: wire.CardState) -> None:
        """The card has moved."""
        at = self._at
        at.services.opening.card_moved(new_key(), at.kiosk, case_id, wire.CardMoved(state=state))

    def confirm(self, case_id: str) -> None:
        at = self._at
        body = wire.Confirmation(digest=self._digest(case_id), accepted=True)
        at.services.confirmation.confirm(new_key(), at.kiosk, case_id, body)

    def enter_pin(self, case_id: str, pin: str | None = None, name: str = "顾南枝") -> CaseView:
        at = self._at
        block = (pin or at.cards[name]["pin"]).encode()
        body = wire.PinEntry.model_construct(pin_block=block, format="iso4")
        at.services.confirmation.pin(new_key(), at.kiosk, case_id, body)
        return at.seen(case_id)

    def sign(self, case_id: str, *, look: bool = True) -> None:
        """The signature, and before it the look of the kiosk's camera that it waits for."""
        at = self._at
        if look:
            self.look_up(case_id)
        stroke = [wire.StrokePoint(x=1, y=1, t=0), wire.StrokePoint(x=5, y=9, t=20)]
        body = wire.Signature(digest=self._digest(case_id), width=100, height=60, strokes=[stroke])
        at.services.confirmation.sign(new_key(), at.kiosk, case_id, body)

    def consent(self, case_id: str, name: str = "顾南枝") -> None:
        """Confirm, PIN where one is asked, signature."""
        self.confirm(case_id)
        if self._at.seen(case_id).customer_step is CustomerStep.PIN:
            self.enter_pin(case_id, name=name)
        self.sign(case_id)

    def look_up(self, case_id: str) -> None:
        """The kiosk takes a picture of who stands there, when the signature waits for it; the server compares it."""
        at = self._at
        if at.seen(case_id).customer_step is CustomerStep.LOOK:
            data = picture(f"{case_id} signs {at.clock.at}")
            at.services.forms.evidence(new_key(), at.kiosk, case_id, EvidenceKind.FACE_CHECK, data)
            at.services.presence.kiosk_frame(case_id, at.seen(case_id).evidence[-1].digest)

    def agree(self, case_id: str, granted: bool = True) -> None:
        """The customer is asked for consent to face use and answers."""
        at = self._at
        _ask(at, case_id, CustomerStep.FACE_CONSENT)
        at.services.identity.face_consent(new_key(), at.kiosk, case_id, FaceConsent(granted=granted, text="1"))

    def nod(self, case_id: str) -> None:
        """The customer does the gesture that is asked for."""
        at = self._at
        steps = [GestureOutcome(gesture=Gesture.NOD, outcome="done", ms=900)]
        at.services.films.draw(new_key(), at.teller, case_id, DrawChallenge())
        at.services.presence.liveness(new_key(), at.teller, case_id, LivenessResult(passed=True, steps=steps))
        film = pack([FilmFrame(0, "liveness.nod", picture("a film"))])
        at.services.films.take(new_key(), at.kiosk, case_id, film)

    def put_in(self, case_id: str, notes: Notes) -> None:
        """The customer is asked for notes and puts them in."""
        at = self._at
        _ask(at, case_id, CustomerStep.INSERT_CASH)
        at.services.cash.counted(new_key(), at.kiosk, case_id, wire.CashCounted(notes=notes))

    def _digest(self, case_id: str) -> str:
        summary = self._at.seen(case_id).summary
        assert summary is not None
        return summary.digest


class Desk:
    """The teller."""

    def __init__(self, at: Place, customer: Customer) -> None:
        self._at, self._customer = at, customer

    def answer(self, case_id: str) -> None:
        at = self._at
        assert at.services.queue.ring(case_id, at.teller.number)
        at.services.opening.answer(new_key(), at.teller, case_id)

    def prompt(self, case_id: str, step: CustomerStep) -> None:
        """Ask the customer for something."""
        _ask(self._at, case_id, step)

    def show(self, case_id: str, kind: EvidenceKind, data: bytes | None = None) -> str:
        """A picture, taken by whoever takes this kind; its digest."""
        at = self._at
        who = at.kiosk if kind in (EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK) else at.teller
        at.services.forms.evidence(new_key(), who, case_id, kind, data or picture(f"{case_id}{kind}"))
        return at.seen(case_id).evidence[-1].digest

    def fill(self, case_id: str, source: FieldSource = FieldSource.OCR, **values: str) -> None:
        at = self._at
        fields = {name: wire.FieldEntry(value=value, source=source) for name, value in values.items()}
        body = wire.FormEntry(version=at.seen(case_id).version, fields=fields)
        at.services.forms.enter(new_key(), at.teller, case_id, body)

    def identify(self, case_id: str, name: str = "顾南枝", score: float = 91.0) -> None:
        """Both sides of the card, the fields read from them, the face match."""
        person = next(customer for customer in seed.CUSTOMERS if customer.name == name)
        self.show(case_id, EvidenceKind.ID_FRONT)
        self.show(case_id, EvidenceKind.ID_BACK)
        self.fill(
            case_id, name=person.name, sex=person.sex, nation=person.nation, birth=person.birth.isoformat(),
            address=person.address, id_number=person.id_number, authority="云溪市公安局青禾分局",
            valid_from="2016-05-20", valid_to="2036-05-20",
        )  # fmt: skip
        self._customer.agree(case_id)
        self._customer.nod(case_id)
        portrait, live = self.show(case_id, EvidenceKind.PORTRAIT), self.show(case_id, EvidenceKind.LIVE_FRAME)
        self.match(case_id, portrait, live, score)

    def match(self, case_id: str, portrait: str, live: str, score: float) -> None:
        at = self._at
        body = wire.FaceMatchResult(
            portrait=portrait, live=live, score=score, threshold=80, same=score >= 80, model="test"
        )
        at.services.forms.face_match(new_key(), at.teller, case_id, body)

    def submit(self, case_id: str, note: str = "") -> CaseView:
        at = self._at
        body = wire.Submit(version=at.seen(case_id).version, note=note)
        at.services.submission.submit(new_key(), at.teller, case_id, body)
        return at.seen(case_id)

    def execute(self, case_id: str, key: str | None = None) -> CaseView:
        at = self._at
        at.services.execution.execute(key or new_key(), at.teller, case_id)
        return at.seen(case_id)

    def resolve(self, case_id: str, choice: str) -> CaseView:
        at = self._at
        at.services.execution.resolve(new_key(), at.teller, case_id, wire.Resolve(choice=choice))
        return at.seen(case_id)


class Review:
    """The authoriser; another one where named."""

    def __init__(self, at: Place) -> None:
        self._at = at

    def task_of(self, case_id: str) -> str:
        authorisation = self._at.seen(case_id).authorisation
        assert authorisation is not None
        return authorisation.task_id

    def assign(self, case_id: str, who: Principal | None = None) -> str:
        """Deal the case's task; its id."""
        at, task_id = self._at, self.task_of(case_id)
        assert at.services.tasks.assign(task_id, (who or at.authoriser).number)
        return task_id

    def decide(
        self, case_id: str, decision: Decision = Decision.APPROVE, reason: str | None = None,
        seen_differences: Sequence[str] = (), who: Principal | None = None,
    ) -> CaseView:  # fmt: skip
        at = self._at
        who = who or at.authoriser
        task_id = self.task_of(case_id)
        at.services.review.open(new_key(), who, task_id)
        body = DecideTask(
            decision=decision,
            reason_code=reason,
            evidence=[piece.digest for piece in at.seen(case_id).evidence],
            seen_differences=list(seen_differences),
        )
        at.services.review.decide(new_key(), who, task_id, body)
        return at.seen(case_id)

    def reverse(self, case_id: str, decision: Decision = Decision.APPROVE) -> CaseView:
        """The teller asks for the reversal; the authoriser looks at everything and says so."""
        at, who = self._at, self._at.authoriser
        at.services.reversal.reverse(new_key(), at.teller, case_id, wire.ReverseCase(reason="wrong_data"))
        asked = at.seen(case_id)
        assert asked.reversal is not None
        assert asked.reversed_at is None, "nothing is undone by one person"
        task_id = asked.reversal.task_id
        assert at.services.tasks.assign(task_id, who.number)
        at.services.review.open(new_key(), who, task_id)
        task = at.services.review.task(who, task_id)
        body = DecideTask(
            decision=decision,
            reason_code=None if decision is Decision.APPROVE else "wrong_data",
            evidence=[piece.digest for piece in asked.evidence],
            seen_differences=[row.field for row in task.comparison if row.differs],
        )
        at.services.review.decide(new_key(), who, task_id, body)
        return at.seen(case_id)


class Machine:
    """The kiosk's machine as it tells the server of itself."""

    def __init__(self, at: Place) -> None:
        self._at = at

    def report(self, notes: Notes | None = None, held: Notes | None = None) -> None:
        at = self._at
        devices = [DeviceReport(device="cash_out", state="ok")]
        body = MachineReport(devices=devices, notes=NOTES if notes is None else notes, held=held or {})
        at.services.machines.report(at.kiosk, body)

    def moving(self, case_id: str) -> str:
        """Notes are about to move; the movement."""
        at = self._at
        movement_id = self._movement(case_id)
        body = wire.CashMoving(movement_id=movement_id, counts_before={"CASS1": 400})
        at.services.cash.moving(new_key(), at.kiosk, case_id, body)
        return movement_id

    def outcome(self, case_id: str, movement_id: str | None = None, *, known: bool = True, **notes: Any) -> CaseView:
        """How it went."""
        at = self._at
        found = {"movement_id": movement_id or self._movement(case_id), "known": known, **notes}
        at.services.cash.outcome(new_key(), at.kiosk, case_id, wire.CashOutcome.model_validate(found))
        return at.seen(case_id)

    def _movement(self, case_id: str) -> str:
        cash = self._at.seen(case_id).cash
        assert cash is not None
        return cash.movement_id


class Visits:
    """Whole stretches of a visit."""

    def __init__(self, at: Place, customer: Customer, desk: Desk, machine: Machine) -> None:
        self._at, self._customer, self._desk, self._machine = at, customer, desk, machine

    def identified(self, amount: str = "5000", name: str = "顾南枝", score: float = 91.0) -> str:
        """A withdrawal of which everything is gathered but nothing submitted."""
        case_id = self._customer.arrive(name=name)
        self._desk.answer(case_id)
        self._desk.identify(case_id, name, score)
        self._desk.fill(case_id, FieldSource.TYPED, amount=amount)
        return case_id

    def ready_withdrawal(self, amount: str = "5000.00", name: str = "顾南枝") -> str:
        """Up to where F9 executes, within the teller's own limit."""
        case_id = self.identified(amount, name)
        self._desk.submit(case_id)
        self._customer.consent(case_id, name)
        return case_id

    def payout_begun(self, amount: str = "5000.00") -> str:
        """Up to where notes move."""
        case_id = self.ready_withdrawal(amount)
        self._desk.execute(case_id)
        self._customer.card(case_id, wire.CardState.TAKEN)
        self._machine.moving(case_id)
        return case_id

    def ready_deposit(self, notes: Notes) -> str:
        """Up to where F9 executes."""
        case_id = self._customer.arrive(Scenario.DEPOSIT)
        self._desk.answer(case_id)
        self._desk.identify(case_id)
        self._customer.put_in(case_id, notes)
        self._desk.submit(case_id)
        self._customer.consent(case_id)
        return case_id

    def end(self, case_id: str) -> CaseView:
        """The receipt is printed and the customer says how it was; the teller that he holds what staff gave him."""
        at = self._at
        at.services.closing.receipt(new_key(), at.kiosk, case_id, wire.ReceiptResult(printed=True))
        at.services.closing.rating(new_key(), at.kiosk, case_id, wire.Rating(stars=5))
        if left := at.seen(case_id).to_hand_over:
            things = [ThingSettled(kind=one.kind, number=one.number, outcome="taken") for one in left]
            at.services.closing.finish(new_key(), at.teller, case_id, Finish(things=things))
        return at.seen(case_id)


class Books:
    """The ledger, looked at."""

    def __init__(self, at: Place) -> None:
        self._at = at

    def balance(self, code: str) -> int:
        with self._at.database.read() as unit:
            return unit.ledger.balance(code).minor

    def are_right(self) -> None:
        """Trial balance zero, kept balances equal to the sums of postings."""
        with self._at.database.read() as unit:
            assert set(unit.ledger.trial_balance().values()) <= {0}
            assert unit.ledger.differences() == {}
