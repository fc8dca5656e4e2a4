"""The engineer's command line at a machine: its services, its messages, its fault board, and a pair of hands.

``python -m tools.machine tree [HOST:PORT]`` works with any XFS4IoT host; the other commands need the simulated machine
of an installation: ``--data-dir DIR --vtm K-02`` and ``trace``, ``clear``, ``act ACTION key=value…`` or
``inject FAULT [WHEN] key=value…``.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from common.errors import AppError
from devices.client.inspection import inspect
from devices.hands.client import Hands
from devices.xfs.uris import STANDARD_PORTS


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
    parser = argparse.ArgumentParser(prog="python -m tools.machine", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data-dir", help="of the installation whose simulated machine is meant")
    parser.add_argument("--vtm", default="K-02", help="number of the machine")
    parser.add_argument("--dialect", choices=("spec", "kal"), default="spec", help="of the host")
    parser.add_argument("command", choices=("tree", "trace", "act", "inject", "clear"))
    parser.add_argument("arguments", nargs="*", help="see above")
    options = parser.parse_args(arguments)
    if options.command in ("act", "inject") and not options.arguments:
        parser.error(f"{options.command} what?")
    if options.command != "tree" and not options.data_dir:
        parser.error("--data-dir is needed for the hands of a simulated machine")
    try:
        return asyncio.run(_tree(options) if options.command == "tree" else _with_hands(options))
    except AppError as error:
        print(f"{error.code} {dict(error.params)}", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"no machine: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
