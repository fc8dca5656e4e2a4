"""Companies: their record by the business licence, the licence used again, their account, the yearly review."""

from collections.abc import Iterable
from datetime import timedelta

from common.errors import UserError
from teller import companies
from teller.companies import ACTIVE, SUSPENDED
from teller.forms.catalogue import ON_RECORD, REPRESENTATIVE, SHOWN_NOW, of
from teller.forms.credit_code import normal
from teller.forms.fields import Problem
from teller.forms.id_number import normal as normal_id
from teller.forms.validators import luhn_digit, read_date
from teller.ledger.bookings import COMPANY_PREFIX, customer_account
from teller.ledger.chart import Role
from teller.signers import Signing
from teller.transactions.base import Atomic, Bar, Cell, Facts, Record, Said, Values, Work, line
from teller.transactions.signers import require_signer, signer_problems
from teller.vouchers import Words, mask_account, mask_name

_LICENCE = ("co_code", "co_name", "co_type", "co_capital", "co_rep", "co_since", "co_until", "co_address", "co_qr")
_CELLS = {
    "name": "co_name", "type": "co_type", "capital": "co_capital", "representative": "co_rep", "since": "co_since",
    "until": "co_until", "address": "co_address", "qr": "co_qr",
}  # fmt: skip
BASIC = "基本存款账户"
CLASS = "C"


def code_of(work: Work) -> str:
    return normal(work.text("co_code"))


def company_of(work: Work) -> Record:
    """The company's record, whose customer the case is from here on. Raises ``company.unknown``."""
    found = work.books.record("company", code_of(work))
    if found is None or found.get("status") == "reversed":
        raise UserError("company.unknown")
    work.customer = str(found["customer_id"])
    if found.get("account") and not work.account:
        work.account = str(found["account"])
    return found


def in_use(work: Work) -> Record:
    """Raises ``company.unknown``, ``company.suspended`` (``why``)."""
    found = company_of(work)
    if found["status"] == SUSPENDED:
        raise UserError("company.suspended", why=str(found.get("suspended_for") or ""))
    return found


def refuse_suspended(work: Work) -> None:
    """Before anybody signs; a company that comes into the books only in this case is none yet.

    Raises:
        UserError: ``company.suspended`` (``why``).
    """
    if work.books.record("company", code_of(work)) is not None:
        in_use(work)


def _from_licence(work: Work) -> dict[str, Cell]:
    return {cell: work.text(field) for cell, field in _CELLS.items() if work.text(field)}


def licence_check(values: Values, facts: Facts) -> Iterable[Problem]:
    """A licence that has run out opens nothing; whoever says to be the representative has that name."""
    until = read_date(values.get("co_until", ""))
    if values.get("co_licence") != ON_RECORD and until is not None and until < facts.day:
        yield Problem("co_until", "licence.expired")
    plain = ["".join(values.get(name, "").split()) for name in ("name", "co_rep")]
    if values.get("co_role") == REPRESENTATIVE and all(plain) and plain[0] != plain[1]:
        yield Problem("co_role", "company.not_representative")
    yield from signer_problems(values, facts)


def _record_quote(work: Work) -> Said:
    require_signer(work)
    return _record_said(work.values)


def _record_said(values: Values) -> Said:
    return Said(f"{values.get('co_name', '')}，{values.get('co_code', '')}")


