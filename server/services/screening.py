"""Screening before money leaves: the facts from the books, the verdict, and its reasons in the register."""

from common.errors import UserError
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.whose import customer_of, facts_of
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.authorisation.policy import Reason, Verdict
from teller.authorisation.rules import Level
from teller.cases.forms import plain
from teller.cases.model import Case
from teller.screening.rules import Outcome, Screened, Transfer, screen
from teller.transactions.base import money_of


def screened(unit: Unit, case: Case, parts: Parts) -> Screened | None:
    """The verdict on what leaves the bank in this case; None where nothing does."""
    sending = next((atomic for atomic in case.atomics if atomic.out), None)
    if sending is None:
        return None
    values = plain(case)
    customer = customer_of(unit, case)
    past = unit.products.of_customer("transfer", customer.id) if customer is not None else {}
    account, today = values.get("payee_account", ""), parts.today()
    made_today = f"TR{today:%Y%m%d}"
    transfer = Transfer(
        amount=money_of(values, sending.out),
        account=account,
        name=values.get("payee_name", ""),
        purpose=values.get("tr_purpose", ""),
        age=facts_of(unit, case, parts).age,
        known_payee=any(one.get("payee_account") == account and one.get("status") == "sent" for one in past.values()),
        today=sum(1 for number in past if number.startswith(made_today)),
    )
    return screen(parts.screening.current(), transfer)


def register(unit: Unit, case: Case, who: Principal, found: Screened, parts: Parts) -> None:
    """Keep the verdict and its reasons; a pass too."""
    data = {"outcome": found.outcome.value, "rules": " ".join(one.code for one in found.reasons), "by": found.digest}
    now = parts.clock.now()
    unit.registers.add(RegisterLine(now, "transfer.screened", who.number, case.number, case.id, data))


def refuse_stopped(found: Screened) -> None:
    """Raises ``screening.stopped`` (``rule``, ``reason_zh``, ``reason_en``)."""
    if found.outcome is Outcome.STOP:
        worst = next(one for one in found.reasons if one.outcome is Outcome.STOP)
        raise UserError("screening.stopped", rule=worst.code, reason_zh=worst.zh, reason_en=worst.en)


def with_screening(verdict: Verdict, found: Screened | None) -> Verdict:
    """A warning wants the teller's note of what the customer answered, a step up wants a second person as well."""
    if found is None or not found.reasons:
        return verdict
    reasons = tuple(
        Reason("rule.screening", (("rule", one.code), ("reason_zh", one.zh), ("reason_en", one.en)))
        for one in found.reasons
    )
    level = Level.REMOTE if found.outcome is Outcome.STEP_UP else verdict.level
    return Verdict(level, (*verdict.reasons, *reasons), True)
