"""What every worker process does: one job after another from one stream, answers on another, until the stream ends."""

import argparse
import logging
import os
import resource
import signal
import time
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import cv2

from common import logs
from common.errors import AppError
from ocr import wire
from ocr.wire import Message

Jobs = Mapping[str, Callable[[Message], Any]]
"""What a worker can do, by the ``job`` of a message's head; each gives plain JSON values."""

log = logging.getLogger(__name__)


def serve(jobs: Jobs, incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Until the stream ends; a job that fails is answered with a code and the next one is taken."""
    while (message := wire.read(incoming)) is not None:
        answer: dict[str, Any] = {"id": message.head.get("id")}
        try:
            answer["result"] = jobs[message.head["job"]](message)
        except AppError as error:
            answer["error"] = {"code": error.code}
        except Exception:
            log.exception("job failed", extra={"job": message.head.get("job")})
            answer["error"] = {"code": "ocr.failed"}
        answer["memory"] = memory()
        wire.write(outgoing, Message(answer))


def until_left(work: Callable[[], int]) -> int:
    """The exit status of a worker's work; 0 as well when nobody is there any more to take its answer."""
    try:
        return work()
    except BrokenPipeError:
        return 0


def run_light(name: str, nice: int, make: Callable[[], Jobs], arguments: list[str]) -> int:
    """All of a worker that needs no settings: one processor, ``make`` loads and warms its jobs, then they are served.

    Args:
        name: of its log, and of its module: ``python -m ocr.<name>_worker``.
    """
    parser = argparse.ArgumentParser(prog=f"python -m ocr.{name}_worker")
    parser.add_argument("--log-level", default="INFO")
    given = parser.parse_args(arguments)
    incoming, outgoing = private_streams()
    give_way(nice)
    logs.configure(name, level=given.log_level)
    cv2.setNumThreads(1)

    def work() -> int:
        begin = time.perf_counter()
        jobs = make()
        warm_ms = round((time.perf_counter() - begin) * 1e3)
        wire.write(outgoing, Message({"ready": True, "warm_ms": warm_ms, "memory": memory()}))
        serve(jobs, incoming, outgoing)
        return 0

    return until_left(work)


def memory() -> dict[str, int]:
    """Bytes this process holds now and held at most."""
    with open("/proc/self/statm", encoding="ascii") as file:
        now = int(file.read().split()[1]) * resource.getpagesize()
    return {"now": now, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Our ends of the pipes; what any library prints goes to standard error instead."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return incoming, outgoing


def give_way(nice: int) -> None:
    """Run behind the windows and the call; and not be ended by a Ctrl-C in the terminal, which reaches the whole group:
    whoever started the worker ends it by closing its input.

    Linux weighs whole sessions against each other (``sched(7)``, autogroup), and a nice value counts only among the
    processes of one session. So the worker stays in the session of the window or server it works for: behind them, but
    with their share of a machine on which other sessions are busy.
    """
    os.nice(nice)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
