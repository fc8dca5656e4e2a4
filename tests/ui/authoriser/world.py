"""A world for the authoriser's window: a task with everything in it, and ports that a test plays the server with."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from benchmarks.seat.outside import FakeBooks
from benchmarks.seat.suspense import FakeSuspense
from common.errors import AppError
from common.wire.authorisation import (
    AuthoriserDesk,
    ComparisonRow,
    DecideTask,
    MonthFigure,
    Movement,
    TaskRow,
    TaskView,
)
from common.wire.base import Amount, Sentence
from common.wire.cases import (
    AccountView,
    AuthorisationView,
    CardState,
    CardView,
    CaseState,
    CaseView,
    CustomerStep,
    EvidenceKind,
    EvidenceView,
    FaceMatchView,
    FieldSource,
    FieldSpec,
    FieldValue,
    FormView,
    PersonRef,
    Scenario,
    SummaryLine,
    SummaryView,
    TicketState,
    TicketView,
)

NOW = datetime(2036, 3, 12, 11, 6, 26, tzinfo=UTC)
TASK = "task-1"
_COLOURS = {"portrait": "#9fb6c8", "live_frame": "#b8a68c", "id_front": "#a8c4b0", "id_back": "#c0b4cc"}


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed


def picture(kind: str) -> bytes:
    """A small PNG that differs from kind to kind."""
    wide = kind.startswith("id_")
    image = QImage(640 if wide else 400, 404 if wide else 500, QImage.Format.Format_RGB32)
    image.fill(QColor(_COLOURS[kind]))
    painter = QPainter(image)
    painter.setPen(QColor("black"))
    painter.drawRect(20, 20, image.width() - 40, image.height() - 40)
    painter.drawEllipse(image.width() // 3, image.height() // 4, image.width() // 3, image.width() // 3)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


PICTURES = {kind: picture(kind) for kind in _COLOURS}
DIGESTS = {kind: hashlib.sha256(data).hexdigest() for kind, data in PICTURES.items()}
BY_DIGEST = {DIGESTS[kind]: data for kind, data in PICTURES.items()}

_FIELDS: tuple[tuple[str, str, str, str, str], ...] = (
    ("name", "text", "姓名", "Name", "方予安"),
    ("sex", "choice", "性别", "Sex", "男"),
    ("nation", "text", "民族", "Ethnic group", "汉"),
    ("birth", "date", "出生日期", "Date of birth", "1971-08-19"),
    ("address", "text", "住址", "Address", "云溪市青禾区石榴巷8号2单元401室"),
    ("id_number", "id_number", "公民身份号码", "ID number", "999999197108190359"),
    ("authority", "text", "签发机关", "Issuing authority", "云溪市公安局青禾分局"),
    ("valid_from", "date", "有效期自", "Valid from", "2016-09-02"),
    ("valid_to", "date", "有效期至", "Valid until", "长期"),
    ("account", "text", "账户", "Account", "9999 00** **** 3307"),
    ("amount", "amount", "取款金额", "Amount to withdraw", "20000.00"),
)
RECORD_ADDRESS = "云溪市青禾区石榴巷21号5单元102室"
RECORD_AUTHORITY = "云溪市公安局清禾分局"
NO_ID = ("account", "amount")
CHANGED = {"address": RECORD_ADDRESS, "authority": RECORD_AUTHORITY}


def comparison(differing: tuple[str, ...]) -> list[ComparisonRow]:
    """All fields; those named differ from the bank's record."""
    rows = []
    for name, _, zh, en, value in _FIELDS:
        other = None if name in NO_ID else value
        record = CHANGED[name] if name in differing else other
        rows.append(
            ComparisonRow(
                field=name, label_zh=zh, label_en=en, form=value, ocr=other, record=record, differs=name in differing
            )
        )
    return rows


def _summary() -> SummaryView:
    lines = (
        ("business", "现金取款", "Cash withdrawal"),
        ("amount", "¥20,000.00", None),
        ("amount_words", "贰万元整", "twenty thousand yuan"),
        ("notes", "100 元 × 200 张", "200 × 100 CNY"),
        ("holder", "方予安", None),
        ("account", "9999 00** **** 3307", None),
        ("fee", "¥0.00", None),
    )
    return SummaryView(
        lines=[SummaryLine(code=f"summary.{code}", value=zh, value_en=en) for code, zh, en in lines],
        amount=Amount(minor=2_000_000),
        amount_words="贰万元整",
        digest="ab" * 32,
    )


