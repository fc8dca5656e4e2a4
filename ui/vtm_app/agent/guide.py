"""The lights that lead the customer's hand: at the one place where something is to be done or taken, and nowhere else.

Green and calm where the customer acts, green and quick where something waits to be taken, red where a device failed.
A lost lamp holds up nobody: the screen says the same in words.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping

from common.wire.cases import CustomerStep
from devices.client.errors import ConnectionLost, DeviceError
from devices.client.paper import GuidanceLights, Lamp
from ui.vtm_app.agent.screen import Screen

log = logging.getLogger(__name__)
_S = CustomerStep
LIGHTS = ("cardReader", "pinPad", "notesDispenser", "billAcceptor", "receiptPrinter", "scanner")
HERE, TAKE, FAILED, OFF = Lamp("medium"), Lamp("quick"), Lamp("continuous", "red"), Lamp()
_CLOSING_S = 1.0

_LAID = (_S.LAY_ID_FRONT, _S.LAY_ID_BACK, _S.LAY_LICENCE, _S.LAY_PARTY_FRONT, _S.LAY_HOUSEHOLD_PAGE)
_GUIDED: Mapping[tuple[CustomerStep, str], tuple[str, Lamp]] = {
    (_S.INSERT_CARD, "waiting"): ("cardReader", HERE),
    **{(step, phase): ("scanner", HERE) for step in _LAID for phase in ("waiting", "looking", "guiding", "choose")},
    (_S.INSERT_CASH, "open"): ("billAcceptor", HERE),
    # Notes come back where notes are paid out.
    (_S.INSERT_CASH, "refused"): ("notesDispenser", TAKE),
    (_S.INSERT_CASH, "present"): ("notesDispenser", TAKE),
    (_S.RETURN_CASH, "present"): ("notesDispenser", TAKE),
    (_S.PIN, "typing"): ("pinPad", HERE),
    (_S.TAKE_CARD, "out"): ("cardReader", TAKE),
    (_S.TAKE_CASH, "present"): ("notesDispenser", TAKE),
    (_S.TAKE_RECEIPT, "out"): ("receiptPrinter", TAKE),
    (_S.HAND_OVER, "card"): ("cardReader", TAKE),
    (_S.GOODBYE, "card"): ("cardReader", TAKE),
    (_S.GOODBYE, "papers"): ("scanner", TAKE),
}
"""Where a step stands (see :class:`Screen`) to the light that leads there."""

_DEVICES: Mapping[CustomerStep, str] = {
    _S.INSERT_CARD: "cardReader",
    _S.TAKE_CARD: "cardReader",
    **dict.fromkeys(_LAID, "scanner"),
    _S.INSERT_CASH: "billAcceptor",
    _S.STORE_CASH: "billAcceptor",
    _S.RETURN_CASH: "notesDispenser",
    _S.TAKE_CASH: "notesDispenser",
    _S.PIN: "pinPad",
    _S.TAKE_RECEIPT: "receiptPrinter",
}


def lamps_for(screen: Screen) -> dict[str, Lamp]:
    """How every light shines while this is on the screen: at most one of them."""
    lamps = dict.fromkeys(LIGHTS, OFF)
    if screen.step is None:
        return lamps
    guided = _GUIDED.get((screen.step, screen.phase))
    if guided is not None:
        light, lamp = guided
        lamps[light] = lamp
    elif screen.step in _DEVICES and isinstance(screen.problem, DeviceError):
        lamps[_DEVICES[screen.step]] = FAILED
    return lamps


class Guide:
    """Keeps the machine's lights as the screen asks. Lives in one event loop.

    Args:
        lights: the lights of the connected machine; ConnectionLost without one.
    """

    def __init__(self, lights: Callable[[], GuidanceLights]) -> None:
        self._lights = lights
        self._wanted = dict.fromkeys(LIGHTS, OFF)
        self._shining: dict[str, Lamp] | None = None
        self._news = asyncio.Event()

    def follow(self, screen: Screen) -> None:
        """This is on the screen now. Returns at once; of several only the newest counts."""
        if not screen.machine_ready:
            # Nobody knows what shines on a machine that was away.
            self._shining = None
        self._wanted = lamps_for(screen)
        if screen.machine_ready and self._wanted != self._shining:
            self._news.set()

    async def run(self) -> None:
        """Switch what has to be switched, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self._switch(self._wanted)

    async def _switch(self, wanted: dict[str, Lamp]) -> None:
        before = self._shining or {}
        changed = {light: lamp for light, lamp in wanted.items() if before.get(light) != lamp}
        if not changed:
            return
        try:
            await self._lights().set(changed)
        except (DeviceError, ConnectionLost) as error:
            self._shining = None
            log.info("lights not switched", extra={"code": error.code})
        else:
            self._shining = wanted

    async def close(self) -> None:
        """All dark, if the machine still answers."""
        try:
            async with asyncio.timeout(_CLOSING_S):
                await self._switch(dict.fromkeys(LIGHTS, OFF))
        except TimeoutError:
            log.info("lights not switched off")
