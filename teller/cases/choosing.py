"""What is done in a case: choosing transactions, and turning to another scenario."""

from datetime import datetime

from common.errors import UserError
from teller.cases.gathering import reopened
from teller.cases.model import Case
from teller.cash.movement import Direction
from teller.scenarios.definition import Definition


def _notes_lie_inside(case: Case) -> bool:
    return case.cash is not None and not case.cash.ended


def chosen(case: Case, wanted: frozenset[str], seen_version: int, at: datetime) -> Case:
    """The transactions of the case; mandatory ones are always in. An authorised case becomes a draft again.

    Raises:
        UserError: ``transaction.unknown`` (``transaction``) for one the scenario does not offer; ``case.stale`` when
            the form changed after the window saw it; ``cash.wrong_state`` when notes lie in escrow for a transaction
            that is dropped; ``case.wrong_state``.
    """
    unknown = wanted - case.definition.offered
    if unknown:
        raise UserError("transaction.unknown", transaction=min(unknown))
    if seen_version < case.form_version:
        raise UserError("case.stale", version=case.version)
    case = reopened(case, at)
    after = case.evolve(
        chosen=tuple(sorted(wanted | case.definition.mandatory)), form_version=case.version + 1, pin_hash=""
    )
    if _notes_lie_inside(case) and after.direction is not Direction.IN:
        raise UserError("cash.wrong_state", state="counted", wanted="returned")
    return after.marked("transactions_chosen", at)


def changed(case: Case, definition: Definition, at: datetime) -> Case:
    """Another scenario for the same customer.

    Raises:
        UserError: ``scenario.needs_card`` when the other one needs a card and none is there; ``cash.wrong_state``
            while notes lie in escrow; ``case.wrong_state``.
    """
    if definition.card == "required" and case.card is None:
        raise UserError("scenario.needs_card")
    if _notes_lie_inside(case):
        raise UserError("cash.wrong_state", state="counted", wanted="returned")
    case = reopened(case, at)
    after = case.evolve(scenario=definition.name, definition=definition, chosen=(), prompt=None, pin_hash="")
    return after.evolve(form_version=case.version + 1).marked("scenario_changed", at)
