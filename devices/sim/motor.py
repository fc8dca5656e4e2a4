"""Mechanics take time: the one place where the simulator waits for something to move."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

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


@dataclass(eq=False, slots=True)
class Movement:
    """One that is under way, and how much longer it takes than it should."""

    seconds: float
    more_s: float = 0.0


class WornMotor:
    """A motor on which the fault board can put its hand."""

    def __init__(self, motor: Motor, faults: FaultBoard) -> None:
        self._motor = motor
        self._faults = faults
        self._moving: list[Movement] = []
        faults.at_once("motor.slow", self._slow_now)

    def check(self) -> None:
        self._motor.check()

    async def run(self, seconds: float) -> None:
        fault = self._faults.strikes("motor.slow")
        movement = Movement(seconds)
        self._moving.append(movement)
        try:
            await self._motor.run(seconds * float(fault.params["factor"]) if fault is not None else seconds)
            while movement.more_s > 0:
                more, movement.more_s = movement.more_s, 0.0
                await self._motor.run(more)
        finally:
            self._moving.remove(movement)

    def _slow_now(self, params: Mapping[str, Any]) -> bool:
        """Whatever is under way takes longer."""
        for movement in self._moving:
            movement.more_s += movement.seconds * (float(params["factor"]) - 1)
        return bool(self._moving)