def _record(atomic: Atomic, work: Work) -> None:
    """Find the company by its code or make it; the licence was seen today."""
    signs = require_signer(work)
    code, known = code_of(work), work.books.record("company", code_of(work))
    if known is not None and known.get("status") == SUSPENDED:
        in_use(work)
    work.customer = str(known["customer_id"]) if known is not None else str(work.books.stamp().id)
    name, since, today = work.text("co_name"), work.text("co_since"), work.facts.day.isoformat()
    work.put(
        "customer", work.customer, name=name, sex="", nation="", birth=since, address=work.text("co_address"),
        id_number=code, phone=work.text("co_phone"), kind="company",
    )  # fmt: skip
    cells: dict[str, Cell] = {"customer_id": work.customer, "status": ACTIVE, "licence_seen_on": today}
    cells |= _representative(work, signs)
    work.put("company", code, **cells, **_from_licence(work), phone=work.text("co_phone"))
    party = f"{work.customer}:{work.case_id}"
    work.put(
        "party", party, customer_id=work.customer, status="active", role=work.text("co_role"),
        handler_name=work.text("name"), handler_id=work.text("id_number"),
    )  # fmt: skip
    work.block(
        atomic,
        (
            line("单位名称", "Company", name),
            line("统一社会信用代码", "Credit code", code),
            line("法定代表人", "Representative", mask_name(work.text("co_rep"))),
            line("到场人", "Who is here", f"{mask_name(work.text('name'))}（{work.text('co_role')}）"),
        ),
    )


def _representative(work: Work, signs: Signing) -> dict[str, Cell]:
    """His number, once he was here himself or was asked; of a new one the old number does not stay."""
    here = normal_id(work.text("id_number")) if signs.role == REPRESENTATIVE else ""
    return {"representative_id": here or signs.representative_id}


COMPANY_RECORD = Atomic(
    code="company_record",
    number="0801",
    group="company",
    title=Words("单位客户建立", "Company record"),
    initials="dwkhjl",
    fields=of("name", "id_number", *_LICENCE, "co_role", "co_phone"),
    say=_record_said,
    quote=_record_quote,
    do=_record,
    check=licence_check,
    rules=("C-404",),
)


def _use(work: Work) -> Record:
    """Raises ``licence.none``, ``licence.expired``, ``licence.too_old``, ``company.not_signer``."""
    found = company_of(work)
    require_signer(work)
    reason = companies.licence_problem(found, work.facts.day) if work.text("co_licence") == ON_RECORD else None
    if reason is not None:
        raise UserError(reason)
    return found


def _licence_quote(work: Work) -> Said:
    found = _use(work)
    if work.text("co_licence") == ON_RECORD:
        return Said(f"{found['name']}，使用 {found['licence_seen_on']} 核对的存档执照", f"{found['name']}, on record")
    return Said(f"{work.text('co_name')}，出示执照", f"{work.text('co_name')}, shown now")


def _licence(atomic: Atomic, work: Work) -> None:
    found, signs = _use(work), require_signer(work)
    cells: dict[str, Cell] = _representative(work, signs) | {"licence_used_on": work.facts.day.isoformat()}
    if work.text("co_licence") == SHOWN_NOW:
        cells |= {**_from_licence(work), "licence_seen_on": work.facts.day.isoformat()}
    work.put("company", code_of(work), **cells)
    work.block(
        atomic,
        (
            line("单位名称", "Company", str(cells.get("name") or found["name"])),
            line("执照", "Licence", work.text("co_licence")),
            line("核对日期", "Seen on", str(cells.get("licence_seen_on") or found["licence_seen_on"])),
        ),
    )


COMPANY_LICENCE = Atomic(
    code="company_licence",
    number="0802",
    group="company",
    title=Words("营业执照核对", "Business licence"),
    initials="yyzzhd",
    fields=of("name", "id_number", "co_code", "co_licence"),
    say=lambda values: Said(values.get("co_licence", "")),
    quote=_licence_quote,
    do=_licence,
    check=licence_check,
    rules=("C-404", "C-411"),
)


def _may_open(work: Work) -> None:
    """Raises ``willingness.*``, ``company.has_basic``, ``company.suspended``."""
    known = work.books.record("company", code_of(work))
    refuse_suspended(work)
    together = "company_willingness" in work.facts.chosen and work.text("will_outcome") == "通过"
    wish = work.books.record("willingness", code_of(work))
    reason = None if together else companies.willingness_holds(wish, work.text("co_rep"), work.facts.day)
    if reason is not None:
        raise UserError(reason)
    if known is not None and known.get("basic") and work.text("co_kind") == BASIC:
        raise UserError("company.has_basic")


