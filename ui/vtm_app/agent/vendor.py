"""Vendor mode as the kiosk's program takes part in it: it agrees when nobody is served, and serves nobody meanwhile.

The machine asks every registered program before a service engineer has it to himself; while he has, it refuses what is
no maintenance, so that nothing may be begun here.
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from devices.client.connection import ServiceConnection
from devices.client.errors import ConnectionLost, DeviceError
from devices.client.machine import DeviceEvent, Machine

log = logging.getLogger(__name__)
SERVICE = "VendorMode"
APPLICATION = "kiosk"
_ASKED = f"{SERVICE}.EnterModeRequestEvent"
_OVER = f"{SERVICE}.ExitModeRequestEvent"
_STATES = {f"{SERVICE}.ModeEnteredEvent": "active", f"{SERVICE}.ModeExitedEvent": "inactive"}


class VendorWatch:
    """Lives on the loop.

    Args:
        machine: the connected one; ConnectionLost without one.
        show: changes the screen (``maintained``). spawn: lets a coroutine run by itself.
        back: called when the machine is the kiosk's again.
        at_rest: whether nobody is served and nothing is being finished.
    """

    def __init__(
        self,
        machine: Callable[[], Machine],
        show: Callable[..., None],
        spawn: Callable[[Coroutine[Any, Any, None], str], None],
        back: Callable[[], Awaitable[None]],
        at_rest: Callable[[], bool],
    ) -> None:
        self._machine, self._show, self._spawn, self._back, self._at_rest = machine, show, spawn, back, at_rest
        self._registered: ServiceConnection | None = None
        self._asked = self._away = False

    async def keep_registered(self) -> None:
        """Register on a connection that is new, and learn what was said before it. A machine may know no such mode."""
        found = self._machine().service_for(SERVICE)
        if found is None or found.connection is self._registered:
            return
        try:
            await found.connection.command(f"{SERVICE}.Register", {"appName": APPLICATION}, timeout_s=5.0)
            status = await found.connection.command("Common.Status", timeout_s=5.0)
        except (DeviceError, ConnectionLost) as error:
            log.info("not registered for vendor mode", extra={"code": error.code})
            return
        self._registered = found.connection
        await self._now(str(status.get("vendorMode", {}).get("service", "inactive")))

    def told(self, event: DeviceEvent) -> None:
        """Whatever the machine says; what is not about vendor mode is left alone."""
        if event.name == _ASKED:
            self._spawn(self._now("enterPending"), "vendor mode")
        elif event.name == _OVER:
            self._spawn(self._now("exitPending"), "vendor mode")
        elif event.name in _STATES:
            self._spawn(self._now(_STATES[event.name]), "vendor mode")

    async def _now(self, state: str) -> None:
        self._asked = state == "enterPending"
        if state == "exitPending":
            await self._acknowledge("Exit")
        elif state == "enterPending":
            await self.agree()
        else:
            await self._turned(state == "active")

    async def _turned(self, away: bool) -> None:
        before, self._away = self._away, away
        self._show(maintained=away)
        if before and not away:
            await self._back()

    async def agree(self) -> None:
        """The engineer may have the machine once nobody is served: asked when a visit has ended, too."""
        if self._asked and not self._away and self._at_rest():
            self._asked, self._away = False, True
            self._show(maintained=True)
            await self._acknowledge("Enter")

    async def _acknowledge(self, way: str) -> None:
        found = self._machine().service_for(SERVICE)
        try:
            if found is not None:
                await found.connection.command(f"{SERVICE}.{way}ModeAcknowledge", timeout_s=5.0)
        except (DeviceError, ConnectionLost) as error:
            if error.code == "device.wrong_state":
                return  # agreed to already: asked by an event and found in the status
            log.warning("vendor mode not agreed to", extra={"code": error.code})