def _case(score: float, task_id: str, seconds: int, scenario: Scenario, number: str) -> CaseView:
    evidence = [
        EvidenceView(
            digest=DIGESTS[kind], kind=EvidenceKind(kind), media_type="image/png", size=len(PICTURES[kind]),
            captured_at=NOW - timedelta(seconds=68), by="T-03",
        )
        for kind in PICTURES
    ]  # fmt: skip
    reasons = [
        Sentence(code="rule.amount_above_teller_limit",
                 params={"rule": "R-104", "amount": 2_000_000, "limit": 1_000_000, "currency": "CNY"}),
        Sentence(code="rule.first_large_withdrawal_of_elder",
                 params={"rule": "R-117", "age": 64, "from_age": 60, "amount": 2_000_000, "currency": "CNY",
                         "months": 12, "largest_before": 300_000}),
    ]  # fmt: skip
    return CaseView(
        id="case-1", number=number, version=7, scenario=scenario,
        cash_way="out" if scenario is Scenario.WITHDRAWAL else "in", state=CaseState.AWAITING_AUTHORISATION,
        language="zh", created_at=NOW, kiosk="K-07", ticket=TicketView(state=TicketState.SERVING, since=NOW),
        teller=PersonRef(number="T-03", name="沈亦舟", seat="03"), customer_step=CustomerStep.WAIT_AUTHORISATION,
        card=CardView(masked_number="9999 00** **** 3307", state=CardState.INSIDE),
        account=AccountView(masked_number="9999 00** **** 3307", holder="方予安", available=Amount(minor=6_831_255),
                            opened_on="2011-09-02"),
        form=FormView(
            specs=[FieldSpec(name=name, kind=kind, section="identity", label_zh=zh, label_en=en)
                   for name, kind, zh, en, _ in _FIELDS],
            values={name: FieldValue(value=value, source=FieldSource.OCR) for name, _, _, _, value in _FIELDS},
        ),
        evidence=evidence,
        face_match=FaceMatchView(portrait=DIGESTS["portrait"], live=DIGESTS["live_frame"], score=score,
                                 threshold=80.0, same=score >= 80, at=NOW),
        authorisation=AuthorisationView(
            task_id=task_id, level="remote", reasons=reasons, state="assigned", submitted_at=NOW,
            assigned_at=NOW, deadline=NOW + timedelta(seconds=seconds),
        ),
        summary=_summary(),
    )  # fmt: skip


def task(
    differing: tuple[str, ...] = ("address", "authority"),
    *,
    score: float = 91.7,
    id: str = TASK,
    seconds: int = 180,
    intact: bool = True,
    state: str = "assigned",
    scenario: Scenario = Scenario.WITHDRAWAL,
    note: str = "装修付款，视频里出示了合同首页。客户说刚搬家，档案地址还没有改。",
    number: str = "0312-0051",
) -> TaskView:
    """A withdrawal of 20,000 that differs in these fields."""
    figures = {f"2035-{month:02d}": 50_000 + 12_000 * (month % 5) for month in range(1, 13)}
    months = [MonthFigure(month=month, withdrawn=Amount(minor=minor)) for month, minor in figures.items()]
    moved = (("2036-03-10", "工资", "Salary", 864_000),
             ("2036-03-05", "转账 云水物业", "Transfer, property fee", -61_200),
             ("2036-02-28", "消费", "Card payment", -23_640), ("2036-02-10", "工资", "Salary", 864_000),
             ("2036-01-21", "到期转入", "Deposit matured", 3_000_000))  # fmt: skip
    return TaskView(
        id=id,
        state=state,
        case=_case(score, id, seconds, scenario, number),
        submitted_at=NOW,
        deadline=NOW + timedelta(seconds=seconds),
        note=note,
        comparison=comparison(differing),
        months=months,
        movements=[Movement(on=on, text_zh=zh, text_en=en, amount=Amount(minor=minor)) for on, zh, en, minor in moved],
        evidence_intact=intact,
        waiting=3,
    )


