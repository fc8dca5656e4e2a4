"""Who may sign for a company, as its transactions ask; and handlers, recorded by its representative in person."""

from collections.abc import Iterable
from datetime import timedelta

from common.errors import UserError
from teller.companies import ACTIVE
from teller.forms.catalogue import AGENT_ENDS, REPRESENTATIVE, of
from teller.forms.fields import Problem
from teller.forms.id_number import normal
from teller.forms.validators import read_date
from teller.signers import Signing, agent_key, signing
from teller.transactions.base import Atomic, Facts, Said, Values, Work, line
from teller.transactions.rules import in_force
from teller.vouchers import Words, mask_name

ENDED = "ended"


def require_signer(work: Work) -> Signing:
    """The person of the case signs for the company.

    Raises:
        UserError: ``company.not_signer`` (``representative``, masked).
    """
    found = signing(work.books.record, work.values, work.facts.chosen, work.facts.day)
    if found is None or not found.role:
        raise UserError("company.not_signer", representative=mask_name(found.representative) if found else "")
    return found


def signer_problems(values: Values, facts: Facts) -> Iterable[Problem]:
    """The same, told while the form is filled."""
    found = facts.signs
    if found is None:
        return
    if not found.role:
        yield Problem("name", "company.not_signer", (("representative", mask_name(found.representative)),))
    elif values.get("co_role") not in (None, "", found.role):
        yield Problem("co_role", "company.other_role", (("role", found.role),))


def _require_representative(work: Work) -> Signing:
    found = require_signer(work)
    if found.role != REPRESENTATIVE:
        raise UserError("company_agent.representative_only")
    return found


def _quote(work: Work) -> Said:
    _require_representative(work)
    return Said(f"{work.text('co_agent_act')}：{mask_name(work.text('co_agent_name'))}，至 {_until(work)}")


def _until(work: Work) -> str:
    return work.text("co_agent_until") or (work.facts.day + timedelta(days=365)).isoformat()


def _agent(atomic: Atomic, work: Work) -> None:
    """Authorised, or taken back: by the representative in person, who has just signed."""
    by = _require_representative(work)
    ends = work.text("co_agent_act") == AGENT_ENDS
    key = agent_key(work.text("co_code"), work.text("co_agent_id"))
    if ends and (work.books.record("company_agent", key) or {}).get("status") != ACTIVE:
        raise UserError("company_agent.unknown")
    work.put(
        "company_agent", key, status=ENDED if ends else ACTIVE, name=work.text("co_agent_name"),
        number=normal(work.text("co_agent_id")), by=by.representative, by_id=normal(work.text("id_number")),
        since=work.facts.day.isoformat(), until=_until(work), case_id=work.case_id,
    )  # fmt: skip
    work.block(
        atomic,
        (
            line("授权经办人", "Handler", mask_name(work.text("co_agent_name"))),
            line("事项", "Act", work.text("co_agent_act")),
            line("授权人", "By", mask_name(by.representative)),
            line("有效期至", "Until", _until(work)),
        ),
    )


def _check(values: Values, facts: Facts) -> Iterable[Problem]:
    if facts.signs is not None and facts.signs.role and facts.signs.role != REPRESENTATIVE:
        yield Problem("co_agent_act", "company_agent.representative_only")
    number = values.get("co_agent_id", "")
    if number and normal(number) == normal(values.get("id_number", "")):
        yield Problem("co_agent_id", "company_agent.same_person")
    until, row = read_date(values.get("co_agent_until", "")), in_force("company_signer", facts.day)
    if until is None or values.get("co_agent_act") == AGENT_ENDS:
        return
    if until < facts.day:
        yield Problem("co_agent_until", "date.in_past")
    elif row is not None and (until - facts.day).days > row.parameters["days"]:
        yield Problem("co_agent_until", "company_agent.too_long")


COMPANY_AGENT = Atomic(
    code="company_agent",
    number="0809",
    group="company",
    title=Words("授权经办人登记", "Authorised handler"),
    initials="sqjbrdj",
    fields=of("name", "id_number", "co_code", "co_agent_act", "co_agent_name", "co_agent_id", "co_agent_until"),
    say=lambda values: Said(values.get("co_agent_name", "")),
    quote=_quote,
    do=_agent,
    check=_check,
    rules=("C-404",),
)
