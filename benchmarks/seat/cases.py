"""Cases as the server would show them, at every stage; pictures of invented people."""

import functools
import hashlib
import io
from datetime import UTC, datetime, timedelta

from PIL import Image

from common.wire.base import Amount, Sentence
from common.wire.cases import (
    AccountView,
    AuthorisationView,
    CardState,
    CardView,
    CaseRow,
    CaseState,
    CaseView,
    CashState,
    CashView,
    CustomerStep,
    EvidenceKind,
    EvidenceView,
    FaceMatchView,
    FieldSource,
    FieldSpec,
    FieldValue,
    FormView,
    Label,
    MoneyBoxes,
    PersonRef,
    PlanItem,
    Scenario,
    SummaryLine,
    SummaryView,
    TicketState,
    TicketView,
    TimelineEntry,
    TroubleView,
    VoucherView,
)
from common.wire.desk import DeskView, DeviceReport, MachineView, QueueRow
from common.wire.identity import ConsentState, FaceConsentView, IdentityView
from common.wire.liveness import ContinuityView, LivenessView
from common.wire.sessions import Role, UserView
from teller.scenarios import composition
from teller.scenarios.builtin import builtin
from tools.demo_people import CUSTOMER
from tools.specimens import PORTRAIT_BOX, default_portrait, render_back, render_front

START = datetime(2026, 3, 12, 3, 4, 0, tzinfo=UTC)
ME = "T-03"
USER = UserView(
    id="u1", number=ME, name="沈亦舟", role=Role.TELLER, branch="青禾支行", seat="03", limit=Amount(minor=1_000_000)
)
TWENTY = Amount(minor=2_000_000)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


@functools.cache
def pictures() -> dict[EvidenceKind, bytes]:
    """One picture of each kind."""
    front, portrait = render_front(CUSTOMER), default_portrait()
    return {
        EvidenceKind.ID_FRONT: _jpeg(front),
        EvidenceKind.ID_BACK: _jpeg(render_back(CUSTOMER)),
        EvidenceKind.PORTRAIT: _jpeg(front.crop(PORTRAIT_BOX)),
        EvidenceKind.LIVE_FRAME: _jpeg(portrait.resize((960, round(960 * portrait.height / portrait.width)))),
    }


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def evidence(*kinds: EvidenceKind, at: datetime = START) -> list[EvidenceView]:
    """Stored pictures."""
    return [
        EvidenceView(
            digest=digest_of(pictures()[kind]),
            kind=kind,
            media_type="image/jpeg",
            size=len(pictures()[kind]),
            captured_at=at + timedelta(seconds=40 + 10 * place),
            by="K-02",
        )
        for place, kind in enumerate(kinds)
    ]


_DEFINITIONS = builtin()
ALL = (EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK, EvidenceKind.PORTRAIT, EvidenceKind.LIVE_FRAME)


def ways(scenario: Scenario) -> dict[str, object]:
    """What the server says of the two cash scenarios beside their names."""
    out = scenario is Scenario.WITHDRAWAL
    title = _DEFINITIONS[scenario].title
    return {
        "title": Label(zh=title.zh, en=title.en),
        "code": _DEFINITIONS[scenario].code,
        "cash_way": "out" if out else "in",
        "pin_mode": "verify" if out else "",
    }


def specs(scenario: Scenario) -> list[FieldSpec]:
    """The form as the domain describes it."""
    return [
        FieldSpec(
            name=one.name, kind=one.kind.value, section=one.section, label_zh=one.label_zh, label_en=one.label_en,
            columns=one.columns, required=one.required, pii=one.pii, read_only=one.read_only, choices=list(one.choices),
        )
        for one in composition.form(_DEFINITIONS[scenario], (), {}, START.date())
    ]  # fmt: skip


def read_values(*, unsure: tuple[str, ...] = (), amount: str = "20000.00") -> dict[str, FieldValue]:
    """What was read from the specimen card, and the amount typed."""
    front = digest_of(pictures()[EvidenceKind.ID_FRONT])
    back = digest_of(pictures()[EvidenceKind.ID_BACK])
    boxes = {"address": [0.17, 0.47, 0.47, 0.17], "name": [0.17, 0.1, 0.16, 0.08]}
    values = {
        name: FieldValue(
            value=value, source=FieldSource.OCR, confidence=0.62 if name in unsure else 0.99, unsure=name in unsure,
            evidence=front if name in CUSTOMER.front() else back, box=boxes.get(name, [0.2, 0.2, 0.3, 0.1]),
        )
        for name, value in {**CUSTOMER.front(), **CUSTOMER.back()}.items()
    }  # fmt: skip
    values["account"] = FieldValue(value="9999 **** 3307", source=FieldSource.CARD)
    if amount:
        values["amount"] = FieldValue(value=amount, source=FieldSource.TYPED, confirmed=True)
    return values


