"""Cases as a kiosk sees them, at every step."""

from datetime import UTC, datetime
from typing import Any

from common.wire.base import Amount, Sentence
from common.wire.cases import (
    CardState,
    CardView,
    CaseState,
    CaseView,
    CashState,
    CashView,
    CustomerStep,
    MoneyBoxes,
    PersonRef,
    Scenario,
    SummaryLine,
    SummaryView,
    TicketState,
    TicketView,
    TroubleView,
    VoucherView,
)
from common.wire.vouchers import SheetsView

AT = datetime(2026, 11, 22, 10, 35, tzinfo=UTC)
DIGEST = "ab" * 32
TELLER = PersonRef(number="T-03", name="沈亦舟", seat="03")
LINES = (
    ("business", "现金取款", "Cash withdrawal", False),
    ("amount", "¥20,000.00", None, True),
    ("amount_words", "贰万元整", "¥20,000.00 (贰万元整)", False),
    ("notes", "100 元 × 200 张", "200 × 100 CNY", False),
    ("holder", "顾*枝", None, False),
    ("account", "9999 **** **** 3307", None, False),
    ("fee", "¥0.00", None, False),
    ("place", "青禾支行 大堂", None, False),
    ("case", "1122-0047", None, False),
)


def summary() -> SummaryView:
    lines = [SummaryLine(code=f"summary.{c}", value=v, value_en=e, emphasis=b) for c, v, e, b in LINES]
    return SummaryView(lines=lines, amount=Amount(minor=2_000_000), amount_words="贰万元整", digest=DIGEST)


def cash(direction: str = "out", state: CashState = CashState.POSTED) -> CashView:
    notes = {"100": 200} if direction == "out" else {"100": 12, "50": 4}
    minor = sum(int(face) * 100 * count for face, count in notes.items())
    return CashView(movement_id="m1", direction=direction, amount=Amount(minor=minor), notes=notes, state=state)


def trouble(code: str = "payout_jam", account: int | None = 0, machine: int | None = 2_000_000,
            hand: int | None = 0) -> TroubleView:  # fmt: skip
    def box(minor: int | None) -> Amount | None:
        return None if minor is None else Amount(minor=minor)

    boxes = MoneyBoxes(account=box(account), machine=box(machine), hand=box(hand))
    return TroubleView(code=f"trouble.{code}", money=boxes)


def voucher(state: str | None = None) -> VoucherView:
    """Sealed; on paper as far as ``state`` says."""
    sheets = None if state is None else SheetsView.model_validate({"state": state, "count": 1, "again": True})
    return VoucherView(number="20261122-0047", code="123456789018", digest=DIGEST, sealed_at=AT, sheets=sheets)


_STATES = {
    **dict.fromkeys(("confirm", "pin", "sign"), CaseState.AUTHORISED),
    **dict.fromkeys(
        (
            "take_card",
            "take_cash",
            "store_cash",
            "trouble",
            "print_passbook",
            "hand_over",
            "take_receipt",
            "print_voucher",
            "rate",
        ),
        CaseState.EXECUTING,
    ),
    "wait_authorisation": CaseState.AWAITING_AUTHORISATION,
    "wait_execution": CaseState.AUTHORISED,
    "goodbye": CaseState.COMPLETED,
    "retain_card": CaseState.CANCELLED,
    "return_cash": CaseState.CANCELLED,
}
_BEFORE_TELLER = ("insert_card", "queue")


def case_at(step: CustomerStep, scenario: Scenario = Scenario.WITHDRAWAL, **changes: Any) -> CaseView:
    """A plausible case whose customer is at this step."""
    early = step.value in _BEFORE_TELLER
    queue = step is CustomerStep.QUEUE
    fields: dict[str, Any] = {
        "id": "c1",
        "number": "1122-0047",
        "version": 5,
        "scenario": scenario,
        "state": _STATES.get(step.value, CaseState.DRAFT),
        "language": "zh",
        "created_at": AT,
        "kiosk": "K-02",
        "ticket": TicketView(
            state=TicketState.WAITING if early else TicketState.SERVING,
            position=3 if queue else None,
            estimated_wait_s=150 if queue else None,
            since=AT,
        ),
        "teller": None if early else TELLER,
        "customer_step": step,
        "card": None
        if step is CustomerStep.INSERT_CARD
        else CardView(masked_number="9999 **** **** 3307", state=CardState.INSIDE),
        "summary": None if early else summary(),
        "cash_way": "out" if scenario is Scenario.WITHDRAWAL else "in",
        "pin_mode": "verify" if scenario is Scenario.WITHDRAWAL else "",
        "cash": None if early else cash("out" if scenario is Scenario.WITHDRAWAL else "in"),
    }
    if step is CustomerStep.TROUBLE:
        fields["trouble"] = trouble()
        fields["customer_say"] = Sentence(code="customer.payout_jam", params={"amount": 2_000_000, "paid": 0})
    return CaseView.model_validate({**fields, **changes})
