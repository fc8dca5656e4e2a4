"""Orders to a machine from afar: who may give them, and when one would lose money or a card.

An order is given, begun by the kiosk, and ends as done, refused, failed or unknown; one that nobody began in time is
expired and is never carried out later. The rules here are asked twice: when the order is given and when it begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from common.errors import UserError
from common.wire.base import Params
from common.wire.cases import CustomerStep
from common.wire.machine import OrderAction
from common.wire.sessions import Role

TERM = timedelta(seconds=20)
"""A kiosk begins an order at once or never: what was right half a minute ago may be wrong now."""
WORD_TERM = timedelta(minutes=3)
"""A kiosk that began an order and said nothing for so long was switched off in the middle of it."""

_A, _S = OrderAction, CustomerStep
RIGHTS: Mapping[OrderAction, frozenset[Role]] = MappingProxyType(
    {
        _A.RETURN_CARD: frozenset({Role.TELLER}),
        _A.RETAIN_CARD: frozenset({Role.TELLER}),
        _A.RETRACT_NOTES: frozenset({Role.TELLER}),
        _A.RESET_DEVICE: frozenset({Role.TELLER, Role.ENGINEER}),
        _A.RESTART_SERVICE: frozenset({Role.TELLER, Role.ENGINEER}),
        _A.LIGHT: frozenset({Role.TELLER, Role.ENGINEER}),
        _A.OUT_OF_SERVICE: frozenset({Role.TELLER, Role.ENGINEER}),
        _A.INTO_SERVICE: frozenset({Role.TELLER, Role.ENGINEER}),
    }
)
LIGHTS = ("cardReader", "pinPad", "notesDispenser", "billAcceptor", "receiptPrinter", "scanner")
RESETTABLE = {
    "card_reader": "card.reader",
    "cash": "notes.transport",
    "receipt": "receipt.slot",
    "card_dispenser": "new_card.slot",
    "token_dispenser": "token.slot",
    "certificate_printer": "certificate.slot",
    "page_printer": "page.slot",
}
"""Devices that can be reset, and the place where something stuck would lie."""

_CARD_STEPS = frozenset({_S.INSERT_CARD, _S.TAKE_CARD, _S.RETAIN_CARD, _S.GOODBYE})
_CASH_STEPS = frozenset({_S.INSERT_CASH, _S.TAKE_CASH, _S.STORE_CASH, _S.RETURN_CASH})
_HANDING = frozenset({_S.TAKE_RECEIPT, _S.PRINT_VOUCHER, _S.HAND_OVER, _S.PRINT_PASSBOOK})
_IN_READER = frozenset({"inside", "mouth", "jammed"})


_TARGETED = frozenset({_A.RESET_DEVICE, _A.RESTART_SERVICE, _A.LIGHT})


class OrderState(StrEnum):
    """given → begun → done | refused | failed | unknown; given → refused | expired; unknown → done | failed, when the
    kiosk's journal tells it after all."""

    GIVEN = "given"
    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"


_O = OrderState
_NEXT: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        _O.GIVEN: frozenset({_O.BEGUN, _O.REFUSED, _O.EXPIRED}),
        _O.BEGUN: frozenset({_O.DONE, _O.REFUSED, _O.FAILED, _O.UNKNOWN}),
        _O.UNKNOWN: frozenset({_O.DONE, _O.FAILED}),
    }
)


