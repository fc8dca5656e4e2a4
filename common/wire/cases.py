"""Cases: ``/api/v1/cases``. One view for everybody; the server leaves out what a role must not see.

Every command (POST, PUT) carries an ``Idempotency-Key`` header (a UUID made once per intention). It is stored
before it is carried out; the same key again returns the stored outcome, with another body it is refused
(409 ``command.key_reused``).
"""

from enum import StrEnum

from pydantic import Base64Bytes, Field

from common.wire.base import Amount, Body, Digest, Moment, Notes, Params, Sentence, View
from common.wire.capture import CaptureView as CaptureView
from common.wire.cash import CashState as CashState
from common.wire.cash import CashView as CashView
from common.wire.cash import MoneyBoxes as MoneyBoxes
from common.wire.cash import SuspectNoteView, SuspectSeriesView
from common.wire.doubts import Doubt
from common.wire.handing import ThingToHand
from common.wire.identity import FaceMatchResult as FaceMatchResult
from common.wire.identity import FaceMatchView as FaceMatchView
from common.wire.identity import IdentityView
from common.wire.scenarios import ChangeScenario as ChangeScenario
from common.wire.scenarios import ChooseTransactions as ChooseTransactions
from common.wire.scenarios import FieldProblem as FieldProblem
from common.wire.scenarios import FieldSpec as FieldSpec
from common.wire.scenarios import Label as Label
from common.wire.scenarios import NoticeView as NoticeView
from common.wire.scenarios import PresetView as PresetView
from common.wire.scenarios import ReverseCase as ReverseCase
from common.wire.scenarios import ScenarioName as ScenarioName
from common.wire.scenarios import ScenarioView as ScenarioView
from common.wire.scenarios import StartCase as StartCase
from common.wire.scenarios import SummaryLine as SummaryLine
from common.wire.scenarios import SummaryView as SummaryView
from common.wire.scenarios import TransactionView as TransactionView
from common.wire.vouchers import VoucherCopyView as VoucherCopyView
from common.wire.vouchers import VoucherView as VoucherView


class Scenario(StrEnum):
    """Two names of scenarios that every bank has; any other is a text file's (teller/scenarios)."""

    WITHDRAWAL = "cash_withdrawal"
    DEPOSIT = "cash_deposit"


class CaseState(StrEnum):
    """Life of a case (transitions: teller/cases/state.py)."""

    DRAFT = "draft"
    AWAITING_AUTHORISATION = "awaiting_authorisation"
    RETURNED = "returned"
    AUTHORISED = "authorised"
    EXECUTING = "executing"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    FAILED = "failed"


class CustomerStep(StrEnum):
    """What the kiosk shows now; computed by the server from the case, so a restarted kiosk goes on by itself."""

    INSERT_CARD = "insert_card"
    QUEUE = "queue"
    TALK = "talk"
    LAY_ID_FRONT = "lay_id_front"
    LAY_ID_BACK = "lay_id_back"
    LAY_LICENCE = "lay_licence"
    LAY_PARTY_FRONT = "lay_party_front"
    LAY_HOUSEHOLD_PAGE = "lay_household_page"
    PHONE_CAPTURE = "phone_capture"
    FACE_CONSENT = "face_consent"
    KEEP_FACE = "keep_face"
    LIVENESS = "liveness"
    INSERT_CASH = "insert_cash"
    WAIT_AUTHORISATION = "wait_authorisation"
    CONFIRM = "confirm"
    PIN = "pin"
    LOOK = "look"
    SIGN = "sign"
    WAIT_EXECUTION = "wait_execution"
    TAKE_CARD = "take_card"
    TAKE_CASH = "take_cash"
    STORE_CASH = "store_cash"
    RETURN_CASH = "return_cash"
    RETAIN_CARD = "retain_card"
    HAND_OVER = "hand_over"
    PRINT_PASSBOOK = "print_passbook"
    TAKE_RECEIPT = "take_receipt"
    PRINT_VOUCHER = "print_voucher"
    RATE = "rate"
    TROUBLE = "trouble"
    GOODBYE = "goodbye"


