"""Passbooks of an account: issued, brought up to date, replaced.

Carrying one out registers which book it is; the lines on paper follow at the printer, and what it could not print stays
to be printed the next time.
"""

from collections.abc import Iterable

from common.errors import UserError
from teller import passbook
from teller.forms.catalogue import of
from teller.forms.fields import Problem
from teller.ledger.bookings import customer_account
from teller.passbook import Place
from teller.transactions.base import Atomic, Bar, Books, Cell, Facts, Record, Said, Values, Work, line
from teller.vouchers import Words, mask_account

FULL, DAMAGED, LOST = "写满换册", "损坏换册", "遗失补发"
_ENDS = {FULL: "used_up", DAMAGED: "void", LOST: "lost"}


def _known(facts: Facts) -> Bar | None:
    return None if facts.known_customer else Bar("bar.known_customer")


def place_of(record: Record) -> Place:
    """Where a book's next line stands."""
    return Place(
        int(record["page"] or 0), int(record["line"] or 0), int(record["printed_to"] or 0), bool(record["carry"])
    )


def cells_of(place: Place) -> dict[str, Cell]:
    """The same as cells of its record."""
    return {"page": place.page, "line": place.line, "printed_to": place.printed_to, "carry": int(place.carry)}


def due(books: Books, record: Record) -> list[passbook.PrintLine]:
    """Lines that the book does not have yet, as far as they fit."""
    code, place = customer_account(str(record["account"])), place_of(record)
    return passbook.lines(place, books.postings_after(code, place.printed_to), books.balance(code))


def _account(work: Work) -> None:
    """The customer's own account, in use. Raises ``account.not_own``, ``account.other_state`` (``status``)."""
    work.account = work.text("own_account")
    found = work.books.record("account", work.account)
    if found is None or not work.customer or found.get("customer_id") != work.customer:
        raise UserError("account.not_own")
    if found["status"] != "active":
        raise UserError("account.other_state", status=str(found["status"]))


def _current(work: Work) -> tuple[str, Record] | None:
    """Number and record of the account's book."""
    pointer = work.books.record("current_passbook", work.account)
    if pointer is None or pointer.get("status") != "active":
        return None
    number = str(pointer["passbook"])
    return number, work.record("passbook", number)


def _need(work: Work) -> tuple[str, Record]:
    """Raises ``passbook.none``."""
    found = _current(work)
    if found is None:
        raise UserError("passbook.none")
    return found


def _new_book(work: Work, printed_to: int) -> str:
    """Register the blank book. Raises ``passbook.number_used``."""
    number = work.text("passbook_number")
    if work.books.record("passbook", number) is not None:
        raise UserError("passbook.number_used")
    cells = cells_of(Place(0, 0, printed_to, True))
    holder: dict[str, Cell] = {"customer_id": work.customer, "account": work.account, "status": "active"}
    work.put("passbook", number, **holder, **cells, issued_on=work.facts.day.isoformat())
    work.put("current_passbook", work.account, passbook=number, **holder)
    return number


def _masked(number: str) -> str:
    return f"***{number[-4:]}"


def _issue(atomic: Atomic, work: Work) -> None:
    _account(work)
    if _current(work) is not None:
        raise UserError("passbook.has_one")
    number = _new_book(work, work.books.last_posting(customer_account(work.account)))
    work.block(atomic, (line("账号", "Account", mask_account(work.account)), line("存折", "Passbook", _masked(number))))


def _issue_quote(work: Work) -> Said:
    _account(work)
    if _current(work) is not None:
        raise UserError("passbook.has_one")
    masked, book = mask_account(work.account), _masked(work.text("passbook_number"))
    return Said(f"{masked}，存折 {book}", f"{masked}, book {book}")


PASSBOOK_ISSUE = Atomic(
    code="passbook_issue",
    number="0710",
    group="service",
    title=Words("开立存折", "Issue a passbook"),
    initials="klcz",
    fields=of("name", "id_number", "own_account", "passbook_number"),
    say=lambda values: Said(mask_account(values.get("own_account", ""))),
    quote=_issue_quote,
    do=_issue,
    gate=_known,
    hands_over="passbook",
    undo="plan.undo.passbook",
)


def _update_quote(work: Work) -> Said:
    """Raises ``passbook.none``, ``passbook.up_to_date``, ``passbook.full``."""
    _account(work)
    number, record = _need(work)
    if passbook.is_full(place_of(record)):
        raise UserError("passbook.full")
    count = len(due(work.books, record))
    if not count:
        raise UserError("passbook.up_to_date")
    page = place_of(record).page + 1
    return Said(f"存折 {_masked(number)}，补登 {count} 笔，从第 {page} 页起", f"{count} lines, from page {page} on")


def _update(atomic: Atomic, work: Work) -> None:
    _account(work)
    number, record = _need(work)
    count = len(due(work.books, record))
    work.put("passbook", number, asked_on=work.facts.day.isoformat())
    work.block(
        atomic,
        (
            line("账号", "Account", mask_account(work.account)),
            line("存折", "Passbook", _masked(number)),
            line("待打印", "To be printed", str(count)),
        ),
    )


PASSBOOK_UPDATE = Atomic(
    code="passbook_update",
    number="0711",
    group="service",
    title=Words("存折补登", "Update the passbook"),
    initials="czbd",
    fields=of("name", "id_number", "own_account"),
    say=lambda values: Said(mask_account(values.get("own_account", ""))),
    quote=_update_quote,
    do=_update,
    gate=_known,
    hands_over="passbook",
    undo="plan.undo.passbook",
)


def _replace_quote(work: Work) -> Said:
    """Raises ``passbook.none``, ``passbook.not_full``."""
    _account(work)
    number, record = _need(work)
    reason = work.text("passbook_reason")
    if reason == FULL and not passbook.is_full(place_of(record)):
        raise UserError("passbook.not_full")
    return Said(f"{_masked(number)} → {_masked(work.text('passbook_number'))}，{reason}")


def _replace(atomic: Atomic, work: Work) -> None:
    """The old book ends; what it does not have yet is printed in the new one, after the balance carried forward."""
    _replace_quote(work)
    old, record = _need(work)
    reason = work.text("passbook_reason")
    work.put("passbook", old, status=_ENDS[reason])
    number = _new_book(work, place_of(record).printed_to)
    work.block(
        atomic,
        (
            line("账号", "Account", mask_account(work.account)),
            line("旧存折", "Old book", f"{_masked(old)} {reason}"),
            line("新存折", "New book", _masked(number)),
        ),
    )


def _another(values: Values, _facts: Facts) -> Iterable[Problem]:
    if values.get("passbook_number") and values.get("passbook_number") == values.get("own_account"):
        yield Problem("passbook_number", "passbook.is_account")


PASSBOOK_REPLACE = Atomic(
    code="passbook_replace",
    number="0712",
    group="service",
    title=Words("更换存折", "Replace the passbook"),
    initials="ghcz",
    fields=of("name", "id_number", "own_account", "passbook_number", "passbook_reason"),
    say=lambda values: Said(mask_account(values.get("own_account", ""))),
    quote=_replace_quote,
    do=_replace,
    check=_another,
    gate=_known,
    hands_over="passbook",
    undo="plan.undo.passbook",
)
