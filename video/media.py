"""The camera, the microphone and the picture of oneself: opened once, shared by all links of a call."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from common.errors import ServiceError
from common.settings import VideoSettings
from video.frames import Pixels
from video.sinks.screen import ScreenSink
from video.sources.choose import Portrait, camera_line, microphone_line
from video.sources.feed import SoundFeed, VideoFeed
from video.sources.stills import card

MAX_NOTICES = 8


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should be told: the code of an error, and what it names."""

    code: str
    device: str = ""


class LocalMedia:
    """What this side sends. Opened and closed in one event loop; not used again after close.

    Args:
        settings: which devices, which size.
        portrait: who stands before a synthetic camera for which the settings name no picture.
    """

    def __init__(self, settings: VideoSettings, portrait: Portrait | Pixels = "customer") -> None:
        self.settings = settings
        self._portrait = portrait
        self.self_view = ScreenSink("self")
        self.notices: tuple[Notice, ...] = ()
        self.camera: VideoFeed | None = None
        self.microphone: SoundFeed | None = None
        self._on_notice: list[Callable[[], None]] = []
        self._muted = False
        self._held = False

    async def open(self) -> None:
        """Take the devices.

        Raises:
            UserError: ``settings.invalid``. A device that does not work is no error here but a notice.
        """
        if self.camera is not None:
            return
        hold = card(self.settings.width, self.settings.height, bars=True)
        # Drawing a portrait and asking PortAudio for its devices take a tenth of a second each.
        cameras = await asyncio.to_thread(camera_line, self.settings, self._portrait)
        microphones = await asyncio.to_thread(microphone_line, self.settings)
        self.camera = VideoFeed(cameras, self.note, hold_card=hold)
        self.microphone = SoundFeed(microphones, self.note)
        self.camera.add_tap(self.self_view.show)
        self._apply()
        await self.camera.open()
        await self.microphone.open()

    def on_notice(self, call: Callable[[], None]) -> Callable[[], None]:
        """Be told when :attr:`notices` grows; the returned function ends it."""
        self._on_notice.append(call)
        return lambda: self._on_notice.remove(call) if call in self._on_notice else None

    def note(self, error: ServiceError) -> None:
        """Remember that something failed, and tell."""
        notice = Notice(error.code, str(error.params.get("device") or ""))
        if notice not in self.notices:
            self.notices = (*self.notices, notice)[-MAX_NOTICES:]
            for call in tuple(self._on_notice):
                call()

    @property
    def muted(self) -> bool:
        """Whether silence is sent."""
        return self._muted

    @property
    def held(self) -> bool:
        """Whether the hold card and silence are sent."""
        return self._held

    def mute(self, on: bool) -> None:
        """Send silence, or the microphone again."""
        self._muted = on
        self._apply()

    def hold(self, on: bool) -> None:
        """Send the hold card and silence, or camera and microphone again."""
        self._held = on
        self._apply()

    def _apply(self) -> None:
        if self.camera is not None:
            self.camera.hold(self._held)
        if self.microphone is not None:
            self.microphone.mute(self._muted or self._held)

    async def close(self) -> None:
        """Give the devices back; safe to call twice."""
        camera, microphone = self.camera, self.microphone
        self.camera = self.microphone = None
        if camera is not None:
            await camera.close()
        if microphone is not None:
            await microphone.close()
        await self.self_view.close()
