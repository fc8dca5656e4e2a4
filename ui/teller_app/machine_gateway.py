"""One machine opened up over REST: what lies where, and orders to it. Callbacks run on the GUI thread."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from common.wire.machine import GiveOrder, MachineDetail, OrderView
from ui.kit.bridge import AsyncBridge
from ui.kit.client import ApiClient, segment
from ui.kit.ports import OnError


class MachinePort(Protocol):
    """Looks at machines and orders them."""

    def detail(self, number: str, on_ok: Callable[[MachineDetail], object], on_error: OnError) -> None: ...
    def give(
        self, number: str, body: GiveOrder, on_ok: Callable[[OrderView], object], on_error: OnError
    ) -> None: ...  # fmt: skip


class MachineGateway(QObject):
    """`MachinePort` over the server."""

    def __init__(self, bridge: AsyncBridge, api: ApiClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._api = bridge, api

    def detail(self, number: str, on_ok: Callable[[MachineDetail], object], on_error: OnError) -> None:
        """``GET /machines/{number}``."""
        path = f"/machines/{segment(number)}"
        self._bridge.submit(lambda: self._api.get(path, MachineDetail), on_ok, on_error, self)

    def give(self, number: str, body: GiveOrder, on_ok: Callable[[OrderView], object], on_error: OnError) -> None:
        """``POST /machines/{number}/orders``."""
        path = f"/machines/{segment(number)}/orders"
        self._bridge.submit(lambda: self._api.post(path, body, OrderView), on_ok, on_error, self)
