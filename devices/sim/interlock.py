"""The switch at the safe's door: while it is open nothing behind it moves, and what moves stops where it is."""

import asyncio

from devices.sim.motor import Motor
from devices.sim.world.base import World
from devices.sim.world.cabinet import Cabinet
from devices.xfs.codes import CommandFailed, CompletionCode


class Interlock:
    """A motor behind the door."""

    def __init__(self, motor: Motor, world: World, cabinet: Cabinet) -> None:
        self._motor = motor
        self._world = world
        self._cabinet = cabinet

    async def run(self, seconds: float) -> None:
        """Move, unless the door is open or is opened meanwhile.

        Raises:
            CommandFailed: ``deviceNotReady``, it is open; ``hardwareError``, it was opened during the movement.
        """
        if self._cabinet.safe_open:
            raise CommandFailed(CompletionCode.DEVICE_NOT_READY, "the safe is open")
        moving = asyncio.ensure_future(self._motor.run(seconds))
        opened = asyncio.ensure_future(self._world.until(lambda: self._cabinet.safe_open))
        try:
            await asyncio.wait((moving, opened), return_when=asyncio.FIRST_COMPLETED)
            if self._cabinet.safe_open:
                raise CommandFailed(CompletionCode.HARDWARE_ERROR, "the safe was opened: everything stands still")
        finally:
            moving.cancel()
            opened.cancel()
