"""A picture or a film as a camera, and a sound file as a microphone, both played round and round."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from av.video.reformatter import VideoReformatter

from common.errors import ServiceError
from video.frames import BLOCK_SAMPLES, SAMPLE_RATE, Pixels, Samples, TimedPicture, TimedSound
from video.sources.base import DeliverPicture, DeliverSound, Failed
from video.sources.stills import packed

_MIN_LOOP_FRAMES = 1


def _fit(frame: av.VideoFrame, reformatter: VideoReformatter, width: int, height: int) -> av.VideoFrame:
    """The whole picture in the middle of black bars."""
    scale = min(width / frame.width, height / frame.height)
    inner = (max(4, round(frame.width * scale / 4) * 4), max(4, round(frame.height * scale / 4) * 4))
    small = reformatter.reformat(frame, *inner, format="rgb24").to_ndarray(format="rgb24")
    canvas = np.zeros((height, width, 3), np.uint8)
    top, left = (height - inner[1]) // 2, (width - inner[0]) // 2
    canvas[top : top + inner[1], left : left + inner[0]] = small
    return av.VideoFrame.from_ndarray(canvas, format="rgb24").reformat(format="yuv420p")


class _Looped:
    """A thread that plays a file again and again until told to stop."""

    def __init__(self, path: Path, kind: str) -> None:
        self.name = f"file {path.name}"
        self._path = path
        self._kind = kind
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def _start(self, play: Callable[[], int], failed: Failed) -> None:
        def run() -> None:
            try:
                while not self._stop.is_set():
                    if play() < _MIN_LOOP_FRAMES:
                        raise ValueError("nothing in it")
            except (FFmpegError, OSError, ValueError, IndexError) as error:
                if not self._stop.is_set():
                    failed(ServiceError(f"call.{self._kind}_lost", device=self.name, what=type(error).__name__))

        self._thread = threading.Thread(target=run, name=f"source-{self._kind}-file", daemon=True)
        self._thread.start()

    def _wait_until(self, due_ns: int) -> bool:
        """Sleep; False when the source was closed meanwhile."""
        return not self._stop.wait(max(0.0, (due_ns - time.monotonic_ns()) / 1e9))

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=3.0)


class FileCamera(_Looped):
    """An image or video file at the call's size and rate."""

    def __init__(self, path: Path, *, width: int = 1280, height: int = 720, fps: int = 30) -> None:
        super().__init__(path, "camera")
        self._size = (width, height)
        self._period_ns = 1_000_000_000 // fps

    def open(self, deliver: DeliverPicture, failed: Failed) -> None:
        self._start(lambda: self._play(deliver), failed)

    def _play(self, deliver: DeliverPicture) -> int:
        reformatter = VideoReformatter()
        due = time.monotonic_ns()
        count = 0
        with av.open(str(self._path)) as container:
            stream = container.streams.video[0]
            rate = float(stream.average_rate or 0)
            period_ns = max(self._period_ns, round(1e9 / rate)) if rate else self._period_ns
            for frame in container.decode(stream):
                fitted = _fit(frame, reformatter, *self._size)
                count += 1
                if not self._wait_until(due):
                    return count
                deliver(TimedPicture(fitted, time.monotonic_ns()))
                due = max(due, time.monotonic_ns() - period_ns) + period_ns
        if count == 1:
            self._repeat(packed(fitted), deliver)
        return count

    def _repeat(self, still: Pixels, deliver: DeliverPicture) -> None:
        """A film of one frame is a picture: shown for as long as the call lasts."""
        due = time.monotonic_ns()
        while self._wait_until(due):
            deliver(TimedPicture(av.VideoFrame.from_ndarray(still, format="yuv420p"), time.monotonic_ns()))
            due = max(due, time.monotonic_ns() - self._period_ns) + self._period_ns


class FileMicrophone(_Looped):
    """A sound file, mono, at real-time pace."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "microphone")

    def open(self, deliver: DeliverSound, failed: Failed) -> None:
        self._start(lambda: self._play(deliver), failed)

    def _blocks(self) -> Iterator[Samples]:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE, frame_size=BLOCK_SAMPLES)
        with av.open(str(self._path)) as container:
            for frame in container.decode(container.streams.audio[0]):
                frame.pts = None
                for block in resampler.resample(frame):
                    yield block.to_ndarray()[0]

    def _play(self, deliver: DeliverSound) -> int:
        due = time.monotonic_ns()
        count = 0
        for samples in self._blocks():
            due = max(due, time.monotonic_ns() - 20_000_000) + 20_000_000
            if not self._wait_until(due):
                return count + 1
            deliver(TimedSound(samples, time.monotonic_ns()))
            count += 1
        return count
