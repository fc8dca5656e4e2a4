"""Listeners on a stream of frames."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Taps(Generic[T]):
    """Functions that get every frame as it is, uncopied, in the event loop; they must return at once."""

    def __init__(self) -> None:
        self._taps: list[Callable[[T], None]] = []

    def add(self, tap: Callable[[T], None]) -> Callable[[], None]:
        """Listen; the returned function ends it."""
        self._taps.append(tap)

        def remove() -> None:
            if tap in self._taps:
                self._taps.remove(tap)

        return remove

    def send(self, frame: T) -> None:
        """Give a frame to everybody."""
        for tap in tuple(self._taps):
            tap(frame)
