"""Guidance lights at card reader, PIN pad, cash slots, printer and document glass."""

from collections.abc import Mapping
from typing import ClassVar

from devices.sim.interface import Handler, Interface, Running
from devices.sim.world.base import Action, Part, World
from devices.xfs.codes import refused
from devices.xfs.envelope import Payload

LIGHTS = ("cardReader", "pinPad", "notesDispenser", "billAcceptor", "receiptPrinter", "scanner")
POSITION = "center"
COLORS = ("green", "red")
_OFF: Mapping[str, str] = {"flashRate": "off"}


class Lamps(Part):
    """What shines: for each lamp its flash rate and, unless it is off, its colour."""

    name = "lamps"

    def __init__(self) -> None:
        self.states: dict[str, Mapping[str, str]] = dict.fromkeys(LIGHTS, _OFF)

    def view(self) -> Payload:
        return {light: f"{state.get('color', '')} {state['flashRate']}".strip() for light, state in self.states.items()}

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
        wanted: dict[str, Mapping[str, str]] = {}
        for light, positions in running.payload.items():
            if light not in self._lamps.states or positions.keys() != {POSITION}:
                raise refused("invalidLight")
            wanted[light] = _state(positions[POSITION])
        self._lamps.states.update(wanted)
        self._world.changed()

    def status(self) -> Payload:
        return {"lights": {light: {POSITION: dict(state)} for light, state in self._lamps.states.items()}}

    def capabilities(self) -> Payload:
        rates = dict.fromkeys(("off", "slow", "medium", "quick", "continuous"), True)
        one = {"flashRate": rates, "color": dict.fromkeys(COLORS, True)}
        return {"lights": {"individualFlashRates": True, "lights": {light: {POSITION: one} for light in LIGHTS}}}


def _state(asked: Mapping[str, str]) -> Mapping[str, str]:
    """The lamp as it will shine; green unless another colour is asked for."""
    rate, color = asked.get("flashRate", "off"), asked.get("color", COLORS[0])
    if color not in COLORS:
        raise refused("invalidLight")
    return {"flashRate": rate, "color": color} if rate != "off" else _OFF
