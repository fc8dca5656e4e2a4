"""The WebSocket host: the publisher and the services behind one port (chapter 1 of the standard)."""

import errno
import http
import itertools
import logging
from collections.abc import Mapping, Sequence
from typing import ClassVar

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from common.errors import ServiceError
from devices.sim.connection import Connection
from devices.sim.faults import FaultBoard
from devices.sim.interface import Handler, Interface, Running
from devices.sim.service import Service
from devices.sim.trace import Trace
from devices.xfs.catalogue import Catalogue
from devices.xfs.envelope import Dialect, Payload
from devices.xfs.uris import BASE_PATH, STANDARD_PORTS, service_uri

log = logging.getLogger(__name__)
_LARGEST_FRAME = 16 * 1024 * 1024  # above MAX_MESSAGE_BYTES, so that a too large command still gets its answer
VENDOR = "Guitai"


class Publisher(Interface):
    """``ServicePublisher``: tells where the services are."""

    name: ClassVar[str] = "ServicePublisher"
    immediate: ClassVar[frozenset[str]] = frozenset({"GetServices"})
    listed: ClassVar[bool] = False  # no value of the standard's enumeration; clients know it by its address

    def __init__(self) -> None:
        super().__init__()
        self.uris: list[str] = []

    def commands(self) -> Mapping[str, Handler]:
        return {"GetServices": self._get_services}

    async def _get_services(self, _: Running) -> Payload:
        return {"vendorName": VENDOR, "services": [{"serviceURI": uri} for uri in self.uris]}


class Host:
    """Serves one machine's services on one port of the loopback or another address."""

    def __init__(
        self,
        services: Sequence[Service],
        catalogue: Catalogue,
        faults: FaultBoard,
        *,
        trace: Trace,
        dialect: Dialect = Dialect.SPEC,
    ) -> None:
        self._publisher = Publisher()
        self._services = {service.name: service for service in services}
        self._publishing = Service("publisher", (self._publisher,), catalogue, faults)
        self._trace = trace
        self._dialect = dialect
        self._server: Server | None = None
        self._serial = itertools.count(1)
        self.port = 0

    async def start(self, host: str, port: int = 0) -> int:
        """Listen on ``port``, or with 0 on the first free one of the standard's; returns the port.

        Raises:
            ServiceError: ``devices.no_port``, nothing was free.
        """
        for candidate in (port,) if port else STANDARD_PORTS:
            try:
                self._server = await self._listen(host, candidate)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            self.port = candidate
            break
        if self._server is None:
            raise ServiceError("devices.no_port", port=port)
        self._publisher.uris = [service_uri(host, self.port, name) for name in self._services]
        for service in (self._publishing, *self._services.values()):
            service.start()
        return self.port

    async def _listen(self, host: str, port: int) -> Server:
        return await serve(
            self._serve,
            host,
            port,
            compression=None,
            max_size=_LARGEST_FRAME,
            process_request=self._check_request,
            ping_interval=20,
            ping_timeout=60,
            close_timeout=1,
        )

    def _service_at(self, path: str) -> Service | None:
        if not path.startswith(BASE_PATH):
            return None
        name = path[len(BASE_PATH) :].strip("/")
        return self._publishing if not name else self._services.get(name)

    def _check_request(self, connection: ServerConnection, request: Request) -> Response | None:
        if "websocket" not in request.headers.get("Upgrade", "").lower():
            return connection.respond(http.HTTPStatus.BAD_REQUEST, "This is an XFS4IoT service: WebSocket only.\n")
        if self._service_at(request.path) is None:
            return connection.respond(http.HTTPStatus.NOT_FOUND, "No such service.\n")
        return None

    async def _serve(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        service = self._service_at(socket.request.path)
        assert service is not None
        name = f"{service.name}-{next(self._serial)}"
        await Connection(name, socket, service, self._trace, self._dialect).serve()

    async def close(self) -> None:
        """Close every connection and stop every service."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        for service in (self._publishing, *self._services.values()):
            await service.close()
