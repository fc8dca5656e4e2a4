"""A real camera through Video4Linux, read by PyAV on a thread of its own.

Policy: the thread always reads, so the driver's own queue never grows; the feed keeps the newest picture
only. A camera that is denied, busy or pulled out ends the thread with a typed error.
"""

import threading
import time
from pathlib import Path
from typing import Any

import av
from av.error import FFmpegError
from av.video.reformatter import VideoReformatter

from common.errors import ServiceError
from video.frames import TimedPicture
from video.sources.base import DeliverPicture, Failed


def find_camera() -> Path | None:
    """The first video device of this machine, or None."""
    devices = sorted(Path("/dev").glob("video[0-9]*"), key=lambda path: (len(path.name), path.name))
    return devices[0] if devices else None


class CameraSource:
    """Pictures of a device, brought to the call's size.

    Args:
        device: ``/dev/video0``, or anything else that libav opens with ``container_format``.
        container_format: libav's name of the input; Video4Linux unless told otherwise.
    """

    def __init__(
        self, device: Path, *, width: int = 1280, height: int = 720, fps: int = 30, container_format: str = "v4l2"
    ) -> None:
        self.name = f"camera {device}"
        self._device = device
        self._size = (width, height)
        self._fps = fps
        self._format = container_format
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self, deliver: DeliverPicture, failed: Failed) -> None:
        self._thread = threading.Thread(target=self._run, args=(deliver, failed), name="source-camera", daemon=True)
        self._thread.start()

    def _options(self) -> dict[str, str]:
        if self._format != "v4l2":
            return {}
        # Cameras give 720p at 30 fps as Motion JPEG only; raw pictures would not fit through USB 2.
        return {
            "video_size": f"{self._size[0]}x{self._size[1]}",
            "framerate": str(self._fps),
            "input_format": "mjpeg",
        }

    def _run(self, deliver: DeliverPicture, failed: Failed) -> None:
        code = "call.camera_denied"
        try:
            # No timeout for the device itself: close() must not wait for a driver that hangs for long.
            with av.open(str(self._device), format=self._format, options=self._options(), timeout=(5.0, 1.0)) as input_:
                code = "call.camera_lost"
                self._read(input_, deliver)
        except (FFmpegError, OSError, IndexError) as error:
            if not self._stop.is_set():
                failed(ServiceError(code, device=str(self._device), what=type(error).__name__))
            return
        if not self._stop.is_set():
            failed(ServiceError("call.camera_lost", device=str(self._device)))

    def _read(self, container: Any, deliver: DeliverPicture) -> None:
        reformatter = VideoReformatter()
        width, height = self._size
        for frame in container.decode(container.streams.video[0]):
            if self._stop.is_set():
                return
            now = time.monotonic_ns()
            deliver(TimedPicture(reformatter.reformat(frame, width, height, format="yuv420p"), now))

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            # A driver that hangs in its own call must not hang the program: the thread is a daemon.
            self._thread.join(timeout=3.0)
