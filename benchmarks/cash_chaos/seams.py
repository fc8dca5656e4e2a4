"""Where power can fail: around each journal write, wire message, request, commit and step of the mechanics."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum


class Part(StrEnum):
    """The processes of a counter that hold something about cash, and the two lines between them."""

    KIOSK = "kiosk"
    MACHINE = "machine"
    SERVER = "server"
    NETWORK = "network"
    """Between kiosk and server."""
    CABLE = "cable"
    """Between kiosk (or engineer's window) and machine."""
    ENGINEER = "engineer"
    AUTHORITIES = "authorities"
    """Only a process of its own; it knows nothing of cash, and its absence must not matter to any."""


AT_A_VISIT = (Part.KIOSK, Part.MACHINE, Part.SERVER, Part.NETWORK, Part.CABLE)
AT_AN_EXCHANGE = (Part.ENGINEER, Part.MACHINE, Part.SERVER, Part.NETWORK, Part.CABLE)


class PowerCut(BaseException):
    """This process is gone: nothing after this line happens. No handler of ordinary errors may catch it."""

    def __init__(self, part: Part) -> None:
        super().__init__(part.value)
        self.part = part


class Seams:
    """Counts the seams that are passed, and cuts the power of a process at those that were drawn.

    Args:
        fall: told which process has lost its power; called in whichever thread the seam lies.
    """

    def __init__(self, fall: Callable[[Part], None]) -> None:
        self._fall = fall
        self._passed = 0
        self._drawn: dict[int, Part] = {}
        self.dead: set[Part] = set()
        self.cuts: Counter[str] = Counter()

    def draw(self, dice: random.Random, cuts: int, within: int, parts: Sequence[Part] = AT_A_VISIT) -> None:
        """Draw new moments: ``cuts`` of the next ``within`` seams, each for one of ``parts``."""
        self._passed = 0
        moments = dice.sample(range(1, within + 1), cuts)
        self._drawn = {moment: dice.choice(parts) for moment in moments}

    def calm(self) -> None:
        """Nothing more is cut."""
        self._drawn.clear()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What happens inside is not tried."""
        drawn, self._drawn = self._drawn, {}
        try:
            yield
        finally:
            self._drawn = drawn

    def at(self, name: str, part: Part) -> None:
        """A seam in the code of a process.

        Raises:
            PowerCut: that process has no power (any more).
        """
        self._passed += 1
        victim = self._drawn.pop(self._passed, None)
        if victim is not None and victim not in self.dead:
            self.dead.add(victim)
            self.cuts[f"{victim.value} at {name}"] += 1
            self._fall(victim)
        if part in self.dead:
            raise PowerCut(part)
