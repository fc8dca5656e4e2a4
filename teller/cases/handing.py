"""What the machine hands over in a case, one after the other, and how it is made good when nobody takes it.

Taken: it is the customer's. Not taken: the machine keeps it, it is blocked and registered, and the customer fetches it
with the ID card. Never given out: it is registered as spoilt; staff give another one or reverse the case.
"""

from dataclasses import dataclass
from datetime import datetime

from common.errors import UserError
from common.wire.cases import CaseState
from teller.cases.model import Case, Handed
from teller.registers import Item, ItemAct
from teller.transactions.base import Change

_KIND = {"card": "card", "ukey": "ukey", "time_deposit": "certificate"}
_ITEM = {"card": Item.CARD, "ukey": Item.UKEY, "certificate": Item.CERTIFICATE}
_ACT = {"retained": ItemAct.RETAINED, "failed": ItemAct.VOIDED}
BLOCKED = "retained"
"""Status of a card or U-key that lies in the machine's bin."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to hand over, and its registration."""

    kind: str
    change: Change

    @property
    def number(self) -> str:
        return self.change.key


def due(case: Case) -> tuple[Due, ...]:
    """All that the machine gives out in this case, in the order of its registrations."""
    changes = case.effects.changes if case.effects is not None else ()
    new = (one for one in changes if one.before is None and one.kind in _KIND)
    return tuple(Due(_KIND[one.kind], one) for one in new if _KIND[one.kind] in case.gives)


def next_due(case: Case) -> Due | None:
    """What has to be handed over next; None: nothing, or the case was reversed."""
    if case.reversed_at is not None or case.state is not CaseState.EXECUTING:
        return None
    over = {(one.kind, one.number) for one in case.handed}
    return next((one for one in due(case) if (one.kind, one.number) not in over), None)


def require_due(case: Case, kind: str, number: str) -> Due:
    """Raises ``handing.not_now``."""
    found = next_due(case)
    if found is None or (found.kind, found.number) != (kind, number):
        raise UserError("handing.not_now")
    return found


def handed(case: Case, thing: Due, outcome: str, at: datetime) -> Case:
    """The machine has said what became of it."""
    told = Handed(thing.kind, thing.number, outcome)
    return case.evolve(handed=(*case.handed, told)).marked(f"handed_{outcome}", at)


def item_of(thing: Due, outcome: str) -> tuple[ItemAct, Item] | None:
    """What the register of key items has to say of it; None: that it was issued stands there already."""
    act = _ACT.get(outcome)
    return None if act is None else (act, _ITEM[thing.kind])


def state(case: Case, kind: str) -> str:
    """Of the plan's item for things of a kind."""
    things = [one for one in due(case) if one.kind == kind]
    told = [one.outcome for one in case.handed if one.kind == kind]
    if "failed" in told:
        return "failed"
    if "retained" in told:
        return "compensated"
    if things and len(told) == len(things):
        return "done"
    return "doing" if things and case.voucher is not None else "todo"
