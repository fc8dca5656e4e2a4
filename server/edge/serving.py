"""uvicorn, run by the program: a socket bound beforehand, a word when ready, an orderly end."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from common.errors import UserError
from common.settings import ServerSettings
from common.wire.signalling import MAX_BYTES

GRACE_S = 2
"""Seconds that open requests get at shutdown."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0: any free one.

    Raises:
        OSError: the port is taken or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named by protocol: asyncio sets TCP_NODELAY only on such sockets, and without it a relayed description
    # waits up to 40 ms for the client's delayed acknowledgement.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(1024)
    except OSError:
        bound.close()
        raise
    return bound


@dataclass(frozen=True)
class Certificate:
    """What the server shows for itself over TLS: PEM files, the key unencrypted."""

    chain: Path
    key: Path


def certificate_of(settings: ServerSettings) -> Certificate | None:
    """The certificate to serve with; None: plain HTTP.

    Raises:
        UserError: ``tls.no_certificate`` | ``tls.unreadable`` (``file``): missing, damaged, locked, or another's key.
    """
    if not settings.tls:
        return None
    if settings.certificate is None:
        raise UserError("tls.no_certificate")
    found = Certificate(settings.certificate, settings.key or settings.certificate)
    try:
        # An encrypted key is refused with the empty password of `str()`; else OpenSSL would wait at a terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(found.chain, found.key, password=str)
    except OSError as error:
        raise UserError("tls.unreadable", file=found.chain.name) from error
    return found


def url_of(bound: socket.socket, *, tls: bool = False) -> str:
    """Base address of a bound socket, without a slash at the end."""
    host, port = bound.getsockname()[:2]
    scheme = "https" if tls else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class ReadyServer(uvicorn.Server):
    """A uvicorn server that says when it listens. End it with SIGTERM, or ``should_exit = True``."""

    def __init__(
        self, app: FastAPI, bound: socket.socket, ready: Callable[[str], None], certificate: Certificate | None = None
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                ws="websockets-sansio",
                ws_max_size=MAX_BYTES,
                # Liveness is a matter of the protocol itself: docs/signalling.md, "Heartbeat".
                ws_ping_interval=None,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=GRACE_S,
                server_header=False,
                lifespan="on",
                ssl_certfile=certificate.chain if certificate is not None else None,
                ssl_keyfile=certificate.key if certificate is not None else None,
            )
        )
        self._bound, self._tls = bound, certificate is not None
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._ready(url_of(self._bound, tls=self._tls))

    def serve_until_told(self) -> None:
        """Run in this thread until ended; closes the socket."""
        try:
            self.run(sockets=[self._bound])
        finally:
            self._bound.close()
