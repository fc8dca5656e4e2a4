"""The codec choices of a call, and its video bit rate, in one place.

VP8 first: on two cores H.264 (libx264 as aiortc sets it up) took half as much again to encode 720p30
and looked no better at these rates; every browser must take VP8 (RFC 7742). Opus for sound.

The receiver estimates the path twice a second from how packets are delayed and says so (REMB,
draft-alvestrand-rmcat-remb). aiortc follows every estimate, between 0.25 and 1.5 Mbit/s, and opens a new
encoder for every change of a tenth: a key frame of 30 to 100 ms each, once or twice a second, in a call
over loopback. Two things make those estimates wander: the receiver cannot see more than was sent, so a
scene that needs little lowers the estimate; and a busy machine delays packets too. :class:`RatePolicy`
follows only what tells of the path.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import aiortc.codecs
from aiortc import RTCRtpSender
from aiortc.codecs import h264, vpx
from av import VideoFrame
from av.frame import Frame
from av.video.codeccontext import VideoCodecContext

START_BITRATE = 1_500_000
MIN_BITRATE = 300_000
MAX_BITRATE = 2_000_000
"""Bits a second of one picture, one way."""

_VIDEO_ORDER = ("video/vp8", "video/h264")

_VP8_OPTIONS = {
    "cpu-used": "-8",
    "deadline": "realtime",
    "lag-in-frames": "0",
    "noise-sensitivity": "0",
    "overshoot-pct": "15",
    "partitions": "0",
    "static-thresh": "1",
    "undershoot-pct": "100",
}
"""libvpx's realtime settings as aiortc has them, but for two: its denoiser costs a third of the encoding and takes the
picture further from what the camera saw; and speed 8 instead of 6. 720p30 at 1.5 Mbit/s: 0.6 of the processor time,
PSNR 53 dB instead of 45 on the drawn people, 41 instead of 40 with camera noise on them (``benchmarks/encoder.py``)."""
_VP8_THREADS = 1
"""A picture takes some 4 ms on one processor: a second one would mostly wait for the first."""


class RatePolicy:
    """When the video bit rate changes, and to what. Pure; moments are monotonic seconds.

    - An estimate of at least nine tenths of what was really sent in the last second says nothing against
      the present rate: it stays.
    - A lower one must hold for a second before the rate goes down to it, lest one hiccup of the machine
      costs a key frame; below one half it is believed at once.
    - Up goes the rate when the estimate is a quarter above it, at most every five seconds.
    """

    def __init__(self, start: int = START_BITRATE) -> None:
        self.target = start
        self._sent: deque[tuple[float, int]] = deque()
        self._low_since: float | None = None
        self._raised = 0.0

    def sent(self, size: int, now: float) -> None:
        """This many bytes of picture were encoded."""
        self._sent.append((now, size))
        while self._sent[0][0] < now - 1.0:
            self._sent.popleft()

    def estimate(self, bitrate: int, now: float) -> None:
        """The other side's estimate of the path."""
        sending = 8 * sum(size for at, size in self._sent if at >= now - 1.0)
        if bitrate >= 0.9 * sending:
            self._low_since = None
            if bitrate >= 1.25 * self.target and now - self._raised >= 5.0:
                self._set(bitrate, now)
            return
        if self._low_since is None:
            self._low_since = now
        if bitrate < 0.5 * sending or now - self._low_since >= 1.0:
            self._low_since = None
            if bitrate < self.target:
                self._set(bitrate, now)

    def _set(self, bitrate: int, now: float) -> None:
        self.target = max(MIN_BITRATE, min(MAX_BITRATE, bitrate))
        self._raised = now


class SteadyVp8Encoder(vpx.Vp8Encoder):
    """aiortc's encoder with its rate under :class:`RatePolicy` and libvpx set up for two processors."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._policy = RatePolicy()
        # Encoding runs in a thread, estimates come in the event loop.
        self._policy_lock = threading.Lock()
        super().__init__()

    def encode(self, frame: Frame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        assert isinstance(frame, VideoFrame)
        if self.codec is None or self._outgrown(self.codec, frame):
            self.codec = self._opened(frame)  # the parent opens its own only where there is none that fits
        payloads, timestamp = super().encode(frame, force_keyframe)
        with self._policy_lock:
            self._policy.sent(sum(map(len, payloads)), self._clock())
        return payloads, timestamp

    def _outgrown(self, codec: VideoCodecContext, frame: VideoFrame) -> bool:
        """As the parent judges it: another size, or a rate more than a tenth away."""
        bit_rate = codec.bit_rate or 1
        size = (codec.width, codec.height)
        return size != (frame.width, frame.height) or abs(self.target_bitrate - bit_rate) / bit_rate > 0.1

    def _opened(self, frame: VideoFrame) -> VideoCodecContext:
        codec = VideoCodecContext.create("libvpx", "w")
        codec.width, codec.height = frame.width, frame.height
        codec.pix_fmt = "yuv420p"
        codec.bit_rate = self.target_bitrate
        codec.gop_size = 3000  # a key frame is asked for, never due
        codec.qmin, codec.qmax = 2, 56
        codec.options = {**_VP8_OPTIONS} | dict.fromkeys(("bufsize", "minrate", "maxrate"), str(self.target_bitrate))
        codec.thread_count = _VP8_THREADS
        return codec

    @property
    def target_bitrate(self) -> int:
        """Bits a second."""
        return self._policy.target

    @target_bitrate.setter
    def target_bitrate(self, bitrate: int) -> None:
        with self._policy_lock:
            self._policy.estimate(bitrate, self._clock())
        # The parent sizes the encoder's rate buffer (one second) by its own copy.
        vpx.Vp8Encoder.target_bitrate.fset(self, self._policy.target)  # type: ignore[attr-defined]


def set_bitrates() -> None:
    """Give aiortc's own encoders our bounds, for the whole process."""
    modules: tuple[Any, ...] = (vpx, h264)
    for codec in modules:
        codec.DEFAULT_BITRATE = START_BITRATE
        codec.MIN_BITRATE = MIN_BITRATE
        codec.MAX_BITRATE = MAX_BITRATE


def install() -> None:
    """Make aiortc use our bounds and our encoder, for the whole process; doing it again changes nothing.

    There is no public place to give an encoder to a sender; the lock pins the version and a test holds
    this to it.
    """
    set_bitrates()
    module: Any = aiortc.codecs
    module.Vp8Encoder = SteadyVp8Encoder


def preferred_video() -> list[Any]:
    """Video codecs in our order, retransmission (RFC 4588) behind them."""
    codecs = RTCRtpSender.getCapabilities("video").codecs

    def rank(codec: Any) -> int:
        name = codec.mimeType.lower()
        return _VIDEO_ORDER.index(name) if name in _VIDEO_ORDER else len(_VIDEO_ORDER)

    return sorted(codecs, key=rank)
