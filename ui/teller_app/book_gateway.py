"""The bank's papers and registers over REST. Callbacks run on the GUI thread."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QImage

from common.wire.registers import VoucherPages
from ui.kit.client import segment
from ui.kit.picture_files import decode
from ui.kit.ports import OnError
from ui.kit.register_gateway import RegisterGateway, RegisterPort

PAGE_WIDTH = 1240
"""Pixels of a voucher's page: 150 dots an inch on A4, enough to read it on any screen and to look closer."""


class BookPort(RegisterPort, Protocol):
    """Fetches papers and registers."""

    def pages(self, case_id: str, on_ok: Callable[[int], object], on_error: OnError) -> None: ...
    def page(self, case_id: str, number: int, on_ok: Callable[[QImage], object], on_error: OnError) -> None: ...
    def copy(self, case_id: str, ordinal: int, on_ok: Callable[[bytes], object], on_error: OnError) -> None: ...


class BookGateway(RegisterGateway):
    """`BookPort` over the server."""

    def pages(self, case_id: str, on_ok: Callable[[int], object], on_error: OnError) -> None:
        """``GET /cases/{id}/voucher/pages``: how many."""

        async def ask() -> int:
            return (await self._api.get(f"/cases/{segment(case_id)}/voucher/pages", VoucherPages)).count

        self._bridge.submit(ask, on_ok, on_error, self)

    def page(self, case_id: str, number: int, on_ok: Callable[[QImage], object], on_error: OnError) -> None:
        """``GET /cases/{id}/voucher/pages/{n}``: a PNG picture, taken apart beside the window's loop."""

        async def ask() -> QImage:
            path = f"/cases/{segment(case_id)}/voucher/pages/{number}?width={PAGE_WIDTH}"
            return await asyncio.to_thread(decode, await self._api.get_bytes(path))

        self._bridge.submit(ask, on_ok, on_error, self)

    def copy(self, case_id: str, ordinal: int, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        """``GET /cases/{id}/voucher/copies/{n}``: the PDF of a copy."""
        path = f"/cases/{segment(case_id)}/voucher/copies/{ordinal}"
        self._bridge.submit(lambda: self._api.get_bytes(path), on_ok, on_error, self)
