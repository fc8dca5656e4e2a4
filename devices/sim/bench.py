"""What every device needs at hand."""

from dataclasses import dataclass

from devices.sim.faults import FaultBoard
from devices.sim.motor import Motor
from devices.sim.world.base import World


@dataclass(frozen=True, slots=True)
class Bench:
    """The world, the motor that moves it, and the board that spoils it."""

    world: World
    motor: Motor
    faults: FaultBoard
