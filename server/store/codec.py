"""Domain documents as JSON text and back, checked by their types on the way in."""

from pydantic import TypeAdapter

from teller.cases.model import Case
from teller.cash.movement import CashMovement

_CASE: TypeAdapter[Case] = TypeAdapter(Case)
_MOVEMENT: TypeAdapter[CashMovement] = TypeAdapter(CashMovement)


def dump_case(case: Case) -> str:
    return _CASE.dump_json(case).decode()


def load_case(document: str) -> Case:
    return _CASE.validate_json(document)


def dump_movement(movement: CashMovement) -> str:
    return _MOVEMENT.dump_json(movement).decode()


def load_movement(document: str) -> CashMovement:
    return _MOVEMENT.validate_json(document)
