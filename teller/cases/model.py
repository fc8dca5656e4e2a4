"""The case and its parts, all frozen; `Case.evolve` makes the next one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from common.wire.cases import CardState, CaseState, CustomerStep, EvidenceKind, EvidenceOrigin, TicketState
from common.wire.doubts import Doubt
from teller.authorisation.request import Request
from teller.cases.state import EDITABLE, TERMINAL, follow
from teller.cash.movement import CashMovement, Direction
from teller.forms.fields import FieldValue
from teller.identity.capturing import CaptureLink
from teller.identity.comparing import FaceCheck
from teller.identity.consent import FaceConsent, PersonCheck
from teller.identity.presence import Challenge, Continuity, Liveness, Look
from teller.identity.records import Chip, Verification
from teller.money import Money
from teller.pin import Pin
from teller.scenarios.composition import transactions
from teller.scenarios.definition import Definition
from teller.scenarios.execution import Effects
from teller.summary import Summary
from teller.transactions.base import Atomic, Presence, money_of

Param = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence by code and its data."""

    code: str
    params: tuple[tuple[str, Param], ...] = ()


def sentence(code: str, **params: Param) -> Sentence:
    return Sentence(code, tuple(params.items()))


@dataclass(frozen=True, slots=True)
class Ticket:
    """Place in the queue. ``since``: when waiting began, None before the card was read."""

    state: TicketState = TicketState.WAITING
    since: datetime | None = None
    seat: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff on this case."""

    number: str
    name: str
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """The customer's card. ``number`` never leaves the server in full."""

    number: str
    state: CardState = CardState.INSIDE


@dataclass(frozen=True, slots=True)
class Holder:
    """The account behind the card and whose it is."""

    account: str
    customer_id: str
    name: str
    id_number: str
    birth: date
    opened_on: date
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class EvidenceRef:
    """A stored picture or file of this case. ``doubts``: what was told against its showing an original."""

    digest: str
    kind: EvidenceKind
    media_type: str
    size: int
    captured_at: datetime
    by: str
    origin: EvidenceOrigin = EvidenceOrigin.COUNTER
    doubts: tuple[Doubt, ...] = ()

    def doubted(self, doubts: Collection[Doubt]) -> "EvidenceRef":
        """The same with these doubts beside those it has."""
        return replace(self, doubts=tuple(sorted({*self.doubts, *doubts})))


