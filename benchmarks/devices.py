"""The simulated VTM on the wire, beside a bare WebSocket echo in the same run.

``python -m benchmarks.devices --commands 3000 --json``. One process, loopback, no compression on either side.

- latency: one ``Common.Status`` at a time; from writing the command to reading its acknowledge, and to
  reading its completion. Bare: from writing the same text to reading it back.
- throughput: commands in flight on several connections to one service; messages per second counts
  commands, acknowledges and completions, by the clock and by processor time (of both ends, which are one
  process: what a busy machine leaves us does not count). Bare: messages sent and echoed on as many connections.

``ratios`` are ours divided by bare, ``goals`` what was promised. A goal that was missed is one line on the error output
and in ``missed``, and the exit status is 1.

``--vtms 500 --seconds 60``: so many machines in one process, each with a customer a minute
(:mod:`benchmarks.device_fleet`).
``--fuzz 3600 --seed 7``: a client that does everything wrong, for so many seconds by the clock on the wall
(:mod:`benchmarks.device_fuzz`); it ends with 1 as soon as a promise is broken. ``commands`` are the kinds that were
completed at least once, ``memory_mib`` what the process held once warm and at the end.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from benchmarks.device_fleet import fleet
from benchmarks.device_fuzz import BrokenPromise, fuzz
from common.commandline import OneLineParser
from devices.sim.main import Folders, Vtm
from devices.sim.motor import VirtualMotor
from devices.xfs.uris import service_uri

SERVICE = "CashRecycler"
IN_FLIGHT = 16
ACKNOWLEDGE_P95_MS = 5.0
MESSAGES_PER_S = 2000.0
CORES = 1.0
"""Of all the machines of a fleet together: 500, each with a customer a minute."""


def _command(number: int) -> str:
    header = {"type": "command", "name": "Common.Status", "version": "2.0", "requestId": number, "timeout": 5000}
    return json.dumps({"header": header})


def _percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50_ms": round(ordered[len(ordered) // 2] * 1000, 3),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 3),
    }


async def _latency(uri: str, commands: int, answers: int) -> list[dict[str, float]]:
    """Percentiles of the time to each of the answers to one command."""
    times: list[list[float]] = [[] for _ in range(answers)]
    async with connect(uri, compression=None, proxy=None) as socket:
        for number in range(1, commands + 1):
            started = time.perf_counter()
            await socket.send(_command(number))
            for times_of_answer in times:
                await socket.recv()
                times_of_answer.append(time.perf_counter() - started)
    return [_percentiles(each) for each in times]


async def _pump(socket: ClientConnection, commands: int, answers: int) -> None:
    sent = received = 0
    while received < commands * answers:
        while sent < commands and sent - received // answers < IN_FLIGHT:
            sent += 1
            await socket.send(_command(sent))
        await socket.recv()
        received += 1


async def _throughput(uri: str, commands: int, answers: int, connections: int) -> tuple[float, float]:
    """Messages per second, both ways together: by the clock, and by processor time."""
    sockets = [await connect(uri, compression=None, proxy=None) for _ in range(connections)]
    started, busy = time.perf_counter(), time.process_time()
    await asyncio.gather(*(_pump(socket, commands // connections, answers) for socket in sockets))
    elapsed, busy = time.perf_counter() - started, time.process_time() - busy
    await asyncio.gather(*(socket.close() for socket in sockets))
    messages = commands // connections * connections * (1 + answers)
    return round(messages / elapsed, 1), round(messages / busy, 1)


async def _measure(uri: str, options: argparse.Namespace, answers: int) -> dict[str, Any]:
    await _latency(uri, 100, answers)
    latency = await _latency(uri, options.commands, answers)
    rate, busy_rate = await _throughput(uri, options.commands, answers, options.connections)
    return {"first_answer": latency[0], "last_answer": latency[-1]} | {
        "messages_per_s": rate,
        "messages_per_processor_s": busy_rate,
    }


async def _with_vtm(work: Callable[[str], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        vtm = Vtm(Folders(Path(folder), "bench"), motor=VirtualMotor())
        try:
            endpoints = await vtm.start("127.0.0.1", 0)
            return await work(service_uri("127.0.0.1", endpoints.port, SERVICE))
        finally:
            await vtm.close()


async def _echo(socket: ServerConnection) -> None:
    async for text in socket:
        await socket.send(text)


async def run(options: argparse.Namespace) -> dict[str, Any]:
    """Both measurements, one after the other."""
    async with serve(_echo, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        bare = await _measure(f"ws://127.0.0.1:{port}/", options, 1)
    ours = await _with_vtm(lambda uri: _measure(uri, options, 2))
    return {
        "commands": options.commands,
        "connections": options.connections,
        "ours": ours,
        "bare": bare,
        "ratios": {
            "acknowledge_p50": round(ours["first_answer"]["p50_ms"] / bare["first_answer"]["p50_ms"], 2),
            "acknowledge_p95": round(ours["first_answer"]["p95_ms"] / bare["first_answer"]["p95_ms"], 2),
            "messages_per_s": round(ours["messages_per_s"] / bare["messages_per_s"], 2),
            "messages_per_processor_s": round(ours["messages_per_processor_s"] / bare["messages_per_processor_s"], 2),
        },
    }


def judged(result: dict[str, Any]) -> dict[str, Any]:
    """Latency and throughput beside what was promised."""
    p95, rate = result["ours"]["first_answer"]["p95_ms"], result["ours"]["messages_per_s"]
    missed = []
    if not p95 < ACKNOWLEDGE_P95_MS:
        missed.append(f"acknowledge p95 {p95} ms, to be under {ACKNOWLEDGE_P95_MS} ms")
    if not rate >= MESSAGES_PER_S:
        missed.append(f"{rate} messages/s, to be at least {MESSAGES_PER_S}")
    goals = {"acknowledge_p95_ms": ACKNOWLEDGE_P95_MS, "messages_per_s": MESSAGES_PER_S}
    return result | {"goals": goals, "missed": missed}


def judged_fleet(result: dict[str, Any]) -> dict[str, Any]:
    """What the machines cost beside what was promised."""
    missed = []
    if not result["cores"] < CORES:
        missed.append(f"{result['machines']} machines took {result['cores']} of a core, to be under {CORES}")
    return result | {"goals": {"cores": CORES}, "missed": missed}


def _status(result: dict[str, Any]) -> int:
    for line in result["missed"]:
        print(f"missed: {line}", file=sys.stderr)
    return 1 if result["missed"] else 0


def _fuzz(options: argparse.Namespace) -> int:
    began, busy = time.monotonic(), time.process_time()
    crash = None
    try:
        tally = fuzz(options.fuzz, options.seed, time.monotonic)
    except BrokenPromise as broken:
        tally, crash = broken.tally, str(broken)
    result = {
        "seed": options.seed,
        "seconds": round(time.monotonic() - began, 1),
        "processor_seconds": round(time.process_time() - busy, 1),
        "texts": tally.texts,
        "rounds": tally.rounds,
        "commands": len(tally.commands),
        "answers": dict(tally.answers.most_common()),
        "crashes": 0 if crash is None else 1,
        "crash": crash,
        "memory_mib": {"warm": tally.memory_before_mib, "end": tally.memory_after_mib},
    }
    print(json.dumps(result))
    return 0 if crash is None else 1


def main(arguments: list[str] | None = None) -> int:
    parser = OneLineParser(prog="python -m benchmarks.devices", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--commands", type=int, default=3000, help="commands per measurement")
    parser.add_argument("--connections", type=int, default=4, help="connections of the throughput measurement")
    parser.add_argument("--vtms", type=int, default=0, help="instead: so many machines in one process")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the machines run")
    parser.add_argument("--fuzz", type=float, default=0.0, help="instead: seconds of wrong input")
    parser.add_argument("--seed", type=int, default=1, help="of the wrong input")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    options = parser.parse_args(arguments)
    if options.commands < options.connections or options.connections < 1:
        parser.error("at least one command per connection is needed")
    if options.fuzz:
        return _fuzz(options)
    if options.vtms:
        result = judged_fleet(asyncio.run(fleet(options.vtms, options.seconds)))
        print(json.dumps(result))
        return _status(result)
    result = judged(asyncio.run(run(options)))
    if options.json:
        print(json.dumps(result))
        return _status(result)
    for side in ("ours", "bare"):
        figures = result[side]
        print(
            f"{side}: first answer {figures['first_answer']}, last answer {figures['last_answer']},"
            f" {figures['messages_per_s']} messages/s"
        )
    print(f"ratios: {result['ratios']}")
    return _status(result)


if __name__ == "__main__":
    sys.exit(main())
