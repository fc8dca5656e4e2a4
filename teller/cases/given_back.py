"""Notes that leave escrow before the case came to storing them: given back to the customer, or kept for him."""

from collections.abc import Mapping
from datetime import datetime

from common.errors import UserError
from common.wire.cases import CaseState, CashState
from teller.cases.gathering import consent_void
from teller.cases.model import Case, sentence
from teller.cash.movement import CashMovement, Outcome, concluded, moving


def notes_given_back(
    case: Case, movement: CashMovement, outcome: Outcome, counts: Mapping[str, int], at: datetime, suspense_ref: str
) -> Case:
    """The machine let go of the counted notes before they could be stored: what was agreed on them falls.

    Notes that the customer did not take lie in the machine, are his, and go into suspense.

    Raises:
        UserError: ``cash.not_now`` once the case is carried out or ended: its own step tells the outcome then.
    """
    if case.state is CaseState.EXECUTING or case.terminal:
        raise UserError("cash.not_now", state=case.state.value)
    after = concluded(moving(movement, movement.counts_before, at), outcome, counts, at, suspense_ref)
    if case.state is CaseState.AWAITING_AUTHORISATION and case.request is not None:
        case = case.to(CaseState.DRAFT, request=case.request.withdrawn(at))
    elif case.state is CaseState.AUTHORISED:
        case = case.to(CaseState.DRAFT, request=None)
    values = {name: value for name, value in case.values.items() if name not in ("amount", "notes")}
    say = sentence("say.cash_unknown" if after.state is CashState.SUSPENSE else "say.deposit_returned")
    back = consent_void(case).with_movement(after).evolve(values=values, say=say, form_version=case.version + 1)
    return back.marked(f"cash_{after.state.value}", at)


def notes_kept_back(
    case: Case, movement: CashMovement, outcome: Outcome, counts: Mapping[str, int], at: datetime, suspense_ref: str
) -> Case:
    """Notes that were never declared as counted stayed inside: suspense, whatever the case has come to meanwhile.

    They did so when the counters were read: a count of the machine since then has found them.
    """
    since = movement.created_at
    after = concluded(moving(movement, {}, since), outcome, counts, since, suspense_ref)
    if not case.terminal and case.state is not CaseState.EXECUTING:
        case = case.evolve(prompt=None, say=sentence("say.cash_unknown"))
    # First, so that the movement that the case is about stays the newest.
    return case.evolve(movements=(after, *case.movements)).marked("cash_suspense", at)
