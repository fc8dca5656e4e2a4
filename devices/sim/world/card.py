"""Cards and other things of that size: in the hand, at the mouth of a reader, inside, or in one of its bins."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from common.errors import UserError
from devices.sim.world.base import Action, Json, Part, check_fits, first_reason, text_param


class CardPlace(StrEnum):
    """Where the card is. MOUTH: half out, fingers can hold it; JAMMED: stuck inside."""

    AWAY = "away"
    MOUTH = "mouth"
    INSIDE = "inside"
    JAMMED = "jammed"


@dataclass(frozen=True, slots=True)
class Card:
    """A bank card. Tracks without sentinels (ISO/IEC 7813); ``atr`` hex, empty: no chip."""

    pan: str
    name: str
    track2: str
    atr: str = "3B6500002063CB6A00"
    track1: str = ""
    track3: str = ""

    @property
    def masked(self) -> str:
        """The number as it may be shown."""
        return f"{self.pan[:6]}******{self.pan[-4:]}"


def card_from(params: Json) -> Card:
    """The card that an action's parameters describe.

    Raises:
        UserError: ``hands.bad_parameter``.
    """
    track2 = text_param(params, "track2", "")
    pan = text_param(params, "pan", track2.partition("=")[0])
    atr = text_param(params, "atr", "3B6500002063CB6A00")
    if not re.fullmatch(r"[0-9]{12,19}", pan) or not re.fullmatch(r"([0-9A-Fa-f]{2})*", atr):
        raise UserError("hands.bad_parameter", parameter="pan")
    if not track2:
        track2 = f"{pan}=3012201000000000000"[:37]
    if not track2.isascii():
        raise UserError("hands.bad_parameter", parameter="track2")
    return Card(pan, text_param(params, "name", ""), track2, atr)


@dataclass(frozen=True, slots=True)
class Hands:
    """What the actions at a slot are called; empty: not possible there."""

    insert: str = ""
    take: str = ""
    tear: str = ""
    load: str = ""
    empty: str = ""


class CardSlot(Part):
    """A mouth, the way behind it, and bins and hoppers by the name of their storage unit.

    Args:
        capacities: of bins and hoppers: so many cards fit into each.
    """

    def __init__(
        self, within_reach: Callable[[], bool], name: str, hands: Hands, capacities: Mapping[str, int]
    ) -> None:
        self.name = name
        self._within_reach = within_reach  # of hands, where bins and hoppers are: the cabinet is open
        self._hands = hands
        self.place = CardPlace.AWAY
        self.card: Card | None = None
        self.accepting = False
        self._capacities = capacities
        self.bins: dict[str, list[Card]] = {key: [] for key in capacities}

    @property
    def kept(self) -> list[Card]:
        """The cards in the retain bin."""
        return self.bins["unitBIN1"]

    def actions(self) -> Mapping[str, Action]:
        hands = self._hands
        offered = {
            hands.insert: Action(self._insert, self._why_no_insert),
            hands.take: Action(self._take, lambda: first_reason((self.place is not CardPlace.MOUTH, "hands.no_card"))),
            hands.tear: Action(self._take, self._why_no_tear),
            hands.load: Action(self._load, self._why_no_load),
            hands.empty: Action(self._empty, self._why_no_empty),
        }
        return {name: action for name, action in offered.items() if name}

    def _why_no_insert(self) -> str | None:
        return first_reason(
            (self.card is not None, "hands.card_in_slot"), (not self.accepting, "hands.reader_not_waiting")
        )

    def _why_no_tear(self) -> str | None:
        return first_reason((self.card is None, "hands.no_card"), (self.place is CardPlace.JAMMED, "hands.card_jammed"))

    def _why_not_inside(self) -> str | None:
        return first_reason((not self._within_reach(), "hands.cabinet_shut"))

    def _why_no_load(self) -> str | None:
        return self._why_not_inside() or first_reason((self._room("unitHOP1") <= 0, "hands.hopper_full"))

    def _room(self, key: str) -> int:
        return self._capacities[key] - len(self.bins[key])

    def _why_no_empty(self) -> str | None:
        return first_reason((not self.kept, "hands.no_card")) or self._why_not_inside()

    def _insert(self, params: Json) -> None:
        self.card = card_from(params)
        self.place = CardPlace.MOUTH

    def _take(self, _: Json) -> None:
        self.card = None
        self.place = CardPlace.AWAY

    def _load(self, params: Json) -> None:
        """The engineer's hands: blank cards into the hopper, on top of what lies there."""
        count = params.get("count", 50)
        if not isinstance(count, int) or isinstance(count, bool) or not 0 < count <= 500:
            raise UserError("hands.bad_parameter", parameter="count")
        check_fits(count, self._room("unitHOP1"))
        hopper = self.bins["unitHOP1"]
        first = sum(len(cards) for cards in self.bins.values()) + 1
        hopper += [blank_card(first + index) for index in range(count)]

    def _empty(self, _: Json) -> Json:
        count = len(self.kept)
        self.kept.clear()
        return {"cards": count}

    def drop_into(self, key: str) -> None:
        """Let the card that is inside fall into a bin."""
        assert self.card is not None
        self.bins[key].append(self.card)
        self.card = None
        self.place = CardPlace.AWAY

    def pull_from(self, key: str) -> None:
        """Bring the next card of a hopper onto the way."""
        assert self.card is None
        self.card = self.bins[key].pop(0)
        self.place = CardPlace.INSIDE

    def view(self) -> Json:
        return {
            "place": self.place.value,
            "card": self.card.masked if self.card else None,
            "name": self.card.name if self.card else None,
            "kept": [card.masked for card in self.kept],
            "bins": {key: len(cards) for key, cards in self.bins.items()},
        }

    def dump(self) -> Any:
        return {
            "place": self.place.value,
            "card": asdict(self.card) if self.card else None,
            "bins": {key: [asdict(card) for card in cards] for key, cards in self.bins.items()},
        }

    def load(self, data: Any) -> None:
        self.place = CardPlace(data["place"])
        self.card = Card(**data["card"]) if data["card"] else None
        for key, cards in data.get("bins", {"unitBIN1": data.get("kept", [])}).items():
            self.bins[key] = [Card(**card) for card in cards]


def blank_card(serial: int) -> Card:
    """A card as it comes from the maker: a number in the chip, nothing on the stripe."""
    return Card(f"9{serial:015d}", "", "")
