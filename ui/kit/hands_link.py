"""The hands on the bridge's loop, seen from the panel: views come in, actions go out, a lost machine is looked for."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from common.aio import cancel_and_wait
from common.errors import AppError, ServiceError
from devices.hands.client import Hands
from ui.kit.bridge import AsyncBridge
from ui.kit.local_machine import Simulator

log = logging.getLogger(__name__)
AGAIN_S = 1.0


class HandsLink(QObject):
    """Lives on the GUI thread.

    Args:
        find: where the simulated machine is now; None while it does not run.

    Signals:
        viewed(object): a `HandsView`, or None when the machine is gone. failed(object): an `AppError`.
    """

    viewed = Signal(object)
    failed = Signal(object)

    def __init__(
        self, bridge: AsyncBridge, find: Callable[[], Simulator | None], parent: QObject | None = None
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._bridge, self._find = bridge, find
        self._hands: Hands | None = None
        self._task: asyncio.Task[None] | None = None
        bridge.call_soon(self._begin)
        bridge.on_close(self._close)

    # --- on the loop -------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(), name="hands link")

    async def _run(self) -> None:
        while True:
            simulator = self._find()
            if simulator is not None:
                try:
                    await self._follow(simulator)
                except AppError as error:
                    log.info("hands not connected", extra={"code": error.code})
            self._bridge.emit_to_gui(lambda: self.viewed.emit(None), self)
            await asyncio.sleep(AGAIN_S)

    async def _follow(self, simulator: Simulator) -> None:
        hands = await Hands.connect(simulator.host, simulator.hands_port, simulator.hands_token)
        self._hands = hands
        try:
            async for view in hands.watch():
                self._bridge.emit_to_gui(lambda view=view: self.viewed.emit(view), self)  # type: ignore[misc]
        finally:
            self._hands = None
            await hands.close()

    async def _close(self) -> None:
        if self._task is not None:
            await cancel_and_wait(self._task)

    async def _do(self, work: Callable[[Hands], Coroutine[Any, Any, object]]) -> None:
        hands = self._hands
        if hands is None:
            raise ServiceError("hands.unreachable")
        await work(hands)

    # --- on the GUI thread -------------------------------------------------------------------------------------

    def act(self, work: Callable[[Hands], Coroutine[Any, Any, object]]) -> None:
        """Do something by hand; what cannot be done is told by ``failed``."""
        self._bridge.submit(lambda: self._do(work), on_error=self.failed.emit, owner=self)
