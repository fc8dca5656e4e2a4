"""The outermost layer of HTTP: correlation id, body limit, security headers, request log, and the error boundary."""

import logging
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.edge.http_errors import problem
from server.edge.metrics import Metrics

log = logging.getLogger(__name__)

MAX_BODY = 256 * 1024
MAX_PICTURE = 12 * 1024 * 1024
MAX_COMPARED = 3 * 1024 * 1024
MAX_LOOKED_AT = 4 * 1024 * 1024
MAX_FRAME, MAX_CAPTURED = 512 * 1024, 6 * 1024 * 1024
"""Largest body in bytes: of a command, of ``POST …/evidence`` or ``…/liveness-film``, of a file sent to the public
page, of a picture that is only looked at, and of a frame and a picture from the customer's phone."""

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
}


def body_limit(scope: Scope) -> int:
    """Largest body of a request in bytes."""
    if scope["path"].startswith("/verify/"):
        return MAX_COMPARED
    if scope["path"].startswith("/capture/"):
        return MAX_CAPTURED if scope["path"].endswith("/picture") else MAX_FRAME
    if scope["path"].endswith("/documents/look"):
        return MAX_LOOKED_AT
    return MAX_PICTURE if scope["path"].endswith(("/evidence", "/liveness-film")) else MAX_BODY


class _Exchange:
    """One request and its response: counts what comes in, marks what goes out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._limit = body_limit(scope)
        self._read = 0
        self.correlation = uuid.uuid4().hex[:16]
        self.status = 0

    def announced_too_large(self) -> bool:
        length = Headers(scope=self._scope).get("content-length", "0")
        return not length.isdigit() or int(length) > self._limit

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > self._limit:
                raise HTTPException(413)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Correlation-Id"] = self.correlation
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


class HttpEdge:
    """Wraps the application; a broad ``except`` lives here and nowhere else in HTTP."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send)
        begun = time.perf_counter()
        try:
            if exchange.announced_too_large():
                await problem(413, "request.too_large")(scope, receive, exchange.send)
            else:
                await self._app(scope, exchange.receive, exchange.send)
        except Exception:
            log.exception("request failed", extra={"correlation": exchange.correlation})
            if exchange.status:
                raise
            bug = problem(500, "server.bug", {"correlation_id": exchange.correlation})
            await bug(scope, receive, exchange.send)
        finally:
            self._record(scope, exchange, time.perf_counter() - begun)

    def _record(self, scope: Scope, exchange: _Exchange, seconds: float) -> None:
        # The route's template, not the path: ids of cases are nobody's business in a metric's name.
        route = getattr(scope.get("route"), "path", "unmatched")
        name = f"{scope['method'] if route != 'unmatched' else 'ANY'} {route}"
        self._metrics.count(f"http {name} {exchange.status}")
        self._metrics.observe(f"http {name}", seconds)
        extra = {"route": name, "status": exchange.status, "ms": round(1000 * seconds, 1)}
        log.info("request", extra={**extra, "correlation": exchange.correlation})
