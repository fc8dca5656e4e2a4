"""The customer's card: in the hand, at the mouth of the reader, inside, or kept."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from common.errors import UserError
from devices.sim.world.base import Action, Json, Part, first_reason, text_param


class CardPlace(StrEnum):
    """Where the card is. MOUTH: half out, fingers can hold it; JAMMED: stuck inside."""

    AWAY = "away"
    MOUTH = "mouth"
    INSIDE = "inside"
    JAMMED = "jammed"


@dataclass(frozen=True, slots=True)
class Card:
    """A bank card. ``track2`` without sentinels (ISO/IEC 7813); ``atr`` hex, empty: no chip."""

    pan: str
    name: str
    track2: str
    atr: str = "3B6500002063CB6A00"

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
    if not re.fullmatch(r"[0-9]{12,19}", pan):
        raise UserError("hands.bad_parameter", parameter="pan")
    if not track2:
        track2 = f"{pan}=3012201000000000000"[:37]
    return Card(pan, text_param(params, "name", ""), track2, text_param(params, "atr", "3B6500002063CB6A00"))


class CardSlot(Part):
    """The reader's mouth and what is behind it."""

    name = "card"

    def __init__(self) -> None:
        self.place = CardPlace.AWAY
        self.card: Card | None = None
        self.accepting = False
        self.kept: list[Card] = []

    def actions(self) -> Mapping[str, Action]:
        return {
            "insert_card": Action(self._insert, self._why_no_insert),
            "take_card": Action(self._take, lambda: first_reason((self.place is not CardPlace.MOUTH, "hands.no_card"))),
            "tear_card": Action(self._take, self._why_no_tear),
        }

    def _why_no_insert(self) -> str | None:
        return first_reason(
            (self.card is not None, "hands.card_in_slot"), (not self.accepting, "hands.reader_not_waiting")
        )

    def _why_no_tear(self) -> str | None:
        return first_reason((self.card is None, "hands.no_card"), (self.place is CardPlace.JAMMED, "hands.card_jammed"))

    def _insert(self, params: Json) -> None:
        self.card = card_from(params)
        self.place = CardPlace.MOUTH

    def _take(self, _: Json) -> None:
        self.card = None
        self.place = CardPlace.AWAY

    def keep(self) -> None:
        """Drop the card that is inside into the bin."""
        assert self.card is not None
        self.kept.append(self.card)
        self.card = None
        self.place = CardPlace.AWAY

    def view(self) -> Json:
        return {
            "place": self.place.value,
            "card": self.card.masked if self.card else None,
            "name": self.card.name if self.card else None,
            "kept": [card.masked for card in self.kept],
        }

    def dump(self) -> Any:
        return {
            "place": self.place.value,
            "card": asdict(self.card) if self.card else None,
            "kept": [asdict(card) for card in self.kept],
        }

    def load(self, data: Any) -> None:
        self.place = CardPlace(data["place"])
        self.card = Card(**data["card"]) if data["card"] else None
        self.kept = [Card(**card) for card in data["kept"]]