@dataclass(frozen=True, slots=True)
class Order:
    """One order with its trace."""

    id: str
    machine: str
    action: OrderAction
    target: str
    reason: str
    by: str
    at: datetime
    state: OrderState = OrderState.GIVEN
    ended_at: datetime | None = None
    code: str = ""
    params: Params = field(default_factory=dict)

    @property
    def expires_at(self) -> datetime:
        return self.at + TERM

    @property
    def open(self) -> bool:
        """Whether it waits for the kiosk, which does one after the other."""
        return self.state in (_O.GIVEN, _O.BEGUN)

    @property
    def sweeps_notes(self) -> bool:
        """Whether notes may go into a cassette by it, which nobody may be counting then."""
        return (self.action, self.target) == (_A.RESET_DEVICE, "cash")

    def to(self, state: OrderState, at: datetime, code: str = "", params: Params | None = None) -> "Order":
        """Its next state. Raises ``order.wrong_state``."""
        if state not in _NEXT.get(self.state, frozenset()):
            raise UserError("order.wrong_state", state=self.state.value)
        ended = None if state is OrderState.BEGUN else at
        return replace(self, state=state, ended_at=ended, code=code, params=dict(params or {}))

    def seen(self, now: datetime) -> "Order":
        """As it is at this moment: not begun in time it has expired, without a word for long its outcome is unknown."""
        if self.state is OrderState.GIVEN and now >= self.expires_at:
            return self.to(OrderState.EXPIRED, now, "order.expired")
        if self.state is OrderState.BEGUN and now >= self.at + WORD_TERM:
            return self.to(OrderState.UNKNOWN, now, "order.no_word")
        return self


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides about an order.

    Attributes:
        fresh: the machine's last report is of this minute, so that ``places`` can be believed.
        teller: number of who serves the visit that is open; empty: nobody yet.
        step: what that visit has the kiosk do; None: no visit.
        card_blocked: the customer's card may not be given back.
        cash_moves: notes of a customer are between two states of the books.
        safe_open: two persons are at the notes.
        places: the machine's places by name, with their state.
        services: names of its services.
    """

    online: bool
    fresh: bool
    in_service: bool = True
    teller: str = ""
    step: CustomerStep | None = None
    card_blocked: bool = False
    cash_moves: bool = False
    safe_open: bool = False
    places: Mapping[str, str] = field(default_factory=dict)
    services: frozenset[str] = frozenset()
    pending: bool = False

    def at(self, place: str) -> str:
        """State of a place; ``unknown`` where nothing was said."""
        return self.places.get(place, "unknown")

    def knows(self, place: str) -> bool:
        """Whether its state is said, and can be believed: what a machine does not say is not empty."""
        return self.fresh and self.at(place) != "unknown"


def catalogue(now: Situation) -> list[tuple[OrderAction, str]]:
    """Every order with its target that can be thought of at this machine."""
    plain = [(action, "") for action in OrderAction if action not in _TARGETED]
    resets = [(_A.RESET_DEVICE, name) for name, place in RESETTABLE.items() if place in now.places]
    lights = [(_A.LIGHT, name) for name in LIGHTS]
    return plain + resets + [(_A.RESTART_SERVICE, name) for name in sorted(now.services)] + lights


def require_right(action: OrderAction, role: Role) -> None:
    """Raises ``order.no_right``."""
    if role not in RIGHTS[action]:
        raise UserError("order.no_right", action=action.value)


def refusal(action: OrderAction, target: str, who: str, now: Situation) -> str | None:
    """Code of the reason why this must not be done now; None: it may.

    Args:
        who: number of who asks: while a visit is served, only its own teller may.
    """
    if action is OrderAction.INTO_SERVICE:
        return "order.in_service_already" if now.in_service else None
    if action is OrderAction.OUT_OF_SERVICE and not now.in_service:
        return "order.out_already"
    if not now.online and action is not OrderAction.OUT_OF_SERVICE:
        return "order.machine_away"
    if now.step is not None and now.teller and now.teller != who:
        return "order.not_your_visit"
    if action is OrderAction.OUT_OF_SERVICE:
        return "order.visit_open" if now.step is not None else None
    if now.pending:
        return "order.another_runs"
    return _RULES[action](target, now)


def _light(target: str, _: Situation) -> str | None:
    return None if target in LIGHTS else "order.unknown_target"


def _card(now: Situation) -> str | None:
    if not now.knows("card.reader"):
        return "order.not_known_now"
    if now.at("card.reader") not in _IN_READER:
        return "order.no_card"
    return "order.step_moves_card" if now.step in _CARD_STEPS else None


def _return_card(_: str, now: Situation) -> str | None:
    reason = _card(now)
    if reason is not None:
        return reason
    if now.step is None:
        return "order.nobody_there"
    if now.card_blocked:
        return "order.card_blocked"
    return "order.cash_moves" if now.cash_moves and now.step in _CASH_STEPS else None


def _retain_card(_: str, now: Situation) -> str | None:
    return _card(now) or ("order.card_jammed" if now.at("card.reader") == "jammed" else None)


def _retract(_: str, now: Situation) -> str | None:
    if not now.knows("notes.output"):
        return "order.not_known_now"
    if now.at("notes.output") != "present":
        return "order.no_notes"
    return None if now.step in (_S.TAKE_CASH, _S.RETURN_CASH) else "order.notes_not_waited_for"


def _restart(target: str, now: Situation) -> str | None:
    if target not in now.services:
        return "order.unknown_target"
    if now.cash_moves or now.step in _CASH_STEPS:
        return "order.cash_moves"
    return "order.step_runs" if now.step in _CARD_STEPS | _HANDING | {_S.PIN} else None


def _reset(target: str, now: Situation) -> str | None:
    place = RESETTABLE.get(target)
    if place is None:
        return "order.unknown_target"
    if not now.knows(place):
        return "order.not_known_now"
    if target == "cash":
        return _reset_cash(now)
    if target == "card_reader":
        if now.at(place) in ("inside", "mouth"):
            return "order.card_inside"
        return "order.step_moves_card" if now.step in _CARD_STEPS else None
    return "order.step_runs" if now.step in _HANDING else None


def _reset_cash(now: Situation) -> str | None:
    """A reset sweeps whatever lies on the way into a cassette: nothing of a customer's may be among it, and nobody may
    be counting what is inside."""
    if now.safe_open:
        return "order.safe_open"
    if now.cash_moves or now.step in _CASH_STEPS:
        return "order.cash_moves"
    if not now.knows("notes.output"):
        return "order.not_known_now"
    if now.at("notes.output") == "present" or now.at("notes.input") == "present" or now.at("notes.escrow") == "present":
        return "order.notes_outside"
    return None


_RULES = {
    OrderAction.RETURN_CARD: _return_card,
    OrderAction.RETAIN_CARD: _retain_card,
    OrderAction.RETRACT_NOTES: _retract,
    OrderAction.RESTART_SERVICE: _restart,
    OrderAction.RESET_DEVICE: _reset,
    OrderAction.LIGHT: _light,
}
