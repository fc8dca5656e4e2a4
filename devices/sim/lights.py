"""Guidance lights at card reader, PIN pad, cash slots, printer and document glass."""

from collections.abc import Mapping
from typing import ClassVar

from devices.sim.interface import Handler, Interface, Running
from devices.sim.world.base import Action, Part, World
from devices.xfs.codes import refused
from devices.xfs.envelope import Payload

LIGHTS = ("cardReader", "pinPad", "notesDispenser", "billAcceptor", "receiptPrinter", "scanner")
POSITION = "center"


class Lamps(Part):
    """What shines."""

    name = "lamps"

    def __init__(self) -> None:
        self.rates: dict[str, str] = dict.fromkeys(LIGHTS, "off")

    def view(self) -> Payload:
        return dict(self.rates)

    def actions(self) -> Mapping[str, Action]:
        return {}


class Lights(Interface):
    """Switches the lamps."""

    name: ClassVar[str] = "Lights"

    def __init__(self, world: World, lamps: Lamps) -> None:
        super().__init__()
        self._world = world
        self._lamps = lamps

    def commands(self) -> Mapping[str, Handler]:
        return {"SetLight": self._set}

    async def _set(self, running: Running) -> None:
        wanted: dict[str, str] = {}
        for light, positions in running.payload.items():
            if light not in self._lamps.rates or positions.keys() != {POSITION}:
                raise refused("invalidLight")
            wanted[light] = positions[POSITION].get("flashRate", "off")
        self._lamps.rates.update(wanted)
        self._world.changed()

    def status(self) -> Payload:
        return {"lights": {light: {POSITION: {"flashRate": rate}} for light, rate in self._lamps.rates.items()}}

    def capabilities(self) -> Payload:
        rates = dict.fromkeys(("off", "slow", "medium", "quick", "continuous"), True)
        return {
            "lights": {
                "individualFlashRates": True,
                "lights": {light: {POSITION: {"flashRate": rates}} for light in LIGHTS},
            }
        }
