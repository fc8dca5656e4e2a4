"""REST to the server, on the bridge's loop: session, idempotent commands, and patience while the server is away. No Qt.

Every command carries an ``Idempotency-Key`` made once per intention. When the connection is lost the same command
is sent again with the same key until it is answered or patience ends; the server returns the stored outcome if the
first one had arrived. A conflict that says when to ask again (409, ``Retry-After``) is waited for in the same way.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from common.aio import TaskSet
from common.clock import Clock, IdSource, SystemClock, SystemIds
from common.errors import AppError, ServiceError, UserError
from common.tls import PLAIN, not_trusted
from common.wire.base import Problem
from common.wire.sessions import SessionView, SignOn

V = TypeVar("V", bound=BaseModel)
log = logging.getLogger(__name__)
_AWAY = (502, 503, 504)


SIGN_ON_WITHIN_S = 10.0
"""Somebody waits in front of an empty screen: a server that is not there is said sooner than during a case."""


@dataclass(frozen=True)
class Patience:
    """How long to go on trying: pauses from ``first_s`` doubling to ``longest_s``, giving up after ``whole_s``."""

    first_s: float = 0.2
    longest_s: float = 3.0
    whole_s: float = 120.0


def problem_of(response: httpx.Response) -> AppError:
    """The error a problem document (RFC 9457) speaks of."""
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        return ServiceError("network.bad_answer", status=response.status_code)
    kind = ServiceError if response.status_code >= 500 else UserError
    params = {k: v for k, v in problem.params.items() if k not in ("code", "retryable")}
    return kind(problem.code, retryable=problem.retryable, **params)


def _under_way(response: httpx.Response) -> float | None:
    """After how many seconds to send the same again, where the server is still at work on what it rests on."""
    said = response.headers.get("Retry-After", "") if response.status_code == HTTPStatus.CONFLICT else ""
    return float(said) if said.isdecimal() else None


class ApiClient:
    """One client of the server. Made and closed on the loop it is used on.

    Args:
        base_url: of the server, without ``/api/v1``.
        on_offline: told on the loop when the server is lost (``time.monotonic`` of that moment) and found (None).
        patience: for commands and questions that meet no server.
        tls: for an ``https`` address; see :func:`common.tls.trusting`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        on_offline: Callable[[float | None], object] | None = None,
        patience: Patience | None = None,
        clock: Clock | None = None,
        ids: IdSource | None = None,
        timeout_s: float = 10.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock, self._ids = clock or SystemClock(), ids or SystemIds()
        self._patience, self._on_offline = patience or Patience(), on_offline
        self._http = httpx.AsyncClient(
            base_url=f"{base_url}/api/v1", timeout=timeout_s, trust_env=False, verify=tls or PLAIN
        )
        self._tasks = TaskSet("api client")
        self._session: SessionView | None = None
        self._keeping: asyncio.Task[None] | None = None
        self.offline_since: float | None = None

    @property
    def session(self) -> SessionView | None:
        """Who is signed on, and the token."""
        return self._session

    async def close(self) -> None:
        """End the keeping alive of the session and close the connections."""
        await self._tasks.close()
        await self._http.aclose()

    async def sign_on(self, login: str, password: str) -> SessionView:
        """Begin a session, in place of one there was, and keep it alive until :meth:`sign_off` or :meth:`close`."""
        body = SignOn(login=login, password=SecretStr(password)).model_dump()
        content = {**body, "password": password}
        within = min(SIGN_ON_WITHIN_S, self._patience.whole_s)
        answer = await self._request("POST", "/sessions", json=content, command=True, within_s=within)
        self._session = self._read(answer, SessionView)
        if self._keeping is not None:
            self._keeping.cancel()
        self._keeping = self._tasks.spawn(self._keep_alive(), name="session refresh")
        return self._session

    async def renew(self) -> None:
        """Have the session's token renewed now.

        Raises:
            UserError: ``network.session_ended``.
            ServiceError: ``network.unreachable``.
        """
        if self._session is None:
            raise UserError("network.session_ended")
        await self._refresh()

    async def sign_off(self) -> None:
        """End the session."""
        if self._session is not None:
            await self._request("DELETE", "/sessions/current", command=True)
            self._session = None

    async def get(self, path: str, model: type[V], **query: Any) -> V:
        """Ask for a view."""
        asked = {k: v for k, v in query.items() if v is not None}
        return self._read(await self._request("GET", path, params=asked), model)

    async def get_json(self, path: str, **query: Any) -> Any:
        """Ask for plain JSON (lists)."""
        asked = {k: v for k, v in query.items() if v is not None}
        return (await self._request("GET", path, params=asked)).json()

    async def get_bytes(self, path: str) -> bytes:
        """Ask for a file: a picture, a PDF."""
        return (await self._request("GET", path)).content

    async def command(
        self,
        method: str,
        path: str,
        body: BaseModel | Mapping[str, Any] | None,
        model: type[V] | None = None,
        key: str | None = None,
    ) -> V | None:
        """Send a command (POST, PUT, DELETE).

        Args:
            key: idempotency key; None makes one. Give your own to repeat an intention after a restart.

        Raises:
            UserError, ServiceError: what the server answered; ``network.unreachable`` when patience has ended.
        """
        content = body.model_dump(mode="json") if isinstance(body, BaseModel) else body
        answer = await self._request(method, path, json=content, command=True, key=key)
        return self._read(answer, model) if model is not None else None

    async def post(
        self, path: str, body: BaseModel | Mapping[str, Any] | None, model: type[V], key: str | None = None
    ) -> V:
        """A POST command that is answered with a view."""
        answered = await self.command("POST", path, body, model, key)
        assert answered is not None
        return answered

    async def put(
        self, path: str, body: BaseModel | Mapping[str, Any] | None, model: type[V], key: str | None = None
    ) -> V:
        """A PUT command that is answered with a view."""
        answered = await self.command("PUT", path, body, model, key)
        assert answered is not None
        return answered

    async def upload(self, path: str, content: bytes, media_type: str, model: type[V], key: str | None = None) -> V:
        """Send a file as the body of a POST command."""
        answer = await self._request(
            "POST", path, content=content, headers={"Content-Type": media_type}, command=True, key=key
        )
        return self._read(answer, model)

    def _read(self, response: httpx.Response, model: type[V]) -> V:
        try:
            return model.model_validate_json(response.content)
        except ValidationError as error:
            log.error("answer not understood", extra={"model": model.__name__, "path": response.request.url.path})
            raise ServiceError("network.bad_answer", status=response.status_code) from error

    async def _request(
        self,
        method: str,
        path: str,
        *,
        command: bool = False,
        key: str | None = None,
        within_s: float | None = None,
        **parts: Any,
    ) -> httpx.Response:
        headers = dict(parts.pop("headers", {}))
        if command:
            headers["Idempotency-Key"] = key or str(self._ids.new())
        response = await self._patiently(method, path, headers, parts, within_s)
        if response.status_code == 401 and self._session is not None and path != "/sessions/refresh":
            await self._refresh()
            response = await self._patiently(method, path, headers, parts, within_s)
        if response.is_success:
            return response
        raise problem_of(response)

    async def _patiently(
        self, method: str, path: str, headers: dict[str, str], parts: dict[str, Any], within_s: float | None
    ) -> httpx.Response:
        whole = self._patience.whole_s if within_s is None else within_s
        began = self._clock.monotonic()
        pause = self._patience.first_s
        while True:
            if self._session is not None:
                headers["Authorization"] = f"Bearer {self._session.token}"
            try:
                response = await self._http.request(method, path, headers=headers, **parts)
                if response.status_code not in _AWAY or "problem+json" in response.headers.get("Content-Type", ""):
                    self._set_offline(None)
                    later = _under_way(response)
                    if later is None or self._clock.monotonic() - began + later > whole:
                        return response
                    await asyncio.sleep(later)
                    continue
                lost: Exception = ConnectionError(f"status {response.status_code}")
            except httpx.TransportError as error:
                if not_trusted(error):
                    raise ServiceError("network.not_trusted") from error
                lost = error
            now = self._clock.monotonic()
            self._set_offline(now if self.offline_since is None else self.offline_since)
            if now - began + pause > whole:
                raise ServiceError("network.unreachable") from lost
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._patience.longest_s)

    def _set_offline(self, since: float | None) -> None:
        if (since is None) != (self.offline_since is None):
            log.info("server found" if since is None else "server lost")
            self.offline_since = since
            if self._on_offline is not None:
                self._on_offline(since)

    async def _refresh(self) -> None:
        try:
            answer = await self._request("POST", "/sessions/refresh", command=True)
        except UserError as error:
            self._session = None
            raise UserError("network.session_ended") from error
        self._session = self._read(answer, SessionView)

    async def _keep_alive(self) -> None:
        while (session := self._session) is not None:
            left = session.expires_at - self._clock.now()
            await asyncio.sleep(max(1.0, (left / 2 if left > timedelta(0) else left).total_seconds()))
            if self._session is None:
                return
            try:
                await self._refresh()
            except UserError:
                log.warning("session ended")
                return
            except ServiceError as error:
                log.warning("session not refreshed", extra={"code": error.code})


def segment(value: str) -> str:
    """A value as one path segment."""
    return quote(value, safe="")
