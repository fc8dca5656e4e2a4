"""The bank's papers and registers over REST. Callbacks run on the GUI thread."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Protocol
from urllib.parse import urlencode

from pydantic import BaseModel
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from common.wire.registers import RegisterPage, RegisterRow, SealPermissionView, VoucherPages
from ui.kit.bridge import AsyncBridge
from ui.kit.client import ApiClient, segment
from ui.kit.ports import OnError

PAGE_WIDTH = 1240
"""Pixels of a voucher's page: 150 dots an inch on A4, enough to read it on any screen and to look closer."""


class BookPort(Protocol):
    """Fetches papers and registers."""

    def pages(self, case_id: str, on_ok: Callable[[int], object], on_error: OnError) -> None: ...
    def page(self, case_id: str, number: int, on_ok: Callable[[QImage], object], on_error: OnError) -> None: ...
    def copy(self, case_id: str, ordinal: int, on_ok: Callable[[bytes], object], on_error: OnError) -> None: ...
    def lines(
        self,
        register: str,
        text: str,
        since: date | None,
        before: int | None,
        on_ok: Callable[[RegisterPage], object],
        on_error: OnError,
    ) -> None: ...
    def file(
        self,
        register: str,
        text: str,
        since: date | None,
        form: str,
        on_ok: Callable[[bytes], object],
        on_error: OnError,
    ) -> None: ...
    def write(self, path: str, body: BaseModel, on_ok: Callable[[RegisterRow], object], on_error: OnError) -> None: ...
    def permissions(self, on_ok: Callable[[list[SealPermissionView]], object], on_error: OnError) -> None: ...


class BookGateway(QObject):
    """`BookPort` over the server."""

    def __init__(self, bridge: AsyncBridge, api: ApiClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._api = bridge, api

    def pages(self, case_id: str, on_ok: Callable[[int], object], on_error: OnError) -> None:
        """``GET /cases/{id}/voucher/pages``: how many."""

        async def ask() -> int:
            return (await self._api.get(f"/cases/{segment(case_id)}/voucher/pages", VoucherPages)).count

        self._bridge.submit(ask, on_ok, on_error, self)

    def page(self, case_id: str, number: int, on_ok: Callable[[QImage], object], on_error: OnError) -> None:
        """``GET /cases/{id}/voucher/pages/{n}``: a PNG picture, taken apart beside the window's loop."""

        async def ask() -> QImage:
            path = f"/cases/{segment(case_id)}/voucher/pages/{number}?width={PAGE_WIDTH}"
            return await asyncio.to_thread(QImage.fromData, await self._api.get_bytes(path))

        self._bridge.submit(ask, on_ok, on_error, self)

    def copy(self, case_id: str, ordinal: int, on_ok: Callable[[bytes], object], on_error: OnError) -> None:
        """``GET /cases/{id}/voucher/copies/{n}``: the PDF of a copy."""
        path = f"/cases/{segment(case_id)}/voucher/copies/{ordinal}"
        self._bridge.submit(lambda: self._api.get_bytes(path), on_ok, on_error, self)

    def lines(
        self,
        register: str,
        text: str,
        since: date | None,
        before: int | None,
        on_ok: Callable[[RegisterPage], object],
        on_error: OnError,
    ) -> None:
        """``GET /registers/{register}``: a page, newest first."""
        path = f"/registers/{segment(register)}"
        asked = {"q": text or None, "since": since.isoformat() if since else None, "before": before}
        self._bridge.submit(lambda: self._api.get(path, RegisterPage, **asked), on_ok, on_error, self)

    def file(
        self,
        register: str,
        text: str,
        since: date | None,
        form: str,
        on_ok: Callable[[bytes], object],
        on_error: OnError,
    ) -> None:
        """``GET /registers/{register}/export``: CSV or XLSX."""
        asked = {"q": text, "form": form} | ({"since": since.isoformat()} if since else {})
        path = f"/registers/{segment(register)}/export?{urlencode(asked)}"
        self._bridge.submit(lambda: self._api.get_bytes(path), on_ok, on_error, self)

    def write(self, path: str, body: BaseModel, on_ok: Callable[[RegisterRow], object], on_error: OnError) -> None:
        """``POST /registers/{path}``: a line is added."""
        self._bridge.submit(lambda: self._api.post(f"/registers/{path}", body, RegisterRow), on_ok, on_error, self)

    def permissions(self, on_ok: Callable[[list[SealPermissionView]], object], on_error: OnError) -> None:
        """``GET /seals/permissions``: every parameter in force."""

        async def ask() -> list[SealPermissionView]:
            return [SealPermissionView.model_validate(one) for one in await self._api.get_json("/seals/permissions")]

        self._bridge.submit(ask, on_ok, on_error, self)
