"""What distinguishes one device that moves cards from another."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Bin:
    """A storage unit for cards: where they are kept, parked or come from."""

    key: str
    label: str
    position: str
    kind: Literal["retain", "dispense", "park"]
    capacity: int
    threshold: int
    card_id: str = ""


@dataclass(frozen=True, slots=True)
class CardProfile:
    """A device of the CardReader interface.

    Args:
        accepts: cards are inserted from outside.
        tracks: tracks that can be read and written.
    """

    name: str
    accepts: bool
    tracks: tuple[str, ...]
    bins: tuple[Bin, ...]

    def bin(self, key: str) -> Bin | None:
        """The storage unit of that name."""
        return next((each for each in self.bins if each.key == key), None)

    @property
    def capacities(self) -> dict[str, int]:
        """How many cards each storage unit holds."""
        return {unit.key: unit.capacity for unit in self.bins}

    @property
    def retain(self) -> Bin:
        """Where kept cards go."""
        return next(each for each in self.bins if each.kind == "retain")


RETAIN = Bin("unitBIN1", "BIN1", "retain bin", "retain", 30, 25)
TRACKS = ("track1", "track2", "track3")
READER = CardProfile(
    "card", accepts=True, tracks=TRACKS, bins=(RETAIN, Bin("unitPARK1", "PARK1", "parking station", "park", 1, 1))
)
NEW_CARDS = CardProfile(
    "new_card",
    accepts=False,
    tracks=TRACKS,
    bins=(RETAIN, Bin("unitHOP1", "HOP1", "hopper", "dispense", 500, 20, "debit card, blank")),
)
TOKENS = CardProfile(
    "token",
    accepts=False,
    tracks=(),
    bins=(RETAIN, Bin("unitHOP1", "HOP1", "hopper", "dispense", 200, 10, "U-key")),
)
