"""Three tries at a PIN, then the card is kept."""

from dataclasses import dataclass, replace
from enum import StrEnum

MAX_TRIES = 3


class PinState(StrEnum):
    """none → asked → ok | wrong → … | blocked; a new PIN: asked → again → ok | differs → again → …"""

    NONE = "none"
    ASKED = "asked"
    AGAIN = "again"
    DIFFERS = "differs"
    OK = "ok"
    WRONG = "wrong"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Pin:
    """Where the PIN check of a case stands; the tries belong to the card and outlive the case."""

    state: PinState = PinState.NONE
    tries_left: int = MAX_TRIES

    def asked(self) -> "Pin":
        return self if self.state is PinState.BLOCKED else replace(self, state=PinState.ASKED)

    def tried(self, right: bool) -> "Pin":
        """After one entry: right gives all tries back, the third wrong one blocks."""
        if self.state is PinState.BLOCKED or self.tries_left <= 0:
            return replace(self, state=PinState.BLOCKED, tries_left=0)
        if right:
            return Pin(PinState.OK, MAX_TRIES)
        left = self.tries_left - 1
        return Pin(PinState.WRONG if left else PinState.BLOCKED, left)