def _account_quote(work: Work) -> Said:
    _may_open(work)
    return Said(f"{work.text('co_kind')}，{work.text('co_use')}")


def new_number(work: Work) -> str:
    body = f"{COMPANY_PREFIX}{work.books.number('account company'):07d}"
    return body + luhn_digit(body)


def _account(atomic: Atomic, work: Work) -> None:
    _may_open(work)
    in_use(work)
    number, today = new_number(work), work.facts.day
    ledger = work.books.open_ledger(Role.COMPANY_DEPOSIT, number)
    assert ledger == customer_account(number), "a company's account is known by its number"
    work.put(
        "account", number, customer_id=work.customer, ledger_code=ledger, currency="CNY", status="active",
        opened_on=today.isoformat(), account_class=CLASS, purpose=work.text("co_kind"),
    )  # fmt: skip
    work.account = number
    basic = {"basic": number} if work.text("co_kind") == BASIC else {}
    review = companies.next_review(today).isoformat()
    work.put("company", code_of(work), account=number, review_on=review, **basic)
    work.block(
        atomic,
        (
            line("账号", "Account", mask_account(number)),
            line("账户性质", "Kind", work.text("co_kind")),
            line("资金用途", "Use", work.text("co_use")),
            line("首次年检", "First review", review),
        ),
    )


COMPANY_ACCOUNT = Atomic(
    code="company_account",
    number="0805",
    group="company",
    title=Words("单位账户开立", "Company account"),
    initials="dwzhkl",
    fields=of("name", "id_number", "co_code", "co_rep", "co_kind", "co_use"),
    say=lambda values: Said(values.get("co_kind", "")),
    quote=_account_quote,
    do=_account,
    gate=lambda facts: None if "company_record" in facts.chosen else Bar("bar.company_first"),
    opens_account=True,
    rules=("C-401", "C-403"),
)

_REVIEW_DAYS = 30
"""What was to be mended is looked at again after so many days."""


def _review_quote(work: Work) -> Said:
    found = company_of(work)
    if not found.get("review_on"):
        raise UserError("review.no_account")
    return Said(f"{found['name']}，应检日 {found['review_on']}，{work.text('review_result')}")


def _review(atomic: Atomic, work: Work) -> None:
    """Passed: the next is a year on. To be mended: soon again. Suspended: nothing more until a review is passed."""
    found, result, today = company_of(work), work.text("review_result"), work.facts.day
    if not found.get("review_on"):
        raise UserError("review.no_account")
    if result == "通过" and companies.expired_since(found, today) is not None:
        raise UserError("licence.expired")
    later = today + timedelta(days=_REVIEW_DAYS)
    due = companies.next_review(today) if result == "通过" else later
    cells: dict[str, Cell] = {"review_on": due.isoformat(), "reviewed_on": today.isoformat(), "review": result}
    cells |= {"status": SUSPENDED, "suspended_for": "review.failed"} if result == "暂停业务" else {}
    if result == "通过":
        cells |= {"status": ACTIVE, "suspended_for": None, "review_listed": None}
    work.put("company", code_of(work), **cells)
    work.block(
        atomic,
        (
            line("单位名称", "Company", str(found["name"])),
            line("年检结果", "Outcome", result),
            line("说明", "Note", work.text("review_note") or "–"),
            line("下次年检", "Next review", due.isoformat()),
        ),
    )


def _review_check(values: Values, _facts: Facts) -> Iterable[Problem]:
    if values.get("review_result") in ("限期补正", "暂停业务") and not values.get("review_note", "").strip():
        yield Problem("review_note", "review.note_missing")


COMPANY_REVIEW = Atomic(
    code="company_review",
    number="0808",
    group="company",
    title=Words("单位账户年检", "Yearly review"),
    initials="dwzhnj",
    fields=of("name", "id_number", "co_code", "review_result", "review_note"),
    say=lambda values: Said(values.get("review_result", "")),
    quote=_review_quote,
    do=_review,
    check=_review_check,
    rules=("C-421", "C-422"),
)
