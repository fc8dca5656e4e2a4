"""Whose a case is, and what the bank knows of that person: the facts transactions are judged by."""

from collections import Counter
from datetime import date
from typing import Any

from common.errors import UserError
from server.services.notes import last_report
from server.services.parts import Parts
from server.store.customerbook import AccountRecord, CustomerRecord
from server.store.unit import Unit
from teller import companies
from teller.cases.forms import plain
from teller.cases.model import Case
from teller.forms import credit_code
from teller.forms.catalogue import AGENT, ON_RECORD, SHOWN_NOW
from teller.forms.id_number import age_on, normal
from teller.forms.validators import read_date
from teller.signers import Signing, signing
from teller.transactions.base import Facts
from teller.transactions.limits import CLASSES
from teller.transactions.standing import Standing

COUNTED = ("active", "frozen", "dormant", "lost")
_PROFILE = ("nationality", "id_kind", "occupation", "employer", "income", "region", "home", "email")


def customer_of(unit: Unit, case: Case) -> CustomerRecord | None:
    """The holder of the card, or the customer with the identity number of the form."""
    if case.holder is not None:
        return unit.customers.customer(case.holder.customer_id)
    number = case.values.get("id_number")
    return unit.customers.by_id_number(normal(number.value)) if number is not None and number.value else None


def require_usable(unit: Unit, case: Case) -> None:
    """Card and account of the visit, as they are now: somebody may have stopped them since the card was read.

    Raises:
        UserError: ``card.blocked``, ``account.not_active`` (``status``).
    """
    card = None if case.card is None else unit.customers.card(case.card.number)
    if card is None:
        return
    if any(card.status not in atomic.card_states for atomic in case.atomics):
        raise UserError("card.blocked")
    account = unit.customers.account(card.account)
    if account.status != "active":
        raise UserError("account.not_active", status=account.status)


def facts_of(unit: Unit, case: Case, parts: Parts) -> Facts:
    """What is known before a transaction is carried out."""
    customer = customer_of(unit, case)
    held: Counter[str] = Counter()
    if customer is not None:
        held.update(one.account_class for one in unit.customers.accounts_of(customer.id) if one.status in COUNTED)
    today = parts.today()
    entered = case.values.get("birth")
    born = read_date(entered.value) if entered is not None else None
    born = born or (customer.birth if customer is not None else None)
    coming = case.definition.card == "required" and case.card is None  # whose it is, the card will say
    account = unit.customers.account(case.holder.account) if case.holder is not None and case.holder.account else None
    return Facts(
        day=today,
        presence=case.presence,
        chosen=frozenset(atomic.code for atomic in case.atomics),
        age=None if born is None else age_on(born, today),
        known_customer=customer is not None or coming,
        accounts=dict(held),
        has_account=account is not None or coming,
        account_class="" if account is None else account.account_class,
        standing=None if account is None else standing_of(unit, account, today),
        agent=_opened_as_agent(unit, case),
        signs=signs_of(unit, case, today),
        stock=_stock(unit, case.kiosk),
    )


def signs_of(unit: Unit, case: Case, today: date) -> Signing | None:
    """The person of the form before what the bank knows of the company of the form."""
    chosen = {atomic.code for atomic in case.atomics if atomic.group == "company"}
    return signing(unit.products.get, plain(case), chosen, today) if chosen else None


_STOCK = {"new_card.hopper": "card", "token.hopper": "ukey", "certificate.paper": "certificate"}


def _stock(unit: Unit, machine: str) -> dict[str, str]:
    """What the machine last said of the things it can give out."""
    report = last_report(unit, machine)
    places = report.picture.places if report is not None else []
    return {_STOCK[one.place]: one.state for one in places if one.place in _STOCK}


def standing_of(unit: Unit, account: AccountRecord, today: date) -> Standing | None:
    """How an account stands when its class limits it."""
    if account.account_class not in CLASSES:
        return None
    came, went = unit.turnover.of(account.ledger_code, today)
    balance = unit.ledger.balance(account.ledger_code).minor
    return Standing(account.account_class, account.bound_account or "", balance, came, went)


def _opened_as_agent(unit: Unit, case: Case) -> int | None:
    """Accounts that the agent of the form opened for others and that still stand."""
    acting, agent = case.values.get("acting"), case.values.get("agent_id")
    if acting is None or acting.value != AGENT or agent is None or not agent.value:
        return None
    opened = unit.products.of_subject("agency", normal(agent.value))
    return sum(unit.customers.account(number).status in COUNTED for number in opened)


def known_of(unit: Unit, case: Case) -> dict[str, str]:
    """What record and earlier cases say, under the names of the form's fields."""
    customer = customer_of(unit, case)
    company = company_known(unit, case)
    if customer is None:
        return company
    profile: dict[str, Any] = unit.products.get("profile", customer.id) or {}
    tax: dict[str, Any] = unit.products.get("tax", customer.id) or {}
    known = {name: str(profile[name]) for name in _PROFILE if profile.get(name)}
    known |= {name: str(tax[name]) for name in ("tax_residency", "us_person") if tax.get(name)}
    held = unit.customers.accounts_of(customer.id)
    if held:
        known["own_account"] = held[0].number
    if customer.phone:
        known["phone"] = customer.phone
    return {**company, **known}


_LICENCE = {
    "co_name": "name", "co_type": "type", "co_rep": "representative", "co_since": "since", "co_until": "until",
    "co_address": "address", "co_capital": "capital", "co_phone": "phone",
}  # fmt: skip
_TO_COME = {"co_code": "company", "co_name": "name", "co_rep": "representative", "co_phone": "phone"}


def company_known(unit: Unit, case: Case) -> dict[str, str]:
    """What the bank's record says of the company of the form, or the appointment that its representative keeps."""
    entered = case.values.get("co_code")
    if entered is not None and entered.value:
        return _on_record(unit.products.get("company", credit_code.normal(entered.value)), case)
    if "company_willingness" not in case.definition.offered:
        return {}
    number = case.values.get("id_number")
    for key, one in unit.products.in_state("appointment", companies.BOOKED):
        if number is not None and normal(str(one["rep_id"])) == normal(number.value):
            return {"appt_number": key, **{name: str(one[cell]) for name, cell in _TO_COME.items() if one.get(cell)}}
    return {}


def _on_record(company: dict[str, Any] | None, case: Case) -> dict[str, str]:
    """A licence that may be used again is taken off the record; one that may not has to be shown."""
    if company is None:
        return {}
    known = {name: str(company[cell]) for name, cell in _LICENCE.items() if company.get(cell)}
    good = companies.licence_problem(company, case.created_at.astimezone(companies.CHINA).date()) is None
    return {**known, "co_licence": ON_RECORD if good else SHOWN_NOW}
