"""What stands at the ports of the counter: clock, ids, notifier, calls, presence, PIN unit, judge, press."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from common.challenge import FilmFrame
from common.errors import ServiceError
from common.wire.identity import FaceUse
from common.wire.liveness import Gesture
from teller.seals import PaperMark, Seal
from teller.vouchers import Voucher, canonical

START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


class StillClock:
    """Time that moves only when told."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - START).total_seconds()

    def pass_(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class CountingIds:
    """Identifiers 1, 2, 3 … in UUID form."""

    def __init__(self) -> None:
        self.last = 0

    def new(self) -> uuid.UUID:
        self.last += 1
        return uuid.UUID(int=self.last)


class SteppingRandom:
    """Numbers that follow one another."""

    def __init__(self) -> None:
        self.last = 0

    def randbelow(self, exclusive_upper_bound: int, /) -> int:
        self.last += 1
        return self.last % exclusive_upper_bound


class RecordingNotifier:
    """What was said after commit, in order."""

    def __init__(self) -> None:
        self.said: list[tuple[str, ...]] = []

    def case_changed(self, case_id: str, version: int, members: frozenset[str]) -> None:
        self.said.append(("case_changed", case_id, str(version), *sorted(members)))

    def desk_changed(self) -> None:
        self.said.append(("desk_changed",))

    def machine_ordered(self, number: str) -> None:
        self.said.append(("machine_ordered", number))

    def queue_changed(self) -> None:
        self.said.append(("queue_changed",))

    def task_queued(self) -> None:
        self.said.append(("task_queued",))

    def task_closed(self, task_id: str, authoriser: str | None, reason: str) -> None:
        self.said.append(("task_closed", task_id, authoriser or "", reason))

    def case_ended(self, case_id: str) -> None:
        self.said.append(("case_ended", case_id))


class RecordingCalls:
    """Calls that were asked for."""

    def __init__(self) -> None:
        self.made: list[tuple[str, ...]] = []

    def start(self, case_id: str, teller: str, kiosk: str) -> None:
        self.made.append(("start", case_id, teller, kiosk))

    def call_again(self, case_id: str, teller: str, kiosk: str) -> None:
        self.made.append(("call_again", case_id, teller, kiosk))

    def end_for_case(self, case_id: str) -> None:
        self.made.append(("end", case_id))


class EverybodyThere:
    """Presence of a quiet day."""

    def __init__(self) -> None:
        self.pausing: set[str] = set()
        self.away: set[str] = set()

    def online(self, number: str) -> bool:
        return number not in self.away

    def seat_state(self, number: str) -> str:
        return "ready"

    def seat_since(self, number: str) -> datetime | None:
        return START

    def set_accepting(self, number: str, accepting: bool) -> None:
        (self.pausing.discard if accepting else self.pausing.add)(number)

    def accepting(self, number: str) -> bool:
        return number not in self.pausing

    def authorisers_online(self) -> int:
        return 2


class PlainPins:
    """A PIN unit whose block is the PIN itself."""

    def __init__(self, right: dict[str, str]) -> None:
        self.right = right

    def working_key_block(self, vtm_id: str, pin_format: str = "iso4") -> str:
        return f"D-{vtm_id}"

    def verify(self, vtm_id: str, pin_block: bytes, pin_format: str, pan: str, stored_hash: str) -> bool:
        return pin_block.decode() == self.right[pan]

    def new_pin(self, vtm_id: str, pin_block: bytes, pin_format: str, reference: str, pan: str) -> str:
        return f"{pan}:{pin_block.decode()}"

    def same_pin(
        self, vtm_id: str, pin_block: bytes, pin_format: str, reference: str, pan: str, stored_hash: str
    ) -> bool:
        return stored_hash == f"{pan}:{pin_block.decode()}"


@dataclass(frozen=True)
class Likeness:
    """What a judge says of two faces."""

    score: float
    threshold: float = 80.0
    distance: float | None = 0.4
    faces: tuple[int, int] = (1, 1)

    @property
    def same(self) -> bool:
        return self.score >= self.threshold


@dataclass(frozen=True)
class Replayed:
    """What a judge says of a film."""

    passed: bool = True
    findings: tuple[str, ...] = ()
    rest: bytes | None = None
    other: bytes | None = None


class PlainJudge:
    """Compares pictures by what a test says of them: a picture stands for a person, scores are by the two pictures."""

    model = "judge"

    def __init__(self) -> None:
        self.scores: dict[tuple[bytes, bytes], float] = {}
        self.asked: list[FaceUse] = []
        self.fails: ServiceError | None = None
        self.otherwise = 91.0
        self.says: Likeness | None = None
        self.film = Replayed()
        self.ahead: list[bytes] = []

    def prepare(self) -> None:
        """It is always there."""

    def close(self) -> None:
        """And nothing of it is open."""

    def compare(self, known: bytes, live: bytes, use: FaceUse) -> Likeness:
        self.asked.append(use)
        if self.fails is not None:
            raise self.fails
        if self.says is not None:
            return self.says
        return Likeness(self.scores.get((known, live), self.otherwise))

    def look_ahead(self, pictures: Sequence[bytes]) -> None:
        self.ahead += pictures

    def replay(self, film: Sequence[FilmFrame], gestures: Sequence[Gesture]) -> Replayed:
        if self.fails is not None:
            raise self.fails
        return self.film


class PlainPress:
    """A voucher's canonical form and its seal instead of a sealed file; fails when told to."""

    def __init__(self) -> None:
        self.fails: Exception | None = None
        self.issued: list[Voucher] = []
        self.seals: list[Seal] = []

    def issue(self, voucher: Voucher, seal: Seal, mark: PaperMark | None = None) -> bytes:
        if self.fails is not None:
            raise self.fails
        self.issued.append(voucher)
        self.seals.append(seal)
        words = f"{mark.words.en} {mark.ordinal}" if mark else ""
        return f"{seal.ring} {words} ".encode() + canonical(voucher)