def identity(state: ConsentState = ConsentState.GIVEN, **changes: object) -> IdentityView:
    """Consent to face use given, nothing else known."""
    consent = FaceConsentView(state=state, text="1", at=START)
    return IdentityView.model_validate({"face_consent": consent, **changes})


ALIVE = LivenessView(passed=True, attempts=1, at=START + timedelta(seconds=80))
"""The check of a living face, passed."""

LOOK_MISSING = identity(continuity=ContinuityView(missing=True))
"""A look that was due was not taken."""


def draft(**changes: object) -> CaseView:
    """Just answered: nothing gathered yet."""
    base: dict[str, object] = {
        "id": "0199-case-1",
        "number": "0312-0051",
        "version": 1,
        "scenario": Scenario.WITHDRAWAL,
        "state": CaseState.DRAFT,
        "language": "zh",
        "created_at": START,
        "kiosk": "K-02",
        "kiosk_place": "东湖自助点",
        "ticket": TicketView(state=TicketState.SERVING, since=START),
        "teller": PersonRef(number=ME, name="沈亦舟", seat="03"),
        "customer_step": CustomerStep.TALK,
        "card": CardView(masked_number="9999 **** 3307", state=CardState.INSIDE),
        "account": AccountView(masked_number="9999 **** 3307", holder="顾南枝", available=Amount(minor=6_831_255)),
        "identity": identity(),
        "timeline": [TimelineEntry(step="answered", at=START + timedelta(seconds=12))],
    }
    scenario = changes.get("scenario", Scenario.WITHDRAWAL)
    assert isinstance(scenario, Scenario)
    card = {"account": FieldValue(value="9999 **** 3307", source=FieldSource.CARD)}
    base["form"] = FormView(specs=specs(scenario), values=card)
    base |= ways(scenario)
    return CaseView.model_validate({**base, **changes})


def form(scenario: Scenario = Scenario.WITHDRAWAL, **changes: object) -> FormView:
    return FormView.model_validate({"specs": specs(scenario), "values": read_values(), **changes})


def face(score: float = 96.4, *, same: bool = True) -> FaceMatchView:
    stored = pictures()
    return FaceMatchView(
        portrait=digest_of(stored[EvidenceKind.PORTRAIT]), live=digest_of(stored[EvidenceKind.LIVE_FRAME]),
        score=score, threshold=80.0, same=same, at=START + timedelta(seconds=90),
    )  # fmt: skip


def filled(**changes: object) -> CaseView:
    """Papers, face and form are complete: ready to submit."""
    gathered = {"version": 9, "evidence": evidence(*ALL), "form": form(), "face_match": face()}
    return draft(**{**gathered, "identity": identity(liveness=ALIVE), **changes})


def authorisation(state: str = "opened", **changes: object) -> AuthorisationView:
    base: dict[str, object] = {
        "task_id": "t1",
        "level": "remote",
        "reasons": [
            Sentence(
                code="rule.amount_above_teller_limit",
                params={"rule": "R-104", "amount": 2_000_000, "limit": 1_000_000, "currency": "CNY"},
            )
        ],
        "state": state,
        "authoriser": PersonRef(number="A-07"),
        "submitted_at": START + timedelta(seconds=120),
        "assigned_at": START + timedelta(seconds=120, milliseconds=300),
        "opened_at": START + timedelta(seconds=121, milliseconds=200),
        "deadline": START + timedelta(seconds=300),
        "authorisers_online": 2,
    }
    return AuthorisationView.model_validate({**base, **changes})


