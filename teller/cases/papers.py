"""What a carried-out case means for seals and registers: which text is sealed, which things changed hands."""

from teller.cases.done import done_of
from teller.cases.model import Case
from teller.registers import Item, ItemAct
from teller.seals import SealText
from teller.transactions.base import Change
from teller.vouchers import mask_account

_ISSUED = {"ukey": Item.UKEY, "card": Item.CARD, "time_deposit": Item.CERTIFICATE, "passbook": Item.PASSBOOK}
"""Registrations that begin with a thing given to the customer."""


def seal_text(case: Case) -> SealText:
    """A certificate of balance is sealed as such, a statement alone as a statement, everything else as a voucher."""
    codes = {one.code for one in done_of(case)}
    if "balance_certificate" in codes:
        return SealText.CERTIFICATE
    return SealText.STATEMENT if codes == {"statement"} else SealText.VOUCHER


def items_moved(case: Case) -> list[tuple[ItemAct, Item, str]]:
    """Key items of the case, in the order of its registrations: what happened, to what kind of thing, its number."""
    if case.effects is None:
        return []
    moved = (_moved(change) for change in case.effects.changes)
    return [one for one in moved if one is not None]


_UNDONE = {
    ItemAct.ISSUED: ItemAct.VOIDED,
    ItemAct.RECEIVED: ItemAct.RETURNED,
    ItemAct.RETURNED: ItemAct.RECEIVED,
}
"""What becomes of a key item when its case is reversed; one that was spoilt stays so."""


def items_undone(case: Case) -> list[tuple[ItemAct, Item, str]]:
    """Key items of a reversed case, last first."""
    return [(_UNDONE[act], item, number) for act, item, number in reversed(items_moved(case)) if act in _UNDONE]


def _moved(change: Change) -> tuple[ItemAct, Item, str] | None:
    if change.kind == "key":
        act = ItemAct.RECEIVED if change.after.get("holder") == "bank" else ItemAct.RETURNED
        return act, Item.SAFE_KEY, change.key
    if change.kind == "passbook" and change.after.get("status") == "void":
        return ItemAct.VOIDED, Item.PASSBOOK, change.key
    if change.kind not in _ISSUED or change.before is not None:
        return None
    number = mask_account(change.key) if change.kind == "card" else change.key
    return ItemAct.ISSUED, _ISSUED[change.kind], number
