"""A whole counter without edge and windows: real store, vault and services; people who act by method calls.

Fakes stand only at the ports: clock, notifier, calls, presence, PIN unit, press.
"""

import json
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.people.ports import (
    CountingIds,
    EverybodyThere,
    PlainJudge,
    PlainPins,
    PlainPress,
    RecordingCalls,
    RecordingNotifier,
    SteppingRandom,
    StillClock,
)
from common.wire import cases as wire
from common.wire.authorisation import DecideTask, Decision
from common.wire.base import Notes
from common.wire.cases import CaseView, CustomerStep, EvidenceKind, FieldSource, Scenario
from common.wire.desk import DeviceReport, MachineReport
from common.wire.identity import FaceConsent
from common.wire.liveness import Gesture, GestureOutcome, LivenessResult
from server import seed
from server.identity_seal import IdentitySeal
from server.services import bundle
from server.services.parts import Bank, Parts
from server.services.ports import Principal
from server.store.database import Database, sqlite_url
from server.vault import EvidenceVault
from server.verification.platform import Platform

NOTES: Notes = {"100": 400, "50": 40, "20": 50, "10": 100}


def picture(seed_text: str) -> bytes:
    """Bytes that begin like a JPEG."""
    return b"\xff\xd8\xff" + seed_text.encode()


def new_key() -> str:
    return str(uuid.uuid4())


def seeded(folder: Path) -> Path:
    """A folder with the demo bank on SQLite, made once and copied by tests."""
    counter = Counter(folder, seed_bank=True)
    counter.close()
    return folder


def copied(template: Path, folder: Path) -> Path:
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return folder


