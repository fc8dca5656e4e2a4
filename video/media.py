"""The camera, the microphone and the picture of oneself: opened once, shared by all links of a call."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from common.errors import ServiceError
from common.settings import VideoSettings
from common.wire.liveness import Gesture
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
    """What this side sends. Lives in one event loop; not used again after close.

    Open it early — when the call rings, when the customer queues — and the call stands sooner.

    Args:
        settings: which devices, which size.
        portrait: who stands before a synthetic camera for which the settings name no picture.
    """

    def __init__(self, settings: VideoSettings, portrait: Portrait | Pixels = "customer") -> None:
        self.settings = settings
        self._portrait = portrait
        self.self_view = ScreenSink("self")
        self.camera = VideoFeed(self.note, hold_card=card(settings.width, settings.height, bars=True))
        self.camera.add_tap(self.self_view.show)
        self.microphone = SoundFeed(self.note)
        self.notices: tuple[Notice, ...] = ()
        self._on_notice: list[Callable[[], None]] = []
        self._opening: asyncio.Task[None] | None = None
        self._muted = False
        self._held = False

    async def open(self) -> None:
        """Take the devices; a second call waits for the first.

        Raises:
            UserError: ``settings.invalid``. A device that does not work is no error here but a notice.
        """
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_task(self._open(), name="open-media")
        await asyncio.shield(self._opening)

    async def _open(self) -> None:
        # Drawing a portrait and asking PortAudio for its devices take a tenth of a second each.
        cameras = await asyncio.to_thread(camera_line, self.settings, self._portrait)
        microphones = await asyncio.to_thread(microphone_line, self.settings)
        await self.camera.open(cameras)
        await self.microphone.open(microphones)

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
        self.microphone.mute(self._muted or self._held)

    def hold(self, on: bool) -> None:
        """Send the hold card and silence, or camera and microphone again."""
        self._held = on
        self.camera.hold(on)
        self.microphone.mute(self._muted or self._held)

    def act(self, gesture: Gesture) -> bool:
        """Ask whoever stands before a simulated camera for a gesture; False: nobody there can."""
        return self.camera.act(gesture)

    async def close(self) -> None:
        """Give the devices back; safe to call twice."""
        if self._opening is not None:
            await asyncio.gather(self._opening, return_exceptions=True)
        await self.camera.close()
        await self.microphone.close()
        await self.self_view.close()
