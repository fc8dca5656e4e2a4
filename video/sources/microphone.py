"""A real microphone through PortAudio: 48 kHz mono in blocks of 10 ms, straight from its callback."""

import time
from typing import Any

import numpy as np

from common.errors import ServiceError
from video.frames import SAMPLE_RATE, TimedSound
from video.portaudio import portaudio
from video.sources.base import DeliverSound, Failed

_BLOCK = 480


class MicrophoneSource:
    """The default input, or the one whose name contains ``device``.

    PortAudio's ``low`` latency is asked for: its default of ``high`` alone is 100 ms and more on many
    sound cards. A device that falls silent is noticed by the feed.
    """

    def __init__(self, device: str | None = None) -> None:
        self.name = f"microphone {device or 'default'}"
        self._device = device
        self._stream: Any = None

    def open(self, deliver: DeliverSound, failed: Failed) -> None:
        try:
            module = portaudio()
        except ServiceError as error:
            failed(error)
            return

        def callback(data: Any, count: int, at: Any, status: Any) -> None:
            deliver(TimedSound(np.frombuffer(bytes(data), np.int16), time.monotonic_ns()))

        try:
            self._stream = module.RawInputStream(
                samplerate=SAMPLE_RATE,
                channels=1,
                dtype="int16",
                blocksize=_BLOCK,
                latency="low",
                device=self._device,
                callback=callback,
            )
            self._stream.start()
        except (module.PortAudioError, ValueError) as error:
            failed(ServiceError("call.microphone_denied", device=self.name, what=type(error).__name__))

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None
