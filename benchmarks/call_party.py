"""One party of a measured call, a process of its own: ``python -m benchmarks.call_party --kind ours --role offerer``.

Signalling runs over the pipes, one JSON object a line: ``{"type": "description", "kind", "sdp"}`` both
ways, ``{"type": "state", "state"}`` out, ``{"type": "hang_up"}`` in; at the end ``{"type": "result", …}``.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import time
from dataclasses import asdict
from typing import Any, Protocol

from benchmarks.bare_call import BareCall
from common.aio import cancel_and_wait
from common.commandline import OneLineParser
from common.settings import VideoSettings
from video.measure import CallFigures
from video.media import LocalMedia
from video.session import CallSession, CallSnapshot
from video.signalling import Candidate

REPAINT_S = 1 / 60
DATA_S, DATA_BYTES = 0.5, 40_000
DISPLAY = (960, 540)


def say(message: dict[str, Any]) -> None:
    """One line to the other end of the pipe."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class PipePort:
    """The signalling port over standard output."""

    async def send_description(self, call_id: str, to: str, kind: str, sdp: str) -> None:
        say({"type": "description", "kind": kind, "sdp": sdp})

    async def send_candidate(self, call_id: str, to: str, candidate: Candidate) -> None:
        say({"type": "candidate", "candidate": candidate.candidate})


class Call(Protocol):
    """What is measured: our session or the bare loop."""

    async def join(self, role: str) -> None: ...
    async def description(self, kind: str, sdp: str) -> None: ...
    def repaint(self) -> None: ...
    def reset(self) -> None: ...
    def figures(self) -> CallFigures: ...
    async def close(self) -> None: ...


class OurCall:
    """The product's own session, with a painter that looks 60 times a second."""

    def __init__(self, settings: VideoSettings, role: str) -> None:
        portrait: Any = "teller" if role == "offerer" else "customer"
        self._last = ""
        self.session = CallSession(
            PipePort(), LocalMedia(settings, portrait), call_id="benchmark", peer_id="other", on_change=self._changed
        )
        self.session.remote_screen.set_size(*DISPLAY)
        self.session.media.self_view.set_size(240, 135)

    def _changed(self, snapshot: CallSnapshot) -> None:
        if snapshot.state.value != self._last:
            self._last = snapshot.state.value
            say({"type": "state", "state": self._last})

    async def join(self, role: str) -> None:
        # As the windows do: devices are opened when the call rings, not when it is answered.
        await self.session.media.open()
        await self.session.join("offerer" if role == "offerer" else "answerer")

    async def description(self, kind: str, sdp: str) -> None:
        await self.session.on_description(kind, sdp)

    def repaint(self) -> None:
        self.session.media.self_view.pictures.take()
        picture = self.session.remote_screen.pictures.take()
        if picture is not None:
            self.session.measure.note_painted(picture)

    def reset(self) -> None:
        self.session.measure.reset()

    def figures(self) -> CallFigures:
        return self.session.figures()

    async def close(self) -> None:
        await self.session.hang_up()


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = OneLineParser(description="one party of a measured call")
    parser.add_argument("--kind", choices=("ours", "bare"), default="ours")
    parser.add_argument("--role", choices=("offerer", "answerer"), required=True)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--warm-up", type=float, default=2.0)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=720)
    parser.add_argument("--sound", choices=("none", "auto"), default="none")
    parser.add_argument("--data", action="store_true", help="ours only: a 40 kB message twice a second beside it all")
    return parser.parse_args(argv)


async def _paint(call: Call) -> None:
    while True:
        call.repaint()
        await asyncio.sleep(REPAINT_S)


async def _send_data(call: OurCall) -> None:
    while True:
        call.session.send_data(os.urandom(DATA_BYTES))
        await asyncio.sleep(DATA_S)


async def _listen(call: Call) -> None:
    reader = asyncio.StreamReader(limit=1 << 20)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    try:
        while line := await reader.readline():
            message = json.loads(line)
            if message["type"] == "hang_up":
                return
            await call.description(message["kind"], message["sdp"])
    finally:
        transport.close()


async def run(options: argparse.Namespace) -> None:
    """Hold the call for as long as told, then say what was measured."""
    speaker = "none" if options.sound == "none" else "auto"
    settings = VideoSettings(
        camera="synthetic",
        microphone="synthetic",
        speaker=speaker,
        width=options.width,
        height=options.height,
        measure=True,
    )
    call: Call = OurCall(settings, options.role) if options.kind == "ours" else BareCall(settings, options.role, say)
    listening = asyncio.create_task(_listen(call))
    beside = [asyncio.create_task(_paint(call))]
    if options.data and isinstance(call, OurCall):
        beside.append(asyncio.create_task(_send_data(call)))
    try:
        await call.join(options.role)
        await asyncio.wait([listening], timeout=options.warm_up)
        call.reset()
        cpu, wall = time.process_time(), time.monotonic()
        await asyncio.wait([listening], timeout=options.seconds)
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        figures = call.figures().as_dict()
    finally:
        await cancel_and_wait(listening, *beside)
        await call.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        {
            "type": "result",
            "figures": figures,
            "cpu_s": round(cpu, 3),
            "wall_s": round(wall, 3),
            "peak_mb": round(peak, 1),
            "data": asdict(call.session.data_counts) if isinstance(call, OurCall) else None,
        }
    )


if __name__ == "__main__":
    asyncio.run(run(arguments()))
