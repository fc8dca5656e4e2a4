"""The voucher of a case, its later papers, and the whole of it on paper out of the machine's page printer."""

from typing import Literal

from pydantic import Field

from common.wire.base import Body, Digest, Moment, View

SheetsEnd = Literal["taken", "retained", "failed", "unknown"]


class SheetsView(View):
    """How it stands. ``count``: sheets printed the last time; ``again``: the customer may ask once more."""

    state: Literal["wanted", "printing", "taken", "retained", "failed", "unknown"]
    count: int = 0
    error: str = ""
    again: bool = False


class SheetsPrinted(Body):
    """``POST /cases/{id}/voucher/printed``: taken by the customer, pulled back by the machine, never printed whole, or
    not known: the machine stood still while it was printed, and nothing of it is there any more.
    """

    outcome: SheetsEnd
    count: int = Field(ge=0, le=999)
    error: str | None = Field(None, max_length=64)


class VoucherCopyView(View):
    """A paper made after the first: a copy (补打), or the one that says the voucher is void."""

    kind: Literal["reprint", "void"]
    ordinal: int
    digest: Digest
    at: Moment
    who: str
    reason: str = ""


class VoucherView(View):
    """``digest``: of the file that ``GET …/voucher`` gives: the first paper, or the one that says it is void."""

    number: str
    code: str = Field(pattern=r"^\d{12}$")
    digest: Digest
    sealed_at: Moment
    printed: bool = Field(False, description="the receipt, whose code leads to the voucher")
    sheets: SheetsView | None = Field(None, description="on paper, out of the machine; none: not asked for")
    void: bool = False
    copies: list[VoucherCopyView] = []
