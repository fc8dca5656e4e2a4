"""Payment cards held to the contactless reader. Each chip counts its transactions, and never forgets how many."""

from collections.abc import Mapping
from typing import Any

from devices.sim.world.base import Action, Json, Part, first_reason
from devices.sim.world.card import Card, card_from

MOST = 2


class Antenna(Part):
    """The field before the reader: no card, one, or two in the same wallet."""

    name = "contactless"

    def __init__(self) -> None:
        self.cards: list[Card] = []
        self._counters: dict[str, int] = {}

    def actions(self) -> Mapping[str, Action]:
        return {
            "tap_card": Action(self._tap, lambda: first_reason((len(self.cards) >= MOST, "hands.slot_taken"))),
            "withdraw_card": Action(self._withdraw, lambda: first_reason((not self.cards, "hands.no_card"))),
        }

    def _tap(self, params: Json) -> None:
        self.cards.append(card_from(params))

    def _withdraw(self, _: Json) -> None:
        self.cards.clear()

    def count(self, card: Card) -> int:
        """One more transaction of that card's chip: its number, at most 65535."""
        self._counters[card.pan] = min(self._counters.get(card.pan, 0) + 1, 0xFFFF)
        return self._counters[card.pan]

    def view(self) -> Json:
        return {"cards": [card.masked for card in self.cards]}

    def dump(self) -> Any:
        return dict(self._counters) or None

    def load(self, data: Any) -> None:
        self._counters = dict(data)