class TicketState(StrEnum):
    """Place in the queue."""

    WAITING = "waiting"
    RINGING = "ringing"
    SERVING = "serving"
    LEFT = "left"


class CardState(StrEnum):
    """Where the customer's card is, as the kiosk last said."""

    INSIDE = "inside"
    RETURNED = "returned"
    TAKEN = "taken"
    RETAINED = "retained"
    PULLED = "pulled"


class FieldSource(StrEnum):
    """Where a value in the form comes from."""

    CHIP = "chip"
    OCR = "ocr"
    TYPED = "typed"
    CARD = "card"
    CUSTOMER_RECORD = "customer_record"
    DEFAULT = "default"
    MACHINE = "machine"
    EARLIER = "earlier"


class EvidenceKind(StrEnum):
    """What a stored picture or file is."""

    ID_FRONT = "id_front"
    ID_BACK = "id_back"
    LICENCE = "licence"
    PARTY_FRONT = "party_front"
    HOUSEHOLD_PAGE = "household_page"
    PORTRAIT = "portrait"
    LIVE_FRAME = "live_frame"
    CHIP_PORTRAIT = "chip_portrait"
    AUTHORITY_PORTRAIT = "state_portrait"
    FACE_CHECK = "face_check"
    FACE_ALARM = "face_alarm"
    SUSPECT_NOTE = "suspect_note"
    SIGNATURE = "signature"
    VOUCHER = "voucher"


class EvidenceOrigin(StrEnum):
    """Where a picture was taken: at the machine or in the call, or by the customer with a browser of his own."""

    COUNTER = "counter"
    CUSTOMER_PHONE = "customer_phone"


class TicketView(View):
    state: TicketState
    position: int | None = Field(None, description="1 is next; none while served")
    estimated_wait_s: int | None = None
    since: Moment


class PersonRef(View):
    """A member of staff as others see them."""

    number: str
    name: str | None = None
    seat: str | None = None


class CardView(View):
    masked_number: str
    state: CardState


class AccountView(View):
    masked_number: str
    holder: str = Field(description="full for staff, masked for the kiosk")
    available: Amount | None = Field(None, description="staff only")
    opened_on: str | None = None
    status: str = "active"


class FieldValue(View):
    """``unsure`` must be looked at: it stays until ``confirmed`` is true or the value is typed anew."""

    value: str
    source: FieldSource
    confidence: float | None = Field(None, ge=0, le=1)
    unsure: bool = False
    confirmed: bool = False
    evidence: Digest | None = None
    box: list[float] | None = Field(None, description="x, y, width, height in the picture, 0..1")
    origin: str = Field("", description="of a value from an earlier case: that case's number")


class FormView(View):
    specs: list[FieldSpec] = []
    values: dict[str, FieldValue] = {}
    problems: list[FieldProblem] = []


class PayeeView(View):
    """Somebody this customer has sent money to; ``last`` is the number of the newest transfer, ``on`` its day."""

    name: str
    account: str
    bank: str
    last: str
    on: str = ""


class EvidenceView(View):
    digest: Digest
    kind: EvidenceKind
    media_type: str
    size: int
    captured_at: Moment
    by: str = Field(description="number of who captured it")
    origin: EvidenceOrigin = EvidenceOrigin.COUNTER
    doubts: list[Doubt] = Field([], description="staff only: why it may show no original")


class AuthorisationView(View):
    """The newest authorisation of the case; times as the server saw them."""

    task_id: str
    level: str = Field(description="none | remote")
    reasons: list[Sentence]
    state: str = Field(description="queued | assigned | opened | approved | rejected | returned | withdrawn")
    authoriser: PersonRef | None = None
    submitted_at: Moment
    assigned_at: Moment | None = None
    opened_at: Moment | None = None
    decided_at: Moment | None = None
    deadline: Moment | None = None
    authorisers_online: int = 0
    reason_code: str | None = None
    reason_text: str | None = None
    returned_items: list[str] = []
    altered: list[str] = Field(
        [], description="digests that did not reach the authoriser as stored; no consent any more"
    )


class PlanItem(View):
    """One item of the execution plan; ``state`` is todo | doing | done | failed | compensated."""

    code: str
    params: Params = {}
    state: str = "todo"
    compensation: str | None = None


