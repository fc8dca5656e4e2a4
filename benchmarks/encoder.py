"""What one picture of the call costs to encode, and how true it stays, beside aiortc's own settings in the same run.

``python -m benchmarks.encoder --frames 240 [--json]``: the drawn customer at 1280 x 720, 30 a second, as drawn and with
camera noise on it, through the encoder of the call and through aiortc's. Milliseconds of processor time a picture,
wall time p50 and p95, kbit/s, and PSNR in decibels of what comes out of a decoder, mean and least.
"""

import json
import math
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from aiortc.codecs.vpx import Vp8Decoder, Vp8Encoder, VpxPayloadDescriptor
from aiortc.jitterbuffer import JitterFrame
from aiortc.mediastreams import VIDEO_CLOCK_RATE, VIDEO_TIME_BASE
from av import VideoFrame
from av.frame import Frame

from common.commandline import OneLineParser
from video import codecs
from video.sources import people
from video.sources.synthetic import SyntheticCamera

FPS = 30


def _drawn(count: int) -> list[VideoFrame]:
    camera = SyntheticCamera(people.customer(), measure=True)
    return [camera.render(index, index * 1_000_000_000 // FPS) for index in range(count)]


def _noisy(frames: Sequence[VideoFrame], seed: int) -> list[VideoFrame]:
    rng = np.random.default_rng(seed)
    noisy = []
    for frame in frames:
        clean = frame.to_ndarray(format="yuv420p").astype(np.int16)
        grain = np.clip(clean + rng.integers(-3, 4, clean.shape), 0, 255).astype(np.uint8)
        noisy.append(VideoFrame.from_ndarray(grain, format="yuv420p"))
    return noisy


def _psnr(sent: VideoFrame, shown: Frame) -> float:
    assert isinstance(shown, VideoFrame)
    wide = (f.to_ndarray(format="yuv420p").astype(np.int32) for f in (sent, shown))
    error = float(((next(wide) - next(wide)) ** 2).mean())
    return 99.0 if error == 0 else 10 * math.log10(255 * 255 / error)


def _through(encoder: Vp8Encoder, frames: Sequence[VideoFrame]) -> dict[str, Any]:
    decoder = Vp8Decoder()
    wall, truth, size, busy = [], [], 0, 0.0
    for index, frame in enumerate(frames):
        frame.pts, frame.time_base = index * VIDEO_CLOCK_RATE // FPS, VIDEO_TIME_BASE
        began, used = time.perf_counter(), time.process_time()
        payloads, timestamp = encoder.encode(frame, force_keyframe=index == 0)
        wall.append((time.perf_counter() - began) * 1000)
        busy += time.process_time() - used
        data = b"".join(VpxPayloadDescriptor.parse(payload)[1] for payload in payloads)
        size += len(data)
        truth += [_psnr(frame, shown) for shown in decoder.decode(JitterFrame(data=data, timestamp=timestamp))]
    wall.sort()
    return {
        "cpu_ms": round(busy * 1000 / len(frames), 2),
        "wall_p50_ms": round(wall[len(wall) // 2], 2),
        "wall_p95_ms": round(wall[int(len(wall) * 0.95)], 2),
        "kbit_s": round(size * 8 * FPS / len(frames) / 1000),
        "psnr_db": round(statistics.mean(truth), 1),
        "psnr_least_db": round(min(truth), 1),
    }


def run(count: int, seed: int) -> dict[str, Any]:
    """Both encoders over both kinds of pictures."""
    codecs.set_bitrates()
    drawn = _drawn(count)
    report: dict[str, Any] = {"frames": count, "seed": seed}
    for name, frames in (("drawn", drawn), ("noisy", _noisy(drawn, seed))):
        here, peer = _through(codecs.SteadyVp8Encoder(), frames), _through(Vp8Encoder(), frames)
        report[name] = {"here": here, "aiortc": peer, "cpu_ratio": round(here["cpu_ms"] / peer["cpu_ms"], 2)}
    return report


def main(arguments: list[str]) -> int:
    """Print the figures."""
    parser = OneLineParser(prog="python -m benchmarks.encoder", description=__doc__)
    parser.add_argument("--frames", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="figures only")
    given = parser.parse_args(arguments)
    report = run(given.frames, given.seed)
    print(json.dumps(report, indent=None if given.json else 2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
