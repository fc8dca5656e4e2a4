"""What a form is made of: sections, field specifications, and values with their origin."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.wire.cases import FieldSource


class FieldKind(StrEnum):
    """How a field is typed and checked."""

    TEXT = "text"
    ID_NUMBER = "id_number"
    DATE = "date"
    AMOUNT = "amount"
    CHOICE = "choice"
    NOTES = "notes"
    PHONE = "phone"
    CARD = "card"
    REGION = "region"
    EMAIL = "email"
    DIGITS = "digits"
    NAME = "name"
    CREDIT_CODE = "credit_code"


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields with its own counter."""

    code: str
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field. ``columns`` of the twelve-column grid; ``pii``: masked for whoever need not see it."""

    name: str
    kind: FieldKind
    section: str
    label_zh: str
    label_en: str
    columns: int = 4
    required: bool = True
    pii: bool = False
    read_only: bool = False
    choices: tuple[str, ...] = ()
    long_term: bool = False
    """A date that may be 长期 (no end)."""
    sense: str = ""
    """What else a date must be: ``past`` or ``future``."""
    preset: str = ""
    """Value the form begins with where nobody knows better."""
    like: str = ""
    """Another field whose value it begins with, once that one is read and sure."""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value and where it comes from.

    Attributes:
        by: number of who entered it.
        version: version of the case in which it last changed.
        box: x, y, width, height in the picture, each a fraction 0..1.
        origin: number of the earlier case a value was taken from.
    """

    value: str
    source: FieldSource
    by: str
    version: int
    at: datetime
    confidence: float | None = None
    unsure: bool = False
    confirmed: bool = False
    evidence: str | None = None
    box: tuple[float, float, float, float] | None = None
    origin: str = ""

    @property
    def needs_a_look(self) -> bool:
        return self.unsure and not self.confirmed


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field, by code."""

    field: str
    code: str
    params: tuple[tuple[str, str | int], ...] = ()