def desk(*, accepting: bool = True, current: str | None = None) -> AuthoriserDesk:
    """A busy morning."""
    decisions = ("approved", "approved", "rejected", "returned", "approved", "approved", "approved", "approved")
    recent = [
        TaskRow(id=f"t{at}", case_number=f"0312-00{68 - at}", scenario="cash_withdrawal" if at % 3 else "cash_deposit",
                amount=Amount(minor=3_600_000 + at * 120_000), decision=decision,
                decided_at=NOW - timedelta(minutes=2 * at), seconds=14 + 5 * at)
        for at, decision in enumerate(decisions)
    ]  # fmt: skip
    return AuthoriserDesk(
        accepting=accepting, current_task=current, waiting=3, decided=126, approved=114, rejected=3, returned=9,
        median_s=21, per_hour={"08": 12, "09": 38, "10": 46, "11": 30},
        team={"A-03": 121, "A-07": 126, "A-09": 124, "A-11": 122}, recent=recent,
    )  # fmt: skip


@dataclass
class Ask:
    """A question that has not been answered yet."""

    what: str
    args: tuple[Any, ...]
    ok: Callable[[Any], object]
    error: Callable[[AppError], object]


class FakeTasks(QObject):
    """The window's port. Questions are answered at once from ``tasks`` and ``desk`` unless they are ``held``."""

    message = Signal(object)
    found = Signal()
    offline_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tasks: dict[str, TaskView] = {TASK: task()}
        self.now_desk = desk()
        self.pictures = dict(BY_DIGEST)
        self.refusals: dict[str, AppError] = {}
        self.held: set[str] = set()
        self.waiting: list[Ask] = []
        self.asked: list[tuple[str, tuple[Any, ...]]] = []

    def _answer(self, ask: Ask, value: Callable[[], Any]) -> None:
        self.asked.append((ask.what, ask.args))
        if ask.what in self.held:
            self.waiting.append(ask)
        elif ask.what in self.refusals:
            ask.error(self.refusals[ask.what])
        else:
            ask.ok(value())

    def of(self, what: str) -> list[tuple[Any, ...]]:
        """Arguments of all questions of a kind."""
        return [args for asked, args in self.asked if asked == what]

    def take(self, what: str) -> Ask:
        """The oldest held question of a kind."""
        found = next(ask for ask in self.waiting if ask.what == what)
        self.waiting.remove(found)
        return found

    def desk(self, on_ok: Any, on_error: Any) -> None:
        self._answer(Ask("desk", (), on_ok, on_error), lambda: self.now_desk)

    def set_accepting(self, accepting: bool, on_ok: Any, on_error: Any) -> None:
        ask = Ask("set_accepting", (accepting,), on_ok, on_error)
        self._answer(ask, lambda: self.now_desk.model_copy(update={"accepting": accepting}))

    def task(self, task_id: str, on_ok: Any, on_error: Any) -> None:
        self._answer(Ask("task", (task_id,), on_ok, on_error), lambda: self.tasks[task_id])

    def open(self, task_id: str, on_ok: Any, on_error: Any) -> None:
        ask = Ask("open", (task_id,), on_ok, on_error)
        self._answer(ask, lambda: self.tasks[task_id].model_copy(update={"state": "opened"}))

    def report_altered(self, task_id: str, digest: str, key: str, on_ok: Any, on_error: Any) -> None:
        ask = Ask("report_altered", (task_id, digest, key), on_ok, on_error)
        self._answer(ask, lambda: self.tasks[task_id].model_copy(update={"state": "opened", "evidence_intact": False}))

    def decide(self, task_id: str, body: DecideTask, key: str, on_ok: Any, on_error: Any) -> None:
        ask = Ask("decide", (task_id, body, key), on_ok, on_error)
        self._answer(ask, lambda: self.tasks[task_id].model_copy(update={"state": f"{body.decision.value}d"}))

    def picture(self, digest: str, on_ok: Any, on_error: Any) -> None:
        self._answer(Ask("picture", (digest,), on_ok, on_error), lambda: self.pictures[digest])

    def kept_face(self, case_id: str, digest: str, on_ok: Any, on_error: Any) -> None:
        self._answer(Ask("kept_face", (case_id, digest), on_ok, on_error), lambda: self.pictures[digest])


@dataclass
class World:
    """The port and the clock of a window."""

    port: FakeTasks = field(default_factory=FakeTasks)
    clock: Clock = field(default_factory=Clock)
    suspense: FakeSuspense = field(default_factory=FakeSuspense)
    books: FakeBooks = field(default_factory=FakeBooks)
