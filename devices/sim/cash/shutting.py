"""Shutters that close by themselves, once their motor can move."""

from collections.abc import Callable

from devices.sim.motor import Motor
from devices.sim.world.base import World
from devices.xfs.codes import CommandFailed


class Shutting:
    """Closes what is to be closed now, or when power is back and the safe is shut again.

    Args:
        close: sets a shutter closed and tells everybody.
    """

    def __init__(self, motor: Motor, world: World, close: Callable[[str], None]) -> None:
        self._motor, self._world, self._close = motor, world, close
        self._due: set[str] = set()

    def add(self, slot: str) -> None:
        """Nobody needs this shutter open any more."""
        self._due.add(slot)
        self.go_on()

    def go_on(self) -> None:
        """Look whether what is due can move by now."""
        if not self._due:
            return
        try:
            self._motor.check()
        except CommandFailed:
            return
        due, self._due = self._due, set()
        for slot in sorted(due):
            self._close(slot)
        self._world.changed()
