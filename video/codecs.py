"""The codec choices of a call, in one place.

VP8 first: on two cores H.264 (libx264 as aiortc sets it up) took half as much again to encode 720p30
and looked no better at these rates; every browser must take VP8 (RFC 7742). Opus for sound.

aiortc adapts the video rate by itself: the receiver measures what arrives and how it is delayed and
reports an estimate twice a second (REMB, draft-alvestrand-rmcat-remb); the sender clamps it between the
constants below. Its own constants (0.5 Mbit/s to start, 1.5 at most) make a talking head at 1280x720
soft, so ours are higher. Every change of more than a tenth makes aiortc open a new encoder, which costs a
key frame; a wide span between lowest and highest would do that all the time in a scene that needs little,
because the estimate can never exceed one and a half times what was really sent.
"""

from typing import Any

from aiortc import RTCRtpSender
from aiortc.codecs import h264, vpx

START_BITRATE = 1_500_000
MIN_BITRATE = 600_000
MAX_BITRATE = 2_500_000
"""Bits a second of one picture, one way."""

_VIDEO_ORDER = ("video/vp8", "video/h264")


def set_bitrates() -> None:
    """Give aiortc's encoders our bounds. They are read when an encoder is made, for the whole process."""
    modules: tuple[Any, ...] = (vpx, h264)
    for codec in modules:
        codec.DEFAULT_BITRATE = START_BITRATE
        codec.MIN_BITRATE = MIN_BITRATE
        codec.MAX_BITRATE = MAX_BITRATE


def preferred_video() -> list[Any]:
    """Video codecs in our order, retransmission (RFC 4588) behind them."""
    codecs = RTCRtpSender.getCapabilities("video").codecs

    def rank(codec: Any) -> int:
        name = codec.mimeType.lower()
        return _VIDEO_ORDER.index(name) if name in _VIDEO_ORDER else len(_VIDEO_ORDER)

    return sorted(codecs, key=rank)
