"""The registers over REST, for every window that shows them. Callbacks run on the GUI thread."""

from collections.abc import Callable
from datetime import date
from typing import Protocol
from urllib.parse import urlencode

from pydantic import BaseModel
from PySide6.QtCore import QObject

from common.wire.companies import Agenda
from common.wire.registers import RegisterPage, RegisterRow, SealPermissionView
from ui.kit.bridge import AsyncBridge
from ui.kit.client import ApiClient, segment
from ui.kit.ports import OnError


class RegisterPort(Protocol):
    """Fetches registers and what stands beside them."""

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
    def agenda(self, on_ok: Callable[[Agenda], object], on_error: OnError) -> None: ...


class RegisterGateway(QObject):
    """`RegisterPort` over the server."""

    def __init__(self, bridge: AsyncBridge, api: ApiClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._api = bridge, api

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

    def agenda(self, on_ok: Callable[[Agenda], object], on_error: OnError) -> None:
        """``GET /companies/agenda``: calls and reviews of the days to come."""
        self._bridge.submit(lambda: self._api.get("/companies/agenda", Agenda), on_ok, on_error, self)
