"""A loop that does one round of work whenever it is woken, or when the next deadline has come."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

RETRY_S = 1.0


class Pump:
    """Runs ``round_`` again and again; it returns the seconds until it wants to run without being woken.

    A failed round is logged and tried again after a second: dispatch must outlive a busy database.
    """

    def __init__(self, name: str, round_: Callable[[], Awaitable[float]]) -> None:
        self._name = name
        self._round = round_
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Do a round soon (on the loop). Wakes during a round cause one more."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._woken.clear()
            try:
                wait_s = await self._round()
            except Exception:
                log.exception("round failed", extra={"pump": self._name})
                wait_s = RETRY_S
            try:
                async with asyncio.timeout(max(0.0, wait_s)):
                    await self._woken.wait()
            except TimeoutError:
                continue
