"""What lets nothing move, a door that is open or power that is gone: a movement under way stops where it is."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devices.sim.interface import Running
from devices.sim.motor import Motor
from devices.sim.world.base import World
from devices.xfs.codes import CommandFailed, CompletionCode

_WORDS = {"safe": "safeDoorOpen"}


@dataclass(frozen=True, slots=True)
class Halt:
    """A reason why nothing moves.

    Args:
        holds: whether it is there now.
        before: what is said of a movement that cannot begin.
        during: what is said of one that it ended.
        word: the standard's own for it; some commands have it among their error codes.
    """

    holds: Callable[[], bool]
    before: str
    during: str
    word: str | None = None


def door(name: str, is_open: Callable[[], bool]) -> Halt:
    """The switch at a door."""
    return Halt(
        is_open, f"the {name} is open", f"the {name} was opened: everything stands still", _WORDS.get(name)
    )  # fmt: skip


def supply(powered: Callable[[], bool]) -> Halt:
    """The current of the motors."""
    return Halt(lambda: not powered(), "there is no power", "the power went away: everything stands still")


class Interlock:
    """A motor that stands still for some reasons."""

    def __init__(self, motor: Motor, world: World, halts: Sequence[Halt]) -> None:
        self._motor = motor
        self._world = world
        self._halts = tuple(halts)

    def _now(self) -> Halt | None:
        return next((halt for halt in self._halts if halt.holds()), None)

    def check(self) -> None:
        """Look before anybody is asked for anything.

        Raises:
            CommandFailed: ``deviceNotReady``, nothing moves now; ``safeDoorOpen`` from commands that have it.
        """
        halt = self._now()
        if halt is not None:
            raise CommandFailed(CompletionCode.DEVICE_NOT_READY, halt.before, better=halt.word)
        self._motor.check()

    async def run(self, seconds: float) -> None:
        """Move, unless something halts it now or meanwhile.

        Raises:
            CommandFailed: see :meth:`check`; ``hardwareError``, it stopped on its way.
        """
        self.check()
        halted: list[Halt] = []  # remembered: the reason may have passed again by the time that this is told of it

        def halts() -> bool:
            halt = self._now()
            if halt is not None:
                halted.append(halt)
            return bool(halted)

        moving = asyncio.ensure_future(self._motor.run(seconds))
        stopped = asyncio.ensure_future(self._world.until(halts))
        try:
            await asyncio.wait((moving, stopped), return_when=asyncio.FIRST_COMPLETED)
            if halts():
                raise CommandFailed(CompletionCode.HARDWARE_ERROR, halted[0].during)
        finally:
            moving.cancel()
            stopped.cancel()


async def ask(running: Running, world: World, motor: Motor, holds: Callable[[], bool]) -> None:
    """Wait for what a person is asked to do, as long as what comes of it can move.

    Raises:
        CommandFailed: the command was stopped; or nothing moves any more, as :meth:`Motor.check` says it.
    """
    halted: list[CommandFailed] = []  # remembered: the reason may have passed again by the time that this is told of it

    def over() -> bool:
        try:
            motor.check()
        except CommandFailed as failure:
            halted.append(failure)
        return bool(halted) or holds()

    await running.wait(world.until(over))
    if halted and not holds():
        raise halted[0]
