"""Mechanics take time: the one place where the simulator waits for something to move."""

import asyncio
from typing import Protocol

from devices.sim.faults import FaultBoard


class Motor(Protocol):
    """Moves things; how long that takes is its own affair."""

    def check(self) -> None:
        """Raise `CommandFailed` when nothing can move now: for commands that ask or decide before they move."""

    async def run(self, seconds: float) -> None:
        """Return when a movement that lasts ``seconds`` in life has ended."""


class RealMotor:
    """Moves at ``speed`` times the pace of life."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed

    def check(self) -> None:
        """It always can."""

    async def run(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


class VirtualMotor:
    """Moves at once and adds up how long it would have taken."""

    def __init__(self) -> None:
        self.elapsed = 0.0

    def check(self) -> None:
        """It always can."""

    async def run(self, seconds: float) -> None:
        self.elapsed += seconds
        await asyncio.sleep(0)


class WornMotor:
    """A motor on which the fault board can put its hand."""

    def __init__(self, motor: Motor, faults: FaultBoard) -> None:
        self._motor = motor
        self._faults = faults

    def check(self) -> None:
        self._motor.check()

    async def run(self, seconds: float) -> None:
        fault = self._faults.strikes("motor.slow")
        await self._motor.run(seconds * float(fault.params["factor"]) if fault is not None else seconds)
