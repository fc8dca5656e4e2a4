"""Printing into a passbook: the server says which lines, the machine says which of them stand there."""

from itertools import groupby

from common.errors import UserError
from common.wire.passbook import PassbookJob, PassbookLeft, PassbookPage, PassbookPrinted, PassbookRead
from server.services.access import require_kiosk
from server.services.books import UnitBooks
from server.services.casework import CaseWork
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases import handing
from teller.cases import passbook as step
from teller.cases.model import Case
from teller.passbook import PrintLine
from teller.transactions.base import Record
from teller.transactions.passbooks import cells_of, due, place_of


class PassbookService:
    """The machine's side of a passbook. The record of the book moves on with what was printed, never before."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts = parts
        self._work = work

    def left(self, who: Principal, case_id: str) -> PassbookLeft:
        """How many lines are still to be printed. Raises ``passbook.not_now``."""
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
            require_kiosk(case, who)
            books = UnitBooks(unit, self._parts, case.id)
            return PassbookLeft(lines=len(due(books, self._record(books, step.require_due(case)))))

    def read(self, who: Principal, case_id: str, body: PassbookRead) -> PassbookJob:
        """What is to be printed into the book that lies in the printer.

        Raises:
            UserError: ``passbook.not_now``, ``passbook.unreadable``, ``passbook.other``.
        """
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
            require_kiosk(case, who)
            number = step.require_due(case)
            books = UnitBooks(unit, self._parts, case.id)
            record = self._record(books, number)
            _require_this(body.stripe.strip(), number, record)
            return _job(place_of(record).page, due(books, record))

    def printed(self, key: str, who: Principal, case_id: str, body: PassbookPrinted) -> str:
        """So many more lines stand in the book. Said again with the same key, it counts once.

        Raises:
            UserError: ``passbook.not_now``, ``passbook.too_many`` for more lines than were due.
        """

        def act(unit: Unit, case: Case) -> Case:
            number = step.require_due(case)
            now = self._parts.clock.now()
            books = UnitBooks(unit, self._parts, case.id)
            record = self._record(books, number)
            lines = due(books, record)
            if body.lines > len(lines):
                raise UserError("passbook.too_many", due=len(lines))
            if body.lines:
                books.put("passbook", number, {**record, **cells_of(lines[body.lines - 1].after)})
                data: dict[str, str | int | None] = {"lines": body.lines, "page": lines[body.lines - 1].page + 1}
                unit.registers.add(
                    RegisterLine(now, "passbook.printed", who.number, number, case.id, data, case.branch)
                )
            if body.done or body.error:
                whole = body.lines == len(lines)  # nothing is left to be printed, whatever happened to the book then
                return handing.book_seen(step.printed(case, whole=whole, at=now), body.book, now)
            return case

        return self._work.command(key, who, "case.passbook_printed", case_id, body, require_kiosk, act)

    @staticmethod
    def _record(books: UnitBooks, number: str) -> Record:
        record = books.record("passbook", number)
        assert record is not None, "a book of a case is registered"
        return record


def _require_this(stripe: str, number: str, record: Record) -> None:
    """A new book says its number; one in use its number or, from the days before, its account."""
    if not stripe:
        raise UserError("passbook.unreadable")
    if stripe not in (number, str(record["account"])):
        raise UserError("passbook.other")


def _job(open_at: int, lines: list[PrintLine]) -> PassbookJob:
    pages = []
    for page, group in groupby(lines, key=lambda one: one.page):
        mine = list(group)
        pages.append(PassbookPage(page=page, line=mine[0].after.line - 1, lines=[one.text for one in mine]))
    return PassbookJob(open_at=open_at, pages=pages)
