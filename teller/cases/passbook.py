"""The passbook in a case: which one it is about, and what its printer said."""

from datetime import datetime

from common.errors import UserError
from common.wire.cases import CaseState
from teller.cases.model import Case


def passbook_of(case: Case) -> str | None:
    """Number of the passbook that the case has printed into; None: none, or the case was reversed."""
    changes = case.effects.changes if case.effects is not None and case.reversed_at is None else ()
    books = [one.key for one in changes if one.kind == "passbook" and one.after.get("status") == "active"]
    return books[-1] if books else None


def require_due(case: Case) -> str:
    """The book to print into now. Raises ``passbook.not_now``."""
    number = passbook_of(case)
    waiting = case.state is CaseState.EXECUTING and case.voucher is not None and case.passbook is None
    if number is None or not waiting:
        raise UserError("passbook.not_now")
    return number


def printed(case: Case, *, whole: bool, at: datetime) -> Case:
    """The printer is done with it. What it could not print stays to be printed the next time."""
    return case.evolve(passbook=whole).marked("passbook_printed" if whole else "passbook_failed", at)
