"""What is to be seen on the kiosk at one moment, as data. No Qt."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from common.errors import AppError
from common.wire.cases import CustomerStep
from ui.kit.texts.words import T

Tone = Literal["accent", "ok", "warn", "bad"]


class Layout(StrEnum):
    """Which arrangement of parts shows it."""

    ATTRACT = "attract"
    CHOOSE = "choose"
    QUEUE = "queue"
    STEP = "step"
    DOCUMENT = "document"
    PHONE = "phone"
    CASH_IN = "cash_in"
    CONFIRM = "confirm"
    PIN = "pin"
    SIGN = "sign"
    FACE_CONSENT = "face_consent"
    KEEP_FACE = "keep_face"
    TAKE_CASH = "take_cash"
    TROUBLE = "trouble"
    RATE = "rate"


class TellerPlace(StrEnum):
    """Where the teller's picture stands."""

    NONE = "none"
    FULL = "full"
    STRIP = "strip"


class CallPhase(StrEnum):
    """The call as the customer sees it."""

    NONE = "none"
    CONNECTING = "connecting"
    LIVE = "live"
    BROKEN = "broken"
    PEER_LOST = "peer_lost"
    ENDED = "ended"


@dataclass(frozen=True)
class Status:
    """What the machine or the bank does now: one line."""

    words: T
    icon: str = "scan"
    tone: Tone = "accent"
    waiting: bool = True


@dataclass(frozen=True)
class Notice:
    """Something that has just gone wrong, or a sentence from the teller."""

    words: T
    tone: Tone


@dataclass(frozen=True)
class Key:
    """A button of the foot. Ids: leave, again, dispute, all_right."""

    id: str
    words: T
    icon: str


@dataclass(frozen=True)
class Local:
    """What only this window knows.

    Attributes:
        awake: at rest, somebody has touched the screen. disputing: he is looking for the line that is wrong.
        busy: a command is on its way. problem: what became of the last one. audible: there is a voice.
        since: ``time.monotonic`` when this step began. now: the present one.
    """

    awake: bool = False
    large: bool = False
    disputing: bool = False
    busy: bool = False
    problem: AppError | None = None
    call: CallPhase = CallPhase.NONE
    audible: bool = False
    since: float = 0.0
    now: float = 0.0


@dataclass(frozen=True)
class Scene:
    """One screen.

    Attributes:
        name: stable name of the page: of the customer's step, or attract, choose, starting, out_of_order, offline.
        step: the one sentence, also spoken. picture: an illustration, or ``icon:<name>``.
        progress: segment (from 0) and how many. idle: it waits for this person's finger, so nobody there ends it.
        left: seconds a countdown shows, and of how many. code: what a QR code says.
    """

    name: str
    layout: Layout
    step: T
    hint: T | None = None
    status: Status | None = None
    notice: Notice | None = None
    picture: str = ""
    teller: TellerPlace = TellerPlace.NONE
    progress: tuple[int, int] | None = None
    keys: tuple[Key, ...] = ()
    idle: bool = False
    left: tuple[int, int] | None = None
    note: T | None = None
    code: str = ""


CASE_PAGES = tuple(step.value for step in CustomerStep)
REST_PAGES = ("starting", "attract", "choose", "out_of_order", "out_of_service", "maintained", "offline")
