"""The engineer's command line at a machine: its services, its messages, its fault board, and a pair of hands.

``python -m tools.machine tree [HOST:PORT]`` works with any XFS4IoT host; the other commands need the simulated machine
of an installation: ``--data-dir DIR --vtm K-02`` and ``trace``, ``clear``, ``act ACTION key=value…`` or
``inject FAULT [WHEN] key=value…``.

``load-key NAME FILE`` is the host of remote key loading: it brings the key in FILE (hex digits of an AES key that opens
key blocks; made when missing) into the PIN pad, over XFS alone. Host and pad are vouched for by the simulated maker.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from common.commandline import OneLineParser
from common.errors import AppError
from devices.client.connection import ServiceConnection
from devices.client.inspection import inspect
from devices.client.remote_keys import KeyHost, load_key
from devices.hands.client import Hands
from devices.sim.epp.rsa_store import key_in
from devices.sim.main import Folders
from devices.xfs import rsa
from devices.xfs.catalogue import load
from devices.xfs.envelope import Dialect
from devices.xfs.uris import STANDARD_PORTS, service_uri


def _ready(options: argparse.Namespace) -> dict[str, Any]:
    file = Path(options.data_dir) / "devices" / options.vtm / "ready.json"
    return dict(json.loads(file.read_text(encoding="utf-8")))


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _pairs(texts: list[str]) -> dict[str, Any]:
    return {name: _value(value) for name, _, value in (text.partition("=") for text in texts)}


async def _tree(options: argparse.Namespace) -> int:
    host, ports = "127.0.0.1", STANDARD_PORTS
    if options.arguments:
        host, _, port = options.arguments[0].rpartition(":")
        ports = (int(port),)
    elif options.data_dir:
        ready = _ready(options)
        host, ports = ready["host"], (int(ready["port"]),)
    reports = await inspect(host, ports, options.dialect)
    for report in reports:
        print(f"{report.name:20} {report.device:16} {' '.join(report.interfaces)}")
    return 0 if reports else 1


def _secret(file: Path) -> bytes:
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32) + "\n")
    return bytes.fromhex(file.read_text(encoding="ascii"))


async def _load_key(options: argparse.Namespace) -> int:
    ready, folders = _ready(options), Folders(Path(options.data_dir), options.vtm)
    issuer, private = key_in(folders.issuer), key_in(folders.issuer.with_name("key-host.pem"))
    host = KeyHost(private, rsa.sign(issuer, rsa.public_der(private.public_key())), issuer.public_key())
    name, file = options.arguments
    uri = service_uri(ready["host"], int(ready["port"]), "PinPad")
    pad = await ServiceConnection.open(uri, load(), lambda _: None, Dialect(options.dialect))
    try:
        loaded = await load_key(pad, host, name, _secret(Path(file)), usage="K1", algorithm="A")
    finally:
        await pad.close()
    print(f"{name} is in {loaded.pad}, check value {loaded.check_value}")
    return 0


async def _with_hands(options: argparse.Namespace) -> int:
    ready = _ready(options)
    hands = await Hands.connect(ready["host"], int(ready["hands_port"]), ready["hands_token"])
    arguments: list[str] = options.arguments
    try:
        if options.command == "trace":
            for line in await _messages(hands):
                print(json.dumps(line, ensure_ascii=False))
        elif options.command == "clear":
            await hands.faults.clear()
        elif options.command == "act":
            print(json.dumps(await hands.act(arguments[0], **_pairs(arguments[1:])), ensure_ascii=False))
        else:
            when = _value(arguments[1]) if len(arguments) > 1 and "=" not in arguments[1] else "next"
            pairs = [text for text in arguments[1:] if "=" in text]
            await hands.faults.inject(arguments[0], when, **_pairs(pairs))
    finally:
        await hands.close()
    return 0


async def _messages(hands: Hands) -> list[dict[str, Any]]:
    """Everything the machine still remembers."""
    lines: list[dict[str, Any]] = []
    while more := await hands.trace(lines[-1]["number"] if lines else 0):
        lines += more
        if len(lines) >= 2000:
            break
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 1 when there is no machine or it refuses."""
    parser = OneLineParser(prog="python -m tools.machine", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data-dir", help="of the installation whose simulated machine is meant")
    parser.add_argument("--vtm", default="K-02", help="number of the machine")
    parser.add_argument("--dialect", choices=("spec", "kal"), default="spec", help="of the host")
    parser.add_argument("command", choices=("tree", "trace", "act", "inject", "clear", "load-key"))
    parser.add_argument("arguments", nargs="*", help="see above")
    options = parser.parse_args(arguments)
    if options.command in ("act", "inject") and not options.arguments:
        parser.error(f"{options.command} what?")
    if options.command == "load-key" and len(options.arguments) != 2:
        parser.error("load-key NAME FILE")
    if options.command != "tree" and not options.data_dir:
        parser.error("--data-dir is needed for the hands of a simulated machine")
    try:
        return asyncio.run({"tree": _tree, "load-key": _load_key}.get(options.command, _with_hands)(options))
    except AppError as error:
        print(f"{error.code} {dict(error.params)}", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"no machine: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
