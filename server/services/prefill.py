"""What the bank knows already stands in the form: record, the customer's other cases of this day, usual payees."""

from datetime import date, datetime

from common.wire.cases import PayeeView
from server.services.parts import Parts
from server.services.whose import customer_of, known_of
from server.store.unit import Unit
from teller.cases.earlier import Earlier, left_over
from teller.cases.forms import case_form, prefilled
from teller.cases.model import Case
from teller.forms.id_number import normal

USUAL = 5
"""Payees that are offered, the last ones first."""


def prefill(unit: Unit, case: Case, by: str, at: datetime, parts: Parts) -> Case:
    """The case with everything in its form that nobody has to type."""
    today = parts.today()
    return prefilled(case, known_of(unit, case), by, at, today, _earlier(unit, case, today))


def _earlier(unit: Unit, case: Case, today: date) -> dict[str, Earlier]:
    """Of the customer's cases that came to nothing today, wherever he was.

    Never of another's in which he is only named, as an agent or guardian: what stands there is that one's.
    """
    own = _whose(case)
    found = unit.cases.came_to_nothing(own, today) if own else []
    return left_over(one for one in found if _whose(one) == own)


def _whose(case: Case) -> str:
    """Number of the person whose case it is; empty before that is known."""
    if case.holder is not None:
        return case.holder.id_number
    number = case.values.get("id_number")
    return normal(number.value) if number is not None else ""


def usual_payees(unit: Unit, case: Case, today: date) -> list[PayeeView]:
    """To whom this customer sent money last, each once; none where the form asks for no payee."""
    customer = customer_of(unit, case)
    if customer is None or "payee_account" not in {spec.name for spec in case_form(case, today)}:
        return []
    sent = unit.products.of_customer("transfer", customer.id)
    found: dict[str, PayeeView] = {}
    for number, one in sorted(sent.items(), reverse=True):  # numbers begin with the day
        account = str(one["payee_account"])
        if account not in found and one.get("status") in ("sent", "waiting"):
            found[account] = PayeeView(
                name=str(one["payee"]), account=account, bank=str(one["payee_bank"]), last=number,
                on=str(one.get("made_on") or ""),
            )  # fmt: skip
    return list(found.values())[:USUAL]