class TroubleView(View):
    code: str
    params: Params = {}
    money: MoneyBoxes | None = None
    say: Sentence | None = None
    did: list[Sentence] = []
    choices: list[str] = Field([], description="recommended first: retry_payout | change_amount | end_case | …")


class TimelineEntry(View):
    step: str
    at: Moment


class CaseView(View):
    """A case as the asker may see it."""

    id: str
    number: str = Field(description="for people: 1122-0047")
    version: int
    scenario: ScenarioName
    title: Label | None = None
    code: str = ""
    cash_way: str = Field("", description="in | out | empty: no notes move")
    pin_mode: str = Field("", description="verify | set | empty: no PIN is asked")
    pin_reference: str | None = Field(None, description="kiosk only: number the block of a new PIN is made with")
    card_needed: bool = True
    on_site: bool = Field(False, description="bank staff stand beside the customer")
    papers: list[EvidenceKind] = Field([EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK], description="sides to be shown")
    transactions: list[TransactionView] = []
    presets: list[PresetView] = []
    notices: list[NoticeView] = []
    reversal: AuthorisationView | None = Field(None, description="who is asked to agree to the reversal (冲正)")
    reversed_at: Moment | None = None
    state: CaseState
    language: str
    created_at: Moment
    kiosk: str
    kiosk_place: str | None = None
    ticket: TicketView
    teller: PersonRef | None = None
    customer_step: CustomerStep
    customer_say: Sentence | None = None
    card: CardView | None = None
    account: AccountView | None = None
    form: FormView = FormView()
    customer_record: dict[str, str] = Field({}, description="staff only")
    note_draft: str = Field("", description="only for who works on the case: words for the authoriser, not sent yet")
    payees: list[PayeeView] = Field([], description="only for who works on the case: usual payees")
    evidence: list[EvidenceView] = []
    phone_papers: list[EvidenceKind] = Field([], description="staff only: may come from the customer's phone")
    capture: CaptureView | None = Field(None, description="the newest link for the customer's phone")
    face_match: FaceMatchView | None = None
    identity: IdentityView = IdentityView()
    authorisation: AuthorisationView | None = None
    summary: SummaryView | None = None
    confirmed_at: Moment | None = None
    disputed_line: str | None = None
    pin_state: str = Field("none", description="none | asked | again | differs | ok | wrong | blocked")
    pin_tries_left: int = 3
    signed_at: Moment | None = None
    signing_doubts: int = Field(0, description="looks before this signature that did not see the customer alone")
    cash: CashView | None = None
    suspects: list[SuspectNoteView] = []
    suspect_series: list[SuspectSeriesView] = []
    plan: list[PlanItem] = []
    trouble: TroubleView | None = None
    voucher: VoucherView | None = None
    timeline: list[TimelineEntry] = []
    to_hand_over: list[ThingToHand] = Field([], description="staff only: see `POST …/finish`")
    rating: int | None = None
    end_code: str | None = Field(None, description="why it was rejected, cancelled or failed")
    end_text: str | None = None


class CaseRow(View):
    """A line in a list of cases; the customer's name is masked."""

    id: str
    number: str
    scenario: ScenarioName
    title: Label | None = None
    state: CaseState
    customer: str | None = None
    amount: Amount | None = None
    kiosk: str
    teller: str | None = None
    created_at: Moment
    ended_at: Moment | None = None
    duration_s: int | None = None


# --- commands of the kiosk -------------------------------------------------------------------------------------


class OpenCase(Body):
    """``POST /cases``: the customer chose. The case is a draft; its ticket starts when the card was read."""

    scenario: ScenarioName
    language: str = Field("zh", pattern="^(zh|en)$")


class ReadCard(Body):
    """``POST /cases/{id}/card``. Answers 422 ``card.unknown``, ``card.blocked``, ``card.other_than_before``."""

    track2: str = Field(min_length=8, max_length=40, description="ISO 7813, without sentinels")


class CardMoved(Body):
    """``POST /cases/{id}/card/state``."""

    state: CardState