def summary() -> SummaryView:
    lines = [
        SummaryLine(code="summary.business", value="现金取款", value_en="Cash withdrawal"),
        SummaryLine(code="summary.amount", value="¥20,000.00", emphasis=True),
        SummaryLine(code="summary.amount_words", value="贰万元整", value_en="¥20,000.00 (贰万元整)"),
        SummaryLine(code="summary.notes", value="100 元 × 200 张", value_en="200 × 100 CNY"),
        SummaryLine(code="summary.holder", value="顾**"),
        SummaryLine(code="summary.account", value="9999 **** 3307"),
        SummaryLine(code="summary.fee", value="¥0.00"),
        SummaryLine(code="summary.place", value="东湖自助点"),
        SummaryLine(code="summary.case", value="0312-0051"),
    ]
    return SummaryView(lines=lines, amount=TWENTY, amount_words="贰万元整", digest="7f3a91c2" + "0" * 52 + "e05b")


def plan(*states: str) -> list[PlanItem]:
    codes = (
        ("plan.book_withdrawal", "plan.undo.book_back"),
        ("plan.return_card", None),
        ("plan.pay_out", "plan.undo.retract"),
        ("plan.seal_voucher", None),
        ("plan.print_receipt", None),
    )
    money = {"amount": 2_000_000, "currency": "CNY"}
    padded = (*states, *["todo"] * (len(codes) - len(states)))
    return [
        PlanItem(code=code, params=money if undo else {}, state=state, compensation=undo)
        for (code, undo), state in zip(codes, padded, strict=True)
    ]


def cash(state: CashState = CashState.PLANNED, direction: str = "out", **changes: object) -> CashView:
    base = {"movement_id": "m1", "direction": direction, "amount": TWENTY, "notes": {"100": 200}, "state": state}
    return CashView.model_validate({**base, **changes})


def awaiting(**changes: object) -> CaseView:
    """With a second person."""
    return filled(**{
        "state": CaseState.AWAITING_AUTHORISATION, "customer_step": CustomerStep.WAIT_AUTHORISATION, "version": 12,
        "authorisation": authorisation(), "summary": summary(), "plan": plan(), "cash": cash(), **changes,
    })  # fmt: skip


def authorised(**changes: object) -> CaseView:
    """Approved; the customer's turn."""
    done = authorisation("approved", decided_at=START + timedelta(seconds=160))
    return awaiting(**{
        "state": CaseState.AUTHORISED, "customer_step": CustomerStep.CONFIRM, "authorisation": done, "version": 15,
        **changes,
    })  # fmt: skip


def signing(**changes: object) -> CaseView:
    """Confirmed and known by PIN; before the signature somebody looks who signs."""
    return authorised(**{
        "customer_step": CustomerStep.LOOK, "confirmed_at": START + timedelta(seconds=180), "pin_state": "ok",
        **changes,
    })  # fmt: skip


def consented(**changes: object) -> CaseView:
    """Confirmed, PIN correct, signed: only execution is left."""
    return authorised(**{
        "customer_step": CustomerStep.WAIT_EXECUTION, "confirmed_at": START + timedelta(seconds=180), "pin_state": "ok",
        "signed_at": START + timedelta(seconds=210), "version": 19, **changes,
    })  # fmt: skip


def executing(**changes: object) -> CaseView:
    """Posted; the machine acts."""
    return consented(**{
        "state": CaseState.EXECUTING, "customer_step": CustomerStep.TAKE_CARD, "cash": cash(CashState.POSTED),
        "plan": plan("done", "doing"), "version": 21, **changes,
    })  # fmt: skip


def jammed(**changes: object) -> CaseView:
    """A note jam: nothing left the machine, all booked back."""
    zero, whole = Amount(minor=0), TWENTY
    trouble = TroubleView(
        code="trouble.payout_jam",
        params={"amount": 2_000_000, "paid": 0, "currency": "CNY", "error": "device.jam"},
        money=MoneyBoxes(account=zero, machine=whole, hand=zero),
        say=Sentence(code="say.payout_jam", params={"amount": 2_000_000, "paid": 0, "currency": "CNY"}),
        did=[
            Sentence(code="did.payout_stopped"),
            Sentence(code="did.counts_checked"),
            Sentence(code="did.booked_back", params={"amount": 2_000_000, "currency": "CNY"}),
        ],
        choices=["retry_payout", "change_amount", "end_case"],
    )
    return executing(**{
        "customer_step": CustomerStep.TROUBLE, "trouble": trouble, "cash": cash(CashState.REVERSED),
        "plan": plan("compensated", "done", "failed"), "version": 24, **changes,
    })  # fmt: skip


