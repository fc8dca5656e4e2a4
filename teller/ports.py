"""What the domain asks of the world beyond time and identifiers (common.clock)."""

from typing import Protocol


class Randomness(Protocol):
    """Unpredictable numbers; the standard library's ``secrets`` module is one."""

    def randbelow(self, exclusive_upper_bound: int, /) -> int: ...
