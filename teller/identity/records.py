"""What is remembered in a case of chip and authorities. Names, numbers and pictures stand elsewhere, sealed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from common.wire.identity import Elements, Outcome


@dataclass(frozen=True, slots=True)
class Chip:
    """What the chip of the card said, field by field under the form's names; ``signature``: good | bad | simulated."""

    values: Mapping[str, str]
    portrait: str
    signature: str
    reader: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One source that was asked: its outcome, or why there is none."""

    source: str
    outcome: str
    ms: int


@dataclass(frozen=True, slots=True)
class Verification:
    """What the authorities said of the form's identity.

    Attributes:
        subject: keyed digest of what was asked; another one now means the form has changed since.
        fields: of the form, match or mismatch.
        at: when the authority was asked; of a reused answer, when it was asked then.
    """

    id: str
    elements: Elements
    subject: str
    outcome: Outcome
    source: str | None
    at: datetime
    reused: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
