"""The transport of the notes: what moves while it jams stops where it is."""

from devices.sim.motor import Motor
from devices.sim.world.cash import CashPlaces
from devices.xfs.codes import CommandFailed, CompletionCode


class Transport:
    """A motor whose movements end with the jam that comes during them; a Reset moves what is jammed already."""

    def __init__(self, motor: Motor, places: CashPlaces) -> None:
        self._motor, self._places = motor, places

    def check(self) -> None:
        self._motor.check()

    async def run(self, seconds: float) -> None:
        """Move.

        Raises:
            CommandFailed: ``hardwareError``, it jammed meanwhile.
        """
        before = self._places.transport_jammed
        await self._motor.run(seconds)
        if self._places.transport_jammed and not before:
            raise CommandFailed(CompletionCode.HARDWARE_ERROR, "the transport has jammed")
