"""What is handed over in a case, one after the other, and how it is made good when nobody takes it.

Taken: it is the customer's. Not taken: the machine keeps it, it is blocked and registered, and the customer fetches it
with the ID card. Never given out: it is registered as spoilt; staff give another one or reverse the case. However a
case ends, staff say of each thing that nobody has spoken of whether the customer holds it; what stays with the bank is
blocked and registered. A customer who goes before they have said so leaves the case with its teller, open.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from common.errors import UserError
from common.wire.cases import CaseState
from teller.cases.model import Case, Handed
from teller.cases.passbook import passbook_of
from teller.registers import Item, ItemAct
from teller.transactions.base import Change
from teller.vouchers import mask_account

_KIND = {"card": "card", "ukey": "ukey", "time_deposit": "certificate"}
_BOOK = "passbook"
_ITEM = {"card": Item.CARD, "ukey": Item.UKEY, "certificate": Item.CERTIFICATE, _BOOK: Item.PASSBOOK}
BLOCKABLE = frozenset({"card", "ukey", _BOOK})
"""Of use to whoever finds it: nobody can use it while the customer does not hold it."""
_ACT = {"retained": ItemAct.RETAINED, "failed": ItemAct.VOIDED}
BLOCKED = "retained"
"""Status of a card, U-key or passbook that lies in the machine's bin or went back to the bank."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to hand over, and its registration."""

    kind: str
    change: Change

    @property
    def number(self) -> str:
        return self.change.key

    @property
    def registered(self) -> str:
        """Its number as the registers have it."""
        return mask_account(self.number) if self.kind == "card" else self.number


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


def open_things(case: Case) -> tuple[Due, ...]:
    """Everything new in this case, by machine or by staff, of which nobody has said yet what became of it."""
    if case.reversed_at is not None or case.state is not CaseState.EXECUTING:
        return ()
    over = {(one.kind, one.number) for one in case.handed}
    return tuple(one for one in _made(case) if (one.kind, one.number) not in over)


def _made(case: Case) -> tuple[Due, ...]:
    """What is new, and the customer's own book that has to go through the printer."""
    changes = case.effects.changes if case.effects is not None else ()
    kinds = {**_KIND, _BOOK: _BOOK}
    new = tuple(Due(kinds[one.kind], one) for one in changes if one.before is None and one.kind in kinds)
    number = passbook_of(case)
    if any((one.kind, one.number) == (_BOOK, number) for one in new):
        return new
    own = (Due(_BOOK, one) for one in reversed(changes) if (one.kind, one.key) == (_BOOK, number))
    return (*new, *islice(own, 1))


def machine_due(case: Case) -> bool:
    """Whether the machine still has to give something out, or to print into a book: then the word is its own."""
    prints = case.state is CaseState.EXECUTING and case.passbook is None and passbook_of(case) is not None
    return prints or next_due(case) is not None


def book_seen(case: Case, where: str, at: datetime) -> Case:
    """What the printer says of a book once it is done: ``taken`` out by the customer, ``none`` lies there (the
    customer's own book was not put in; of a new one staff know), ``left`` in the printer or in its slot."""
    thing = next((one for one in open_things(case) if one.kind == _BOOK and one.number == passbook_of(case)), None)
    if thing is None or where == "left" or (where == "none" and thing.change.before is None):
        return case
    return handed(case, thing, "taken", at)


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
