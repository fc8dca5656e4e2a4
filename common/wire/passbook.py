"""The passbook printer of a machine: which book was put in, what is to be printed, what was printed."""

from typing import Literal

from pydantic import Field

from common.wire.base import Body, View


class PassbookLeft(View):
    """``GET /cases/{id}/passbook``: how many lines the book of the case does not have yet. A machine that was switched
    off once all were printed does not ask for the book again."""

    lines: int


class PassbookRead(Body):
    """``POST /cases/{id}/passbook/read``: the stripe of the book in the printer; empty: nothing on it.

    Answers 422 ``passbook.other`` for another book than the case is about, ``passbook.unreadable``.
    """

    stripe: str = Field(max_length=64)


class PassbookPage(View):
    """Lines for one page; ``page`` from 0, ``line`` where the first of them stands (from 0)."""

    page: int
    line: int
    lines: list[str]


class PassbookJob(View):
    """What is to be printed; ``open_at``: the page at which the customer has opened the book."""

    open_at: int
    pages: list[PassbookPage]


class PassbookPrinted(Body):
    """``POST /cases/{id}/passbook/printed``: ``lines`` more of the job stand in the book.

    ``done`` false: more follows, if only that the book was given back. ``error``: the rest could not be printed and
    stays to be printed; without a rest everything is. ``book``, with ``done``: the customer took it out of the printer,
    none lies there, or it was left there: then staff are asked who holds it.
    """

    lines: int = Field(ge=0, le=10_000)
    done: bool
    error: str | None = Field(None, max_length=64)
    book: Literal["taken", "none", "left"] = "left"
