"""The switch at a door: while it is open nothing behind it moves, and what moves stops where it is."""

import asyncio
from collections.abc import Callable

from devices.sim.motor import Motor
from devices.sim.world.base import World
from devices.xfs.codes import CommandFailed, CompletionCode

_WORDS = {"safe": "safeDoorOpen"}
"""The standard's own word for an open door; some commands have it among their error codes."""


class Interlock:
    """A motor behind a door.

    Args:
        is_open: whether the door stands open.
        door: what it is called in a description of an error.
    """

    def __init__(self, motor: Motor, world: World, is_open: Callable[[], bool], door: str) -> None:
        self._motor = motor
        self._world = world
        self._is_open = is_open
        self._door = door

    def check(self) -> None:
        """Look at the switch before anybody is asked for anything.

        Raises:
            CommandFailed: ``deviceNotReady``, the door is open; ``safeDoorOpen`` from commands that have it.
        """
        if self._is_open():
            raise CommandFailed(
                CompletionCode.DEVICE_NOT_READY, f"the {self._door} is open", better=_WORDS.get(self._door)
            )
        self._motor.check()

    async def run(self, seconds: float) -> None:
        """Move, unless the door is open or is opened meanwhile.

        Raises:
            CommandFailed: see :meth:`check`; ``hardwareError``, it was opened during the movement.
        """
        self.check()
        moving = asyncio.ensure_future(self._motor.run(seconds))
        opened = asyncio.ensure_future(self._world.until(self._is_open))
        try:
            await asyncio.wait((moving, opened), return_when=asyncio.FIRST_COMPLETED)
            if self._is_open():
                raise CommandFailed(
                    CompletionCode.HARDWARE_ERROR, f"the {self._door} was opened: everything stands still"
                )
        finally:
            moving.cancel()
            opened.cancel()
