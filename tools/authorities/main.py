"""``guitai authorities``: the simulated authorities as one process with an HTTP service for each."""

import hmac
import json
import logging
import os
import secrets
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from tools.authorities.register import Register
from tools.authorities.source import TERMS, Faults, Reply, Source

log = logging.getLogger(__name__)
MAX_BODY = 64 * 1024
_HANG_S = 30.0


class Authorities:
    """All sources behind one port of the loopback; ``POST /<source>/check``, ``PUT /<source>/faults``.

    Args:
        register: file of the people the authorities know; None: the demo's two, without portraits.
    """

    def __init__(self, register: Path | None, port: int = 0) -> None:
        known = Register(register)
        self.sources = {terms.name: Source(terms, known) for terms in TERMS}
        self.keys = {name: secrets.token_urlsafe(24) for name in self.sources}
        self.token = secrets.token_urlsafe(24)
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", port), _Handler, self)
        self._thread = threading.Thread(target=self._server.serve_forever, name="authorities", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def write(self, file: Path) -> None:
        """The bank's file of its sources (mode 0600: keys), and beside it the token for faults."""
        file.parent.mkdir(parents=True, exist_ok=True)
        listed = [source.terms.listed(self.url, self.keys[name]) for name, source in self.sources.items()]
        _write(file, {"sources": listed})
        _write(file.with_name("faults.json"), {"url": self.url, "token": self.token})


def _write(file: Path, said: Mapping[str, Any]) -> None:
    draft = file.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(said, stream, ensure_ascii=False, indent=1)
    draft.replace(file)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], owner: Authorities) -> None:
        self.owner = owner
        super().__init__(address, handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 15.0

    @property
    def owner(self) -> Authorities:
        return cast(_Server, self.server).owner

    def do_POST(self) -> None:
        """A question."""
        name, _, verb = self.path.strip("/").partition("/")
        source, body = self.owner.sources.get(name), self._body()
        if source is None or verb != "check" or body is None:
            self._send(Reply(404))
        elif not self._bears(self.owner.keys[name]):
            self._send(Reply(401, {"error": "key"}))
        elif source.faults.down:
            self.owner.closing.wait(_HANG_S)
            self.close_connection = True
        else:
            self._send(source.answer(body))

    def do_PUT(self) -> None:
        """Something goes wrong from now on, or not any more: fields of :class:`Faults`; those not named are well."""
        name, _, verb = self.path.strip("/").partition("/")
        source, body = self.owner.sources.get(name), self._body()
        known = {one.name for one in fields(Faults)}
        if source is None or verb != "faults" or body is None or not set(body) <= known:
            self._send(Reply(404))
        elif not self._bears(self.owner.token):
            self._send(Reply(401, {"error": "token"}))
        else:
            if "latency_ms" in body:
                body["latency_ms"] = tuple(body["latency_ms"])
            source.faults = Faults(**body)
            self._send(Reply(200, asdict(source.faults)))

    def _bears(self, key: str) -> bool:
        return hmac.compare_digest(self.headers.get("Authorization", ""), f"Bearer {key}")

    def _body(self) -> dict[str, Any] | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            return None
        try:
            said = json.loads(self.rfile.read(int(length)))
        except ValueError:
            return None
        return said if isinstance(said, dict) else None

    def _send(self, reply: Reply) -> None:
        content = json.dumps(reply.body or {}, ensure_ascii=False).encode()
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Questions name people: none of it goes into a log."""


def sources_file(data_dir: Path) -> Path:
    """Where the bank's file of its sources lies."""
    return data_dir / "authorities" / "sources.json"


def run(data_dir: Path, register: Path | None, port: int, ready: Callable[[str], None]) -> int:
    """Serve until SIGTERM or SIGINT; the exit status.

    Args:
        register: people, read now; None: those that the demo writes down, whenever it does.

    Raises:
        UserError: ``authorities.bad_register`` (``file``).
    """
    if register is not None:
        Register(register).check()
    authorities = Authorities(register or data_dir / "props" / "register.json", port)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    authorities.start()
    authorities.write(sources_file(data_dir))
    ready(authorities.url)
    stop.wait()
    authorities.close()
    log.info("authorities stopped")
    return 0
