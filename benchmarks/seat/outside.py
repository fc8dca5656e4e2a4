"""The outside of the teller's window as it is played: every port, and a clock that stands still."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from benchmarks.seat import cases, machines
from benchmarks.seat.suspense import FakeSuspense
from common.errors import AppError, UserError
from common.wire.cases import CaseRow, CaseView, EvidenceKind, StartCase
from common.wire.companies import Agenda, AgendaCall, AgendaReview
from common.wire.desk import DeskView
from common.wire.identity import Revealed
from common.wire.machine import GiveOrder, MachineDetail, OrderView
from common.wire.registers import RegisterPage, RegisterRow, SealPermissionView
from ocr.api import DocumentReading, FaceLook, FaceMatch
from video.call import CallState
from video.session import CallSnapshot

OnCase = Callable[[CaseView], object]
OnError = Callable[[AppError], object]


class StillClock:
    """Time that moves only when told."""

    def __init__(self) -> None:
        self.at = cases.START + timedelta(seconds=240)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - cases.START).total_seconds()


@dataclass
class Sent:
    """One command the window sent."""

    suffix: str
    body: Any
    method: str
    on_ok: OnCase | None
    on_error: OnError | None


class FakeStore(QObject):
    """The open case; commands wait until the test answers or refuses them."""

    changed = Signal(object)
    failed = Signal(object)
    busyChanged = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._case: CaseView | None = None
        self.known: dict[str, CaseView] = {}
        self.sent: list[Sent] = []
        self.waiting: list[Sent] = []
        self.beside: list[Sent] = []
        self.refreshed = 0

    @property
    def case(self) -> CaseView | None:
        return self._case

    def open(self, case_id: str) -> None:
        self.show(self.known[case_id])

    def adopt(self, case: CaseView) -> None:
        self.show(case)

    def close(self) -> None:
        self._case = None
        self.changed.emit(None)

    def refresh(self) -> None:
        self.refreshed += 1

    def show(self, case: CaseView) -> None:
        """The server says the case is so."""
        self._case = case
        self.changed.emit(case)

    def command(
        self, path_suffix: str, body: BaseModel | None = None, *, method: str = "POST", on_ok: OnCase | None = None,
        on_error: OnError | None = None, quiet: bool = False,
    ) -> None:  # fmt: skip
        if quiet:
            self.beside.append(Sent(path_suffix, body, method, on_ok, on_error))
        else:
            self._send(Sent(path_suffix, body, method, on_ok, on_error))

    def upload(
        self, kind: str, content: bytes, media_type: str = "image/jpeg", *, on_ok: OnCase | None = None,
        on_error: OnError | None = None,
    ) -> None:  # fmt: skip
        self._send(Sent(f"evidence?kind={kind}", content, "POST", on_ok, on_error))

    def _send(self, sent: Sent) -> None:
        self.sent.append(sent)
        self.waiting.append(sent)
        self.busyChanged.emit(sent.suffix)

    def answer(self, case: CaseView) -> Sent:
        """The server carries out the oldest command."""
        sent = self.waiting.pop(0)
        self._quiet()
        self.show(case)
        if sent.on_ok is not None:
            sent.on_ok(case)
        return sent

    def refuse(self, error: AppError) -> Sent:
        """The server refuses the oldest command."""
        sent = self.waiting.pop(0)
        self._quiet()
        (sent.on_error or self.failed.emit)(error)
        return sent

    def _quiet(self) -> None:
        self.busyChanged.emit(self.waiting[-1].suffix if self.waiting else "")

    def suffixes(self) -> list[str]:
        return [one.suffix for one in self.sent]


class FakeLink(QObject):
    """A call that does what the test says."""

    started = Signal(str)
    changed = Signal(object)
    ended = Signal(str)
    failed = Signal(object)
    peer_lost = Signal(float)
    data_received = Signal(bytes)

    def __init__(self) -> None:
        super().__init__()
        self.did: list[str] = []
        self.frame: bytes | None = cases.pictures()[EvidenceKind.LIVE_FRAME]
        self.picture: Any = None
        self.own: Any = None

    def remote_picture(self) -> Any:
        return self.picture

    def own_picture(self) -> Any:
        return self.own

    def remote_size_wanted(self, width: int, height: int) -> None: ...
    def own_size_wanted(self, width: int, height: int) -> None: ...
    def painted(self, picture: Any) -> None: ...
    def show_self(self) -> None: ...

    def hang_up(self) -> None:
        self.did.append("hang_up")

    def set_muted(self, muted: bool) -> None:
        self.did.append(f"muted {muted}")

    def set_held(self, held: bool) -> None:
        self.did.append(f"held {held}")

    def snapshot(self, on_ok: Callable[[bytes, datetime], object], on_error: OnError) -> None:
        if self.frame is None:
            on_error(UserError("call.no_picture"))
        else:
            on_ok(self.frame, cases.START)

    def stand(self, state: CallState = CallState.CONNECTED, **changes: Any) -> None:
        """A call stands."""
        base: dict[str, Any] = {
            "call_id": "c1", "state": state, "since": cases.START, "ended_by": None, "lost": (),
            "remote_size": (1280, 720), "fps_in": 30.0, "fps_out": 30.0, "rtt_ms": 34.0, "packets_lost": 0,
            "local_muted": False, "local_held": False, "notices": (),
        }  # fmt: skip
        self.started.emit("c1")
        self.changed.emit(CallSnapshot(**{**base, **changes}))


class FakeVision(QObject):
    """Eyes that answer when the test says what they see."""

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.now = "ready"
        self.readings: list[tuple[bytes, Callable[[DocumentReading], object], OnError]] = []
        self.looks: list[tuple[bytes, Callable[[FaceLook], object], OnError]] = []
        self.matches: list[tuple[bytes, bytes, Callable[[FaceMatch], object], OnError]] = []

    @property
    def state(self) -> str:
        return self.now

    def become(self, state: str) -> None:
        self.now = state
        self.changed.emit(state)

    def read_document(
        self, image: bytes, birth: date | None, on_ok: Callable[[DocumentReading], object], on_error: OnError
    ) -> None:
        self.readings.append((image, on_ok, on_error))

    def match_faces(self, a: bytes, b: bytes, on_ok: Callable[[FaceMatch], object], on_error: OnError) -> None:
        self.matches.append((a, b, on_ok, on_error))

    def same_person(self, a: bytes, b: bytes, on_ok: Callable[[FaceMatch], object], on_error: OnError) -> None:
        self.matches.append((a, b, on_ok, on_error))

    def look(self, frame: bytes, on_ok: Callable[[FaceLook], object], on_error: OnError) -> None:
        self.looks.append((frame, on_ok, on_error))


@dataclass
class FakeDesk:
    """The server beside the open case."""

    view: DeskView = field(default_factory=cases.desk)
    stored: dict[str, bytes] = field(default_factory=lambda: {cases.digest_of(d): d for d in cases.pictures().values()})
    found: list[CaseRow] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    started: list[StartCase] = field(default_factory=list)
    taken: CaseView | AppError = field(default_factory=cases.draft)
    pdf: bytes = b"%PDF-1.7 voucher"

    def desk(self, on_ok: Callable[[DeskView], object], on_error: OnError) -> None:
        on_ok(self.view)

    def find_cases(self, query: str, on_ok: Callable[[list[CaseRow]], object], on_error: OnError) -> None:
        self.asked.append(query)
        on_ok(self.found)

    def take(self, case_id: str, how: str, on_ok: OnCase, on_error: OnError) -> None:
        self.asked.append(f"{how} {case_id}")
        if isinstance(self.taken, AppError):
            on_error(self.taken)
        else:
            on_ok(self.taken)

    def start(self, body: StartCase, on_ok: OnCase, on_error: OnError) -> None:
        self.asked.append(f"start {body.scenario}")
        self.started.append(body)
        on_ok(cases.draft())

    def picture(self, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        if digest in self.stored:
            on_ok(self.stored[digest])
        else:
            on_error(UserError("evidence.not_found"))

    def kept_face(self, case_id: str, digest: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        self.asked.append(f"kept {digest[:4]}")
        self.picture(digest, on_ok, on_error)

    def reveal(self, case_id: str, field: str, on_ok: Callable[[Revealed], object], on_error: OnError) -> None:
        self.asked.append(f"reveal {field}")
        on_ok(Revealed(field=field, value="999999199003070426"))

    def voucher(self, case_id: str, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        on_ok(self.pdf)


class FakePresence(QObject):
    """Signalling as the seat sees it."""

    message = Signal(object)
    offline_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.desk_was: list[str] = []

    def set_presence(self, state: str) -> None:
        self.said.append(state)

    def found(self, state: str) -> None:
        self.desk_was.append(state)


class FakeRing:
    """A bell that writes down when it begins and ends."""

    def __init__(self) -> None:
        self.did: list[bool] = []

    def ring(self, on: bool) -> None:
        self.did.append(on)


@dataclass
class FakeBooks:
    """Papers and registers as the test put them; answers come when the test gives them."""

    count: int = 2
    png: bytes = field(default_factory=lambda: cases.pictures()[next(iter(cases.pictures()))])
    asked: list[tuple[object, ...]] = field(default_factory=list)
    waiting: list[tuple[Callable[[RegisterPage], object], OnError]] = field(default_factory=list)
    exported: bytes | AppError = b"a,b"

    def pages(self, case_id: str, on_ok: Callable[[int], object], on_error: OnError) -> None:
        on_ok(self.count)

    def page(self, case_id: str, number: int, on_ok: Callable[[QImage], object], on_error: OnError) -> None:
        self.asked.append(("page", number))
        if number > self.count:
            on_error(UserError("page.not_found", number=number))
        else:
            on_ok(QImage.fromData(self.png))

    def copy(self, case_id: str, ordinal: int, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        self.asked.append(("copy", ordinal))
        on_ok(b"%PDF-1.4 copy")

    def lines(
        self, register: str, text: str, since: date | None, before: int | None,
        on_ok: Callable[[RegisterPage], object], on_error: OnError,
    ) -> None:  # fmt: skip
        self.asked.append(("lines", register, text, since is not None, before))
        self.waiting.append((on_ok, on_error))

    def file(
        self, register: str, text: str, since: date | None, form: str,
        on_ok: Callable[[bytes], object], on_error: OnError,
    ) -> None:  # fmt: skip
        self.asked.append(("file", register, text, form))
        if isinstance(self.exported, bytes):
            on_ok(self.exported)
        else:
            on_error(self.exported)

    def write(self, path: str, body: BaseModel, on_ok: Callable[[RegisterRow], object], on_error: OnError) -> None:
        self.asked.append(("write", path, body.model_dump(exclude_defaults=True)))
        at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
        on_ok(RegisterRow(sequence=9, at=at, kind="item.voided", who="T-03", branch="青禾支行", subject="9"))

    def agenda(self, on_ok: Callable[[Agenda], object], on_error: OnError) -> None:
        at = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
        call = AgendaCall(number="YY20261122001", company="91999999MA00GT001Q", name="云溪市梧桐贸易有限公司",
                          representative="许*远", at=at, state="booked")  # fmt: skip
        review = AgendaReview(
            company="91999999MA00GT001Q", name="云溪市梧桐贸易有限公司", due="2026-11-10", state="overdue"
        )
        on_ok(Agenda(calls=[call], reviews=[review]))

    def permissions(self, on_ok: Callable[[list[SealPermissionView]], object], on_error: OnError) -> None:
        at = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
        on_ok([SealPermissionView(role="teller", branch="*", text="voucher", place="centre", at=at, who="ADMIN")])


@dataclass
class FakeMachines:
    """One machine opened up; orders are kept until the test answers."""

    view: MachineDetail = field(default_factory=machines.machine_detail)
    given: list[GiveOrder] = field(default_factory=list)
    refuses: AppError | None = None
    looks: int = 0

    def detail(self, number: str, on_ok: Callable[[MachineDetail], object], on_error: OnError) -> None:
        self.looks += 1
        on_ok(self.view.model_copy(update={"number": number}))

    def give(
        self, number: str, body: GiveOrder, on_ok: Callable[[OrderView], object], on_error: OnError
    ) -> None:  # fmt: skip
        self.given.append(body)
        if self.refuses is not None:
            on_error(self.refuses)
        else:
            on_ok(machines.order(body.action, body.target, "given"))


class Outside(SimpleNamespace):
    """All of it."""

    store: FakeStore
    link: FakeLink
    vision: FakeVision
    desk: FakeDesk
    presence: FakePresence
    ring: FakeRing
    books: FakeBooks
    machines: FakeMachines
    suspense: FakeSuspense
    clock: StillClock


def outside() -> Outside:
    return Outside(
        store=FakeStore(), link=FakeLink(), vision=FakeVision(), desk=FakeDesk(), presence=FakePresence(),
        ring=FakeRing(), books=FakeBooks(), machines=FakeMachines(), suspense=FakeSuspense(), clock=StillClock(),
    )  # fmt: skip
