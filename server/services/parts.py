"""What the services need of the rest of the server, and of the bank they serve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal, Protocol

from common.challenge import FEWEST, FilmFrame
from common.clock import Clock, IdSource
from common.errors import ServiceError
from common.wire.identity import Elements, FaceUse
from common.wire.liveness import Gesture
from server.errands import Add, Errand, Lane, Underway
from server.scenarios import Shelf
from server.screening import Rules
from server.services.ports import CallControl, Notifier, Presence
from server.store.database import Database
from server.vault import Digest
from server.verification.platform import Conclusion
from teller.authorisation.rules import RULES, Rule
from teller.ledger.bookings import Stamp
from teller.seals import PaperMark, Seal
from teller.vouchers import RandomSource, Voucher, Words


class Vault(Protocol):
    """Content-addressed evidence (:mod:`server.vault`)."""

    def put(self, data: bytes, media_type: str) -> Digest: ...

    def get(self, digest: Digest) -> bytes: ...

    def remove(self, digest: Digest) -> bool: ...


class AnswerSeal(Protocol):
    """Answers of authorities at rest, and digests of short codes (:mod:`server.identity_seal`)."""

    def subject(self, asked: Mapping[str, str]) -> str: ...

    def seal(self, subject: str, answer: Mapping[str, Any]) -> str: ...

    def open(self, subject: str, sealed: str) -> dict[str, Any]: ...

    def keyed(self, purpose: str, *words: str) -> bytes: ...


class Authorities(Protocol):
    """The verification platform (:mod:`server.verification.platform`)."""

    @property
    def configured(self) -> bool: ...

    def ask(self, elements: Elements, asked: Mapping[str, str], now: datetime) -> Conclusion: ...


class Likeness(Protocol):
    """What a comparison of two faces came to; ``distance`` None: there was not one clear face in each picture.

    ``faces``: how many each picture shows.
    """

    @property
    def same(self) -> bool: ...
    @property
    def score(self) -> float: ...
    @property
    def threshold(self) -> float: ...
    @property
    def distance(self) -> float | None: ...
    @property
    def faces(self) -> tuple[int, int]: ...


class Replayed(Protocol):
    """What a film of a liveness check shows; ``rest``: its picture of a face at rest; ``other``: of somebody else."""

    @property
    def passed(self) -> bool: ...
    @property
    def findings(self) -> tuple[str, ...]: ...
    @property
    def rest(self) -> bytes | None: ...
    @property
    def other(self) -> bytes | None: ...


class Judge(Protocol):
    """Looks at faces for the server (`ocr.face_judge`, handed in by whoever starts the server); any thread may ask."""

    @property
    def model(self) -> str: ...

    def prepare(self) -> None: ...

    def compare(self, known: bytes, live: bytes, use: FaceUse) -> Likeness: ...

    def look_ahead(self, pictures: Sequence[bytes]) -> None: ...

    def replay(self, film: Sequence[FilmFrame], gestures: Sequence[Gesture]) -> Replayed: ...

    def close(self) -> None: ...


class NoJudge:
    """A server without eyes: every face goes to a second person."""

    model = ""

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def close(self) -> None:
        """There is nothing to close."""

    def compare(self, known: bytes, live: bytes, use: FaceUse) -> Likeness:
        """Raises ``face.no_judge``."""
        raise ServiceError("face.no_judge", retryable=False)

    def look_ahead(self, pictures: Sequence[bytes]) -> None:
        """There is nobody to look."""

    def replay(self, film: Sequence[FilmFrame], gestures: Sequence[Gesture]) -> Replayed:
        """Raises ``face.no_judge``."""
        raise ServiceError("face.no_judge", retryable=False)


def never(errand: Errand, lane: Lane = Lane.COMPARE) -> None:
    """Nothing is done ahead of time: whoever needs it waits for it."""


class Press(Protocol):
    """Draws and seals vouchers (:mod:`server.vouchers.press`)."""

    def issue(self, voucher: Voucher, seal: Seal, mark: PaperMark | None = None) -> bytes: ...


class Pins(Protocol):
    """PIN keys and verification (:mod:`server.pin`)."""

    def working_key_block(self, vtm_id: str, pin_format: Literal["iso4", "iso0"] = "iso4") -> str: ...

    def verify(
        self, vtm_id: str, pin_block: bytes, pin_format: Literal["iso4", "iso0"], pan: str, stored_hash: str
    ) -> bool: ...

    def new_pin(
        self, vtm_id: str, pin_block: bytes, pin_format: Literal["iso4", "iso0"], reference: str, pan: str
    ) -> str: ...

    def same_pin(
        self,
        vtm_id: str,
        pin_block: bytes,
        pin_format: Literal["iso4", "iso0"],
        reference: str,
        pan: str,
        stored_hash: str,
    ) -> bool: ...


DEMO_BANK = Words("柜台示范银行", "Guitai Demonstration Bank")
DEMO_BRANCH = Words("青禾支行", "Qinghe Branch")


@dataclass(frozen=True)
class Bank:
    """The bank as its papers name it, and its day."""

    name: Words = DEMO_BANK
    branch: Words = DEMO_BRANCH
    public_url: str = "http://127.0.0.1:8600"
    zone: timezone = timezone(timedelta(hours=8))
    currency: str = "CNY"
    specimen: bool = True

    def day(self, at: datetime) -> date:
        """The business date of a moment."""
        return at.astimezone(self.zone).date()


@dataclass(frozen=True)
class Parts:
    """Everything the services are made of; put together once, in the composition root."""

    database: Database
    clock: Clock
    ids: IdSource
    random: RandomSource
    vault: Vault
    press: Press
    pins: Pins
    notifier: Notifier
    calls: CallControl
    presence: Presence
    seal: AnswerSeal
    authorities: Authorities
    bank: Bank = Bank()
    rules: Sequence[Rule] = RULES
    shelf: Shelf = field(default_factory=Shelf)
    screening: Rules = field(default_factory=Rules)
    task_term: timedelta = timedelta(seconds=180)
    capture_term: timedelta = timedelta(minutes=10)
    judge: Judge = field(default_factory=NoJudge)
    film: bool = True
    gestures: int = FEWEST
    errand: Add = never
    underway: Underway = field(default_factory=Underway)

    def today(self) -> date:
        return self.bank.day(self.clock.now())

    def stamp(self) -> Stamp:
        """Identity and time of a ledger entry."""
        now = self.clock.now()
        return Stamp(self.ids.new(), now, self.bank.day(now))

    def new_id(self) -> str:
        return str(self.ids.new())