class Counter:
    """The bank with everybody in it. Methods act as the person they are named after, with a fresh key each."""

    def __init__(
        self, folder: Path, *, url: str | None = None, seed_bank: bool = False, sources: Path | None = None
    ) -> None:
        self.folder = folder
        self.database = Database(url or sqlite_url(folder))
        if url is not None or seed_bank:
            self.database.migrate()  # a copy of the demo bank has its schema
        self.clock, self.ids = StillClock(), CountingIds()
        self.notifier, self.calls, self.presence = RecordingNotifier(), RecordingCalls(), EverybodyThere()
        self.press, self.pins = PlainPress(), PlainPins({})
        self.authorities = Platform(sources, self.clock, Bank().zone, 4.0)
        self.judge = PlainJudge()
        self.parts = Parts(
            database=self.database,
            clock=self.clock,
            ids=self.ids,
            random=SteppingRandom(),
            vault=EvidenceVault(folder),
            press=self.press,
            pins=self.pins,
            notifier=self.notifier,
            calls=self.calls,
            presence=self.presence,
            seal=IdentitySeal(folder),
            authorities=self.authorities,
            bank=Bank(),
            judge=self.judge,
        )
        if seed_bank:
            seed.demo(self.parts, folder)
        self.ids.last = 1_000_000
        self.services = bundle.build(self.parts)
        credentials = json.loads((folder / seed.CREDENTIALS).read_text())
        self.cards: dict[str, dict[str, str]] = credentials["cards"]
        self.pins.right = {card["pan"]: card["pin"] for card in self.cards.values()}
        self.kiosk, self.teller, self.other = self.person("K-02"), self.person("T-03"), self.person("T-05")
        self.authoriser, self.second = self.person("A-07"), self.person("A-11")

    def close(self) -> None:
        self.authorities.close()
        self.database.close()

    def person(self, number: str) -> Principal:
        with self.database.read() as unit:
            found = unit.people.by_number(number)
        assert found is not None
        return found.principal

    def seen(self, case_id: str, who: Principal | None = None) -> CaseView:
        return self.services.seen(who or self.teller, case_id)

    # --- the machine -------------------------------------------------------------------------------------------

    def report(self, notes: Notes | None = None, held: Notes | None = None) -> None:
        devices = [DeviceReport(device="cash_out", state="ok")]
        body = MachineReport(devices=devices, notes=NOTES if notes is None else notes, held=held or {})
        self.services.machines.report(self.kiosk, body)

    # --- the customer ------------------------------------------------------------------------------------------

    def arrive(self, scenario: Scenario = Scenario.WITHDRAWAL, name: str = "顾南枝") -> str:
        case_id = self.services.opening.open(new_key(), self.kiosk, wire.OpenCase(scenario=scenario))
        self.insert_card(case_id, name)
        return case_id

    def insert_card(self, case_id: str, name: str = "顾南枝") -> None:
        body = wire.ReadCard(track2=self.cards[name]["track2"])
        self.services.opening.read_card(new_key(), self.kiosk, case_id, body)

    def card(self, case_id: str, state: wire.CardState) -> None:
        self.services.opening.card_moved(new_key(), self.kiosk, case_id, wire.CardMoved(state=state))

    def confirm(self, case_id: str) -> None:
        body = wire.Confirmation(digest=self._digest(case_id), accepted=True)
        self.services.confirmation.confirm(new_key(), self.kiosk, case_id, body)

    def enter_pin(self, case_id: str, pin: str | None = None, name: str = "顾南枝") -> CaseView:
        block = (pin or self.cards[name]["pin"]).encode()
        body = wire.PinEntry.model_construct(pin_block=block, format="iso4")
        self.services.confirmation.pin(new_key(), self.kiosk, case_id, body)
        return self.seen(case_id)

    def sign(self, case_id: str, *, look: bool = True) -> None:
        """The signature, and before it the look of the kiosk's camera that it waits for."""
        if look:
            self.look_up(case_id)
        stroke = [wire.StrokePoint(x=1, y=1, t=0), wire.StrokePoint(x=5, y=9, t=20)]
        body = wire.Signature(digest=self._digest(case_id), width=100, height=60, strokes=[stroke])
        self.services.confirmation.sign(new_key(), self.kiosk, case_id, body)

    def _digest(self, case_id: str) -> str:
        summary = self.seen(case_id).summary
        assert summary is not None
        return summary.digest

    def consent(self, case_id: str, name: str = "顾南枝") -> None:
        self.confirm(case_id)
        if self.seen(case_id).customer_step is CustomerStep.PIN:
            self.enter_pin(case_id, name=name)
        self.sign(case_id)

    def look_up(self, case_id: str) -> None:
        """The kiosk takes a picture of who stands there, when the signature waits for it; the server compares it."""
        if self.seen(case_id).customer_step is CustomerStep.LOOK:
            data = picture(f"{case_id} signs {self.clock.at}")
            self.services.forms.evidence(new_key(), self.kiosk, case_id, EvidenceKind.FACE_CHECK, data)
            self.services.presence.kiosk_frame(case_id, self.seen(case_id).evidence[-1].digest)

    def put_in(self, case_id: str, notes: Notes) -> None:
        self.prompt(case_id, CustomerStep.INSERT_CASH)
        self.services.cash.counted(new_key(), self.kiosk, case_id, wire.CashCounted(notes=notes))

    # --- the teller --------------------------------------------------------------------------------------------

    def answer(self, case_id: str) -> None:
        assert self.services.queue.ring(case_id, self.teller.number)
        self.services.opening.answer(new_key(), self.teller, case_id)

    def prompt(self, case_id: str, step: CustomerStep) -> None:
        self.services.forms.prompt(new_key(), self.teller, case_id, wire.Prompt(step=step))

    def show(self, case_id: str, kind: EvidenceKind, data: bytes | None = None) -> str:
        who = self.kiosk if kind in (EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK) else self.teller
        self.services.forms.evidence(new_key(), who, case_id, kind, data or picture(f"{case_id}{kind}"))
        return self.seen(case_id).evidence[-1].digest

    def fill(self, case_id: str, source: FieldSource = FieldSource.OCR, **values: str) -> None:
        fields = {name: wire.FieldEntry(value=value, source=source) for name, value in values.items()}
        body = wire.FormEntry(version=self.seen(case_id).version, fields=fields)
        self.services.forms.enter(new_key(), self.teller, case_id, body)

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
        self.agree(case_id)
        self.nod(case_id)
        portrait, live = self.show(case_id, EvidenceKind.PORTRAIT), self.show(case_id, EvidenceKind.LIVE_FRAME)
        self.match(case_id, portrait, live, score)

    def agree(self, case_id: str, granted: bool = True) -> None:
        """The customer is asked for consent to face use and answers."""
        self.prompt(case_id, CustomerStep.FACE_CONSENT)
        body = FaceConsent(granted=granted, text="1")
        self.services.identity.face_consent(new_key(), self.kiosk, case_id, body)

    def nod(self, case_id: str) -> None:
        """The customer does the gesture that is asked for."""
        steps = [GestureOutcome(gesture=Gesture.NOD, outcome="done", ms=900)]
        self.services.presence.liveness(new_key(), self.teller, case_id, LivenessResult(passed=True, steps=steps))

    def match(self, case_id: str, portrait: str, live: str, score: float) -> None:
        body = wire.FaceMatchResult(
            portrait=portrait, live=live, score=score, threshold=80, same=score >= 80, model="test"
        )
        self.services.forms.face_match(new_key(), self.teller, case_id, body)

    def submit(self, case_id: str, note: str = "") -> CaseView:
        body = wire.Submit(version=self.seen(case_id).version, note=note)
        self.services.submission.submit(new_key(), self.teller, case_id, body)
        return self.seen(case_id)

    def execute(self, case_id: str, key: str | None = None) -> CaseView:
        self.services.execution.execute(key or new_key(), self.teller, case_id)
        return self.seen(case_id)

    def resolve(self, case_id: str, choice: str) -> CaseView:
        self.services.execution.resolve(new_key(), self.teller, case_id, wire.Resolve(choice=choice))
        return self.seen(case_id)

    # --- the authoriser ----------------------------------------------------------------------------------------

    def task_of(self, case_id: str) -> str:
        authorisation = self.seen(case_id).authorisation
        assert authorisation is not None
        return authorisation.task_id

    def assign(self, case_id: str, who: Principal | None = None) -> str:
        task_id = self.task_of(case_id)
        assert self.services.tasks.assign(task_id, (who or self.authoriser).number)
        return task_id

    def decide(
        self, case_id: str, decision: Decision = Decision.APPROVE, reason: str | None = None,
        seen_differences: Sequence[str] = (), who: Principal | None = None,
    ) -> CaseView:  # fmt: skip
        who = who or self.authoriser
        task_id = self.task_of(case_id)
        self.services.review.open(new_key(), who, task_id)
        body = DecideTask(
            decision=decision,
            reason_code=reason,
            evidence=[piece.digest for piece in self.seen(case_id).evidence],
            seen_differences=list(seen_differences),
        )
        self.services.review.decide(new_key(), who, task_id, body)
        return self.seen(case_id)

    # --- cash --------------------------------------------------------------------------------------------------

    def moving(self, case_id: str) -> str:
        cash = self.seen(case_id).cash
        assert cash is not None
        body = wire.CashMoving(movement_id=cash.movement_id, counts_before={"CASS1": 400})
        self.services.cash.moving(new_key(), self.kiosk, case_id, body)
        return cash.movement_id

    def outcome(self, case_id: str, movement_id: str | None = None, *, known: bool = True, **notes: Any) -> CaseView:
        if movement_id is None:
            cash = self.seen(case_id).cash
            assert cash is not None
            movement_id = cash.movement_id
        body = wire.CashOutcome.model_validate({"movement_id": movement_id, "known": known, **notes})
        self.services.cash.outcome(new_key(), self.kiosk, case_id, body)
        return self.seen(case_id)

    # --- whole stretches ---------------------------------------------------------------------------------------

    def ready_withdrawal(self, amount: str = "5000.00", name: str = "顾南枝") -> str:
        """Up to where F9 executes, within the teller's own limit."""
        case_id = self.arrive(name=name)
        self.answer(case_id)
        self.identify(case_id, name)
        self.fill(case_id, FieldSource.TYPED, amount=amount)
        self.submit(case_id)
        self.consent(case_id, name)
        return case_id

    def payout_begun(self, amount: str = "5000.00") -> str:
        """Up to where notes move."""
        case_id = self.ready_withdrawal(amount)
        self.execute(case_id)
        self.card(case_id, wire.CardState.TAKEN)
        self.moving(case_id)
        return case_id

    def ready_deposit(self, notes: Notes) -> str:
        case_id = self.arrive(Scenario.DEPOSIT)
        self.answer(case_id)
        self.identify(case_id)
        self.put_in(case_id, notes)
        self.submit(case_id)
        self.consent(case_id)
        return case_id

    def end_visit(self, case_id: str) -> CaseView:
        self.services.closing.receipt(new_key(), self.kiosk, case_id, wire.ReceiptResult(printed=True))
        self.services.closing.rating(new_key(), self.kiosk, case_id, wire.Rating(stars=5))
        return self.seen(case_id)

    # --- the books ---------------------------------------------------------------------------------------------

    def balance(self, code: str) -> int:
        with self.database.read() as unit:
            return unit.ledger.balance(code).minor

    def books_are_right(self) -> None:
        """Trial balance zero, kept balances equal to the sums of postings."""
        with self.database.read() as unit:
            assert set(unit.ledger.trial_balance().values()) <= {0}
            assert unit.ledger.differences() == {}