def voucher(data: bytes = b"%PDF-1.7 voucher") -> VoucherView:
    return VoucherView(
        number="V-0312-0051", code="447120935586", digest=digest_of(data), sealed_at=START + timedelta(seconds=260)
    )


def paid(**changes: object) -> CaseView:
    """Settled, voucher sealed."""
    return executing(**{
        "customer_step": CustomerStep.RATE, "cash": cash(CashState.SETTLED), "voucher": voucher(), "version": 28,
        "plan": plan("done", "done", "done", "done", "done"), **changes,
    })  # fmt: skip


def completed(**changes: object) -> CaseView:
    return paid(**{
        "state": CaseState.COMPLETED, "customer_step": CustomerStep.GOODBYE, "rating": 5, "version": 30,
        "ticket": TicketView(state=TicketState.LEFT, since=START), **changes,
    })  # fmt: skip


def deposit(**changes: object) -> CaseView:
    """A deposit with everything but the cash."""
    values = {**read_values(amount="")}
    return filled(**{
        **ways(Scenario.DEPOSIT), "scenario": Scenario.DEPOSIT,
        "form": FormView(specs=specs(Scenario.DEPOSIT), values=values), **changes,
    })  # fmt: skip


def counted(**changes: object) -> CaseView:
    """The machine has counted, the customer agreed."""
    amount = Amount(minor=310_000)
    values = {
        **read_values(amount=""),
        "amount": FieldValue(value="3100.00", source=FieldSource.MACHINE),
        "notes": FieldValue(value="100x30 50x2", source=FieldSource.MACHINE),
    }
    held = CashView(
        movement_id="m1", direction="in", amount=amount, notes={"100": 30, "50": 2}, state=CashState.COUNTED
    )
    return deposit(**{"cash": held, "form": FormView(specs=specs(Scenario.DEPOSIT), values=values), **changes})


def row(number: str = "0312-0046", state: CaseState = CaseState.COMPLETED, **changes: object) -> CaseRow:
    base = {
        "id": f"id-{number}", "number": number, "scenario": Scenario.WITHDRAWAL, "state": state, "customer": "许**",
        "amount": Amount(minor=3_032_750), "kiosk": "K-02", "teller": ME, "created_at": START - timedelta(minutes=20),
        "ended_at": START - timedelta(minutes=15), "duration_s": 298,
    }  # fmt: skip
    return CaseRow.model_validate({**base, **changes})


def waiting_customer(position: int = 1, **changes: object) -> QueueRow:
    base = {
        "case_id": f"waiting-{position}", "position": position, "scenario": Scenario.WITHDRAWAL, "customer": "顾**",
        "kiosk": "K-02", "kiosk_place": "东湖自助点", "language": "zh", "prepared": ["card"],
        "since": START - timedelta(seconds=72 - 14 * position),
    }  # fmt: skip
    return QueueRow.model_validate({**base, **changes})


def machine(**changes: object) -> MachineView:
    states = {"card_reader": "ok", "pin_pad": "ok", "cash_in": "ok", "cash_out": "ok", "receipt": "ok",
              "document_camera": "ok"}  # fmt: skip
    devices = [DeviceReport(device=name, state=state) for name, state in states.items()]
    base = {"number": "K-02", "place": "东湖自助点", "online": True, "devices": devices, "at": START}
    return MachineView.model_validate({**base, **changes})


def desk(**changes: object) -> DeskView:
    """Ready, three waiting, a day's work."""
    base = {
        "state": "ready",
        "since": START - timedelta(seconds=108),
        "queue": [
            waiting_customer(1),
            waiting_customer(2, customer="严**", kiosk="K-07", scenario=Scenario.DEPOSIT),
            waiting_customer(3, customer="何**", kiosk="K-05", language="en", prepared=[]),
        ],
        "today": [
            row("0312-0046"),
            row("0312-0044", CaseState.RETURNED, customer="梁**", ended_at=None, duration_s=None),
            row("0312-0041", scenario=Scenario.DEPOSIT, customer="罗**"),
            row("0312-0039", CaseState.REJECTED, customer="田**"),
            row("0312-0036", CaseState.CANCELLED, customer="白**", amount=None),
        ],
        "served": 14,
        "average_s": 342,
        "rating": 4.9,
        "machines": [machine(), machine(number="K-05", place="大厅西侧", online=False), machine(number="K-07")],
    }
    return DeskView.model_validate({**base, **changes})