@dataclass(frozen=True, slots=True)
class FaceMatch:
    """What the teller's window found on two pictures of this case: a hint; see `teller.identity.comparing`."""

    portrait: str
    live: str
    score: float
    threshold: float
    same: bool
    model: str
    at: datetime
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signed:
    """The customer's signature: the strokes' evidence, and the summary they stand under."""

    at: datetime
    evidence: str
    summary: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that needs a choice."""

    code: str
    params: tuple[tuple[str, Param], ...] = ()
    say: Sentence | None = None
    did: tuple[Sentence, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VoucherRef:
    """The sealed voucher of the case."""

    number: str
    code: str
    digest: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Handed:
    """A thing that the machine was to give out. ``outcome``: taken | retained | failed."""

    kind: str
    number: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Sheets:
    """The whole voucher on paper, out of the machine's page printer (see `teller.cases.sheets`).

    Attributes:
        tries: how often the customer has asked for it. count: sheets printed the last time.
        error: why the last time came to nothing; empty: it did not.
    """

    state: str
    tries: int
    count: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Reversal:
    """That all a case did be undone: why, and the second person who is asked."""

    reason: str
    request: Request


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the timeline."""

    step: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One customer's run through one scenario.

    Attributes:
        read: what the document reader last gave for a field, kept when somebody types over it.
        definition: the scenario as its file was when the case began; a changed file changes no open case.
        capture: the newest link for a picture from the customer's own phone.
        draws: challenges drawn in this visit; a word of the customer takes none of them back.
        chosen: codes of what is done in this case, mandatory ones included.
        pin_hash: of the PIN the customer has set in this case, until it is registered.
        effects: what was registered and booked; None until then.
        signing_look: the look that lets the customer sign; None until it was taken, and again before each signature.
        signing_doubts: looks before this signature that did not see the customer, or not alone.
        form_version: version in which form, pictures or match last changed.
        note_draft: what the teller means to tell an authoriser, not submitted yet.
        final_amount: what the case moved in the end; None until the money part is over.
        gives: kinds of things that the machine gave out when the case was executed. handed: what became of each.
        passbook: whether all lines stand in the passbook of the case; None until the kiosk has said.
        receipt: whether the receipt was printed; None until the kiosk has said.
        sheets: the whole voucher on paper; None: the customer has not asked for it.
    """

    id: str
    number: str
    scenario: str
    definition: Definition
    language: str
    created_at: datetime
    kiosk: str
    kiosk_place: str
    branch: str
    version: int = 1
    state: CaseState = CaseState.DRAFT
    ticket: Ticket = field(default_factory=Ticket)
    teller: Staff | None = None
    card: Card | None = None
    holder: Holder | None = None
    prompt: CustomerStep | None = None
    say: Sentence | None = None
    values: Mapping[str, FieldValue] = field(default_factory=dict)
    read: Mapping[str, str] = field(default_factory=dict)
    form_version: int = 1
    note_draft: str = ""
    evidence: tuple[EvidenceRef, ...] = ()
    capture: CaptureLink | None = None
    face: FaceMatch | None = None
    face_checks: tuple[FaceCheck, ...] = ()
    face_consent: FaceConsent = field(default_factory=FaceConsent)
    person_check: PersonCheck | None = None
    chip: Chip | None = None
    verification: Verification | None = None
    liveness: Liveness | None = None
    continuity: Continuity = field(default_factory=Continuity)
    signing_look: Look | None = None
    signing_doubts: int = 0
    request: Request | None = None
    summary: Summary | None = None
    confirmed_at: datetime | None = None
    disputed_line: str | None = None
    pin: Pin = field(default_factory=Pin)
    signed: Signed | None = None
    chosen: tuple[str, ...] = ()
    presence: Presence = Presence.REMOTE
    pin_hash: str = ""
    effects: Effects | None = None
    settled_at: datetime | None = None
    reversal: Reversal | None = None
    reversed_at: datetime | None = None
    challenge: Challenge | None = None
    draws: int = 0
    movements: tuple[CashMovement, ...] = ()
    trouble: Trouble | None = None
    final_amount: Money | None = None
    voucher: VoucherRef | None = None
    passbook: bool | None = None
    gives: tuple[str, ...] = ()
    handed: tuple[Handed, ...] = ()
    receipt: bool | None = None
    sheets: Sheets | None = None
    rating: int | None = None
    end_code: str | None = None
    end_text: str | None = None
    ended_at: datetime | None = None
    timeline: tuple[Mark, ...] = ()

    def evolve(self, **changes: Any) -> "Case":
        """The case with changes; its version is the store's business."""
        return replace(self, **changes)

    def to(self, state: CaseState, **changes: Any) -> "Case":
        """The case in another state; refused with ``case.wrong_state`` when the table does not allow it."""
        return replace(self, state=follow(self.state, state), **changes)

    def marked(self, step: str, at: datetime) -> "Case":
        return replace(self, timeline=(*self.timeline, Mark(step, at)))

    @property
    def terminal(self) -> bool:
        return self.state in TERMINAL

    @property
    def editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def cash(self) -> CashMovement | None:
        """The movement that counts: the newest; where notes move both ways, the newest of the way they move now."""
        mine = self.movements
        if self.both_ways:
            way = self.direction
            mine = tuple(movement for movement in mine if movement.direction is way)
        return mine[-1] if mine else None

    @property
    def paid(self) -> Money:
        """What really changed hands, over all movements of the way notes move now."""
        way = self.direction if self.both_ways else None
        return self._settled(way)

    @property
    def moved(self) -> Money:
        """What the case is about in the end: what changed hands; where notes move both ways, what was taken in."""
        return self._settled(Direction.IN if self.both_ways else None)

    def _settled(self, way: Direction | None) -> Money:
        total = Money.zero(self.holder.currency if self.holder else "CNY")
        for movement in self.movements:
            if way is None or movement.direction is way:
                total = total + movement.paid
        return total

    @property
    def wanted(self) -> Money:
        """What the notes that move now have to come to."""
        out = next((atomic.amount for atomic in self.atomics if atomic.cash == "out"), "")
        if self.both_ways and out in self.values:
            return money_of({out: self.values[out].value}, out)
        return self.summary.amount if self.summary is not None else self.paid

    @property
    def atomics(self) -> tuple[Atomic, ...]:
        """What is done in this case, in the order in which it is carried out."""
        return transactions(self.definition, self.chosen)

    @property
    def pin_mode(self) -> str:
        """``verify``, ``set``, or empty: no PIN is asked."""
        return next((atomic.pin for atomic in self.atomics if atomic.pin), "")

    @property
    def needs_pin(self) -> bool:
        return bool(self.pin_mode)

    @property
    def ways(self) -> tuple[Direction, ...]:
        """Which ways notes move, in their order: in before out."""
        return tuple(Direction(atomic.cash) for atomic in self.atomics if atomic.cash)

    @property
    def both_ways(self) -> bool:
        """Notes go in, and when all of them are stored, others come out."""
        return len(self.ways) > 1

    @property
    def direction(self) -> Direction | None:
        """Which way notes move now; None: they do not."""
        ways = self.ways
        if len(ways) < 2:
            return ways[0] if ways else None
        stored = any(one.direction is Direction.IN and one.paid and one.paid == one.amount for one in self.movements)
        return ways[-1] if stored else ways[0]

    @property
    def plain_cash(self) -> bool:
        """Nothing but one withdrawal or deposit at the machine."""
        return len(self.atomics) == 1 and self.direction is not None

    @property
    def consented(self) -> bool:
        """Confirmed, known by PIN where due, and signed: all three on the very same summary."""
        if self.summary is None or self.confirmed_at is None or self.signed is None:
            return False
        pin_good = not self.needs_pin or self.pin.state.value == "ok"
        return pin_good and self.signed.summary == self.summary.digest and self.summary.intact

    def latest(self, kind: EvidenceKind) -> EvidenceRef | None:
        """The newest piece of a kind."""
        return next((piece for piece in reversed(self.evidence) if piece.kind is kind), None)

    def with_movement(self, movement: CashMovement) -> "Case":
        """The newest movement replaced by its next state, or a new one added."""
        kept = tuple(known for known in self.movements if known.id != movement.id)
        return replace(self, movements=(*kept, movement))

    @property
    def members(self) -> frozenset[str]:
        """Numbers of everybody whose window shows this case."""
        numbers = {self.kiosk}
        if self.teller is not None:
            numbers.add(self.teller.number)
        numbers |= {one.authoriser for one in self.requests if one.authoriser is not None}
        return frozenset(numbers)

    @property
    def requests(self) -> tuple[Request, ...]:
        """What second persons are or were asked: about the case, about its reversal."""
        own = () if self.request is None else (self.request,)
        return own if self.reversal is None else (*own, self.reversal.request)
