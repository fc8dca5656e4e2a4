"""Notes as the machine, the contract and the journal write them."""

from collections.abc import Mapping
from typing import Any

from common.errors import UserError
from common.wire.base import Notes
from devices.client.counts import BANK_CURRENCY, Counts
from devices.client.payout import NotePlan

_FACTOR = 100


def to_wire(bundle: Mapping[int, int]) -> Notes:
    """Notes by value in minor units as the contract writes them."""
    return {str(value // _FACTOR): count for value, count in bundle.items() if count}


def from_wire(notes: Notes) -> dict[int, int]:
    """And back."""
    return {int(value) * _FACTOR: count for value, count in notes.items()}


def units_of(counts: Counts) -> dict[str, int]:
    """Cash unit to number of notes."""
    return {unit.key: unit.count for unit in counts.units}


def plan_for(notes: Mapping[int, int], counts: Counts) -> NotePlan:
    """Exactly these notes, out of the cassettes that hold them.

    Raises:
        UserError: ``cash.not_payable``: the cassettes have changed since the amount was agreed.
    """
    units: dict[str, int] = {}
    for value, wanted in notes.items():
        left = wanted
        for unit in counts.units:
            if left and unit.role in ("recycle", "cashOut") and unit.value_minor == value and unit.status == "ok":
                part = min(left, unit.count)
                if part:
                    units[unit.key] = part
                    left -= part
        if left:
            raise UserError("cash.not_payable", value=value)
    amount = sum(value * count for value, count in notes.items())
    return NotePlan(BANK_CURRENCY, amount, units, dict(sorted(notes.items(), reverse=True)))


def plan_detail(case_id: str, plan: NotePlan) -> dict[str, Any]:
    return {
        "case": case_id,
        "amount": plan.amount_minor,
        "units": dict(plan.units),
        "notes": {str(value): count for value, count in plan.notes.items()},
    }


def plan_from(detail: Mapping[str, Any]) -> NotePlan:
    notes = {int(value): int(count) for value, count in detail["notes"].items()}
    return NotePlan(BANK_CURRENCY, int(detail["amount"]), dict(detail["units"]), notes)