class Confirmation(Body):
    """``POST /cases/{id}/confirmation``: the customer's own tap. ``accepted`` false names the line that is wrong."""

    digest: Digest
    accepted: bool
    disputed_line: str | None = None


class PinEntry(Body):
    """``POST /cases/{id}/pin``: a block from the PIN pad, encrypted under the machine's working key."""

    pin_block: Base64Bytes
    format: str = Field(pattern="^(iso0|iso4)$")


class StrokePoint(Body):
    x: float
    y: float
    t: int = Field(description="milliseconds since the first point")
    p: float = Field(1.0, ge=0, le=1, description="pressure")


class Signature(Body):
    """``POST /cases/{id}/signature``: strokes on a pad of ``width`` x ``height``, bound to the summary's digest."""

    digest: Digest
    width: int = Field(gt=0, le=4096)
    height: int = Field(gt=0, le=4096)
    strokes: list[list[StrokePoint]] = Field(min_length=1, max_length=200)


class CashCounted(Body):
    """``POST /cases/{id}/cash/counted``: what lies in escrow, confirmed by the customer on the screen."""

    notes: Notes


class CashMoving(Body):
    """``POST /cases/{id}/cash/moving``: the kiosk is about to move notes; its journal holds the intent."""

    movement_id: str
    counts_before: dict[str, int] = Field(description="cash unit to number of notes")


class CashOutcome(Body):
    """``POST /cases/{id}/cash/outcome``: what the machine's counters say, never a guess.

    ``known`` false makes the movement suspense until the counters explain it.
    """

    movement_id: str
    known: bool
    taken: Notes = Field({}, description="out: with the customer")
    stored: Notes = Field({}, description="in: in the cassettes, belongs to the bank")
    returned: Notes = Field({}, description="in: given back to the customer")
    retracted: Notes = Field({}, description="out: was reachable, came back")
    error: str | None = Field(None, description="device.jam, cash.not_taken, …")
    counts_after: dict[str, int] = {}
    at: Moment | None = Field(None, description="when the counters were read; None: just now")
    sent_at: Moment | None = Field(None, description="by the same clock, when this was sent: that clock may be wrong")


class ReceiptResult(Body):
    """``POST /cases/{id}/receipt``."""

    printed: bool
    error: str | None = None


class Rating(Body):
    """``POST /cases/{id}/rating``: 1..5; the visit ends."""

    stars: int = Field(ge=1, le=5)


# --- commands of the teller -------------------------------------------------------------------------------------


class FieldEntry(Body):
    value: str = Field(max_length=200)
    source: FieldSource
    confidence: float | None = Field(None, ge=0, le=1)
    unsure: bool = False
    confirmed: bool = False
    evidence: Digest | None = None
    box: list[float] | None = Field(None, min_length=4, max_length=4)


class FormEntry(Body):
    """``PUT /cases/{id}/form``: only the fields that change. 409 ``case.stale`` when ``version`` is not the newest
    and somebody else changed one of the same fields."""

    version: int
    fields: dict[str, FieldEntry] = Field(max_length=64)


class Prompt(Body):
    """``POST /cases/{id}/prompt``: ask the customer for a step: papers, face_consent, cash, confirm, pin, sign, talk.

    ``say`` is a sentence by code for the customer's screen.
    """

    step: CustomerStep
    say: str | None = Field(None, max_length=64)


class Submit(Body):
    """``POST /cases/{id}/submit``: form is complete. The server decides whether a second person must agree.

    Refusals (422): ``form.incomplete``, ``form.unsure``, ``account.insufficient``, ``cash.not_payable``,
    ``id.expired``, ``id.not_holder``, ``face.missing``. A face below the threshold is no refusal: it makes an
    authoriser necessary and ``note`` obligatory.
    """

    version: int
    note: str = Field("", max_length=500)


class Cancel(Body):
    """``POST /cases/{id}/cancel``; the kiosk's own ``POST /cases/{id}/leave`` takes no body."""

    reason: str = Field(max_length=64, description="code: customer_left, customer_refused, teller, …")


class Resolve(Body):
    """``POST /cases/{id}/resolve``: one of ``trouble.choices``."""

    choice: str = Field(max_length=64)
