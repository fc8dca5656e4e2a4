"""Registers, permission to seal, copies and voids: ``/api/v1/registers``, ``/api/v1/seals``, ``…/{id}/voucher``."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from common.wire.base import Body, Moment, Params, View


class RegisterName(StrEnum):
    """Which register."""

    SEALS = "seals"
    ITEMS = "items"
    HANDOVERS = "handovers"
    PAPERS = "papers"
    MACHINES = "machines"
    SUSPENSE = "suspense"
    NOTES = "notes"
    QUERIES = "queries"
    LOOKS = "looks"
    COMPANIES = "companies"


class RegisterRow(View):
    """A line: its number in the book, what happened, who did it, to what, with which details."""

    sequence: int
    at: Moment
    kind: str
    who: str
    branch: str
    subject: str
    case_number: str | None = None
    details: Params = {}


class RegisterPage(View):
    """Newest first. ``before``: ask with it for the next page; None: that was all."""

    rows: list[RegisterRow]
    before: int | None = None


class ItemEntry(Body):
    """``POST /registers/items``: key items came, went or were spoilt. ``last`` left out: one item."""

    item: Literal["ukey", "card", "certificate", "passbook", "safe_key", "till_key", "device_key"]
    act: Literal["received", "issued", "used", "voided", "returned"]
    first: str = Field(min_length=1, max_length=32, pattern=r"^[0-9A-Za-z-]+$", description="number of the first")
    last: str | None = Field(None, min_length=1, max_length=32, pattern=r"^[0-9A-Za-z-]+$")
    note: str = Field("", max_length=120)


class HandoverOffer(Body):
    """``POST /registers/handovers``: I hand this to somebody, who must say that it came."""

    to: str = Field(min_length=1, max_length=16, description="number of the person")
    item: Literal["ukey", "card", "certificate", "passbook", "safe_key", "till_key", "device_key"]
    first: str = Field(min_length=1, max_length=32, pattern=r"^[0-9A-Za-z-]+$")
    last: str | None = Field(None, min_length=1, max_length=32, pattern=r"^[0-9A-Za-z-]+$")
    note: str = Field("", max_length=120)


class HandoverAnswer(Body):
    """``POST /registers/handovers/{reference}/answer``: it came whole, or not."""

    accepted: bool
    note: str = Field("", max_length=120)


class SealPermissionView(View):
    """A parameter in force. ``*``: every role, branch or text. ``place`` None: not permitted."""

    role: str
    branch: str
    text: str
    place: Literal["branch", "centre"] | None = None
    at: Moment
    who: str


class SealPermit(Body):
    """``PUT /seals/permissions``: whose seal this role puts on this text at this branch; None forbids it."""

    role: Literal["teller", "authoriser", "*"]
    branch: str = Field(min_length=1, max_length=64)
    text: Literal["voucher", "reprint", "void", "statement", "certificate", "*"]
    place: Literal["branch", "centre"] | None


class PaperReason(Body):
    """``POST /cases/{id}/voucher/reprint`` and ``/void``: why."""

    reason: str = Field(min_length=1, max_length=120)


class VoucherPages(View):
    """``GET /cases/{id}/voucher/pages``."""

    count: int
