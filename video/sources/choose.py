"""From the words of the settings to sources, each with what follows it when it fails.

``auto`` is the real device if this machine has one, else the synthetic one. A device that exists but
fails is followed by the card or by silence, never by a synthetic person: nobody shall be shown a picture
that is not of the place it claims.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from common.errors import UserError
from common.settings import PORTRAITS, VideoSettings
from video.frames import Pixels
from video.portaudio import has_device
from video.sources import people
from video.sources.base import SoundSource, VideoSource
from video.sources.camera import CameraSource, find_camera
from video.sources.file import FileCamera, FileMicrophone
from video.sources.microphone import MicrophoneSource
from video.sources.sound import ComputedMicrophone, clicking, silence, tone
from video.sources.stills import StillSource, card
from video.sources.synthetic import SyntheticCamera, load_portrait

Portrait = Literal["customer", "teller"]
_PEOPLE: dict[str, Callable[[], Pixels]] = dict(zip(PORTRAITS, (people.customer, people.teller), strict=True))


def camera_line(settings: VideoSettings, portrait: Portrait | Pixels) -> list[VideoSource]:
    """The camera of the settings and the card that replaces it.

    Args:
        portrait: who stands before a synthetic camera for which the settings name no picture.

    Raises:
        UserError: ``settings.invalid`` (``where``, ``what``): unknown word, or a portrait that cannot be read.
    """
    off = StillSource(card(settings.width, settings.height, bars=False))
    return [_camera(settings, portrait), off]


def _camera(settings: VideoSettings, portrait: Portrait | Pixels) -> VideoSource:
    word, _, rest = settings.camera.partition(":")
    if word == "auto" and (found := find_camera()) is not None:
        return CameraSource(found, width=settings.width, height=settings.height, fps=settings.fps)
    if word in ("auto", "synthetic"):
        return _synthetic(_pixels(rest, portrait), settings, acting=_is_customer(rest, portrait))
    if word == "device" and rest:
        return CameraSource(Path(rest), width=settings.width, height=settings.height, fps=settings.fps)
    if word == "file" and rest:
        return FileCamera(Path(rest), width=settings.width, height=settings.height, fps=settings.fps)
    if word == "off":
        return StillSource(card(settings.width, settings.height, bars=False))
    raise UserError("settings.invalid", where="video.camera", what=settings.camera)


def _synthetic(pixels: Pixels, settings: VideoSettings, *, acting: bool) -> SyntheticCamera:
    return SyntheticCamera(
        pixels,
        width=settings.width,
        height=settings.height,
        fps=settings.fps,
        measure=settings.measure,
        features=people.CUSTOMER_FEATURES if acting else None,
    )


def _is_customer(word: str, portrait: Portrait | Pixels) -> bool:
    return (word or (portrait if isinstance(portrait, str) else "")) == "customer"


def _pixels(path: str, portrait: Portrait | Pixels) -> Pixels:
    if path in _PEOPLE:
        return _PEOPLE[path]()
    if path:
        try:
            return load_portrait(Path(path))
        except OSError as error:
            raise UserError("settings.invalid", where="video.camera", what=path) from error
    return _PEOPLE[portrait]() if isinstance(portrait, str) else portrait


def microphone_line(settings: VideoSettings) -> list[SoundSource]:
    """The microphone of the settings and the silence that replaces it.

    Raises:
        UserError: ``settings.invalid`` (``where``, ``what``).
    """
    return [_microphone(settings), ComputedMicrophone(silence, "silence")]


def _microphone(settings: VideoSettings) -> SoundSource:
    word, _, rest = settings.microphone.partition(":")
    if word == "auto" and has_device("input"):
        return MicrophoneSource()
    if word in ("auto", "synthetic"):
        return clicking() if settings.measure else ComputedMicrophone(tone)
    if word == "device" and rest:
        return MicrophoneSource(rest)
    if word == "file" and rest:
        return FileMicrophone(Path(rest))
    if word == "off":
        return ComputedMicrophone(silence, "off")
    raise UserError("settings.invalid", where="video.microphone", what=settings.microphone)


def speaker_device(settings: VideoSettings) -> str | Literal[False] | None:
    """What to play on: a name, None for the default device, False for nowhere.

    Raises:
        UserError: ``settings.invalid`` (``where``, ``what``).
    """
    word, _, rest = settings.speaker.partition(":")
    if word == "none" or (word == "auto" and not has_device("output")):
        return False
    if word == "auto":
        return None
    if word == "device" and rest:
        return rest
    raise UserError("settings.invalid", where="video.speaker", what=settings.speaker)
