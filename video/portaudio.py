"""The way to PortAudio. Its Python module starts the sound system when it is imported, so that is done
here, once, when the first device is asked for — never by importing a module of ours.
"""

import importlib
from typing import Any

from common.errors import ServiceError


def portaudio() -> Any:
    """The ``sounddevice`` module.

    Raises:
        ServiceError: ``call.sound_system_missing``: the PortAudio library is not on this machine.
    """
    try:
        return importlib.import_module("sounddevice")
    except OSError as error:
        raise ServiceError("call.sound_system_missing", retryable=False) from error


def has_device(kind: str) -> bool:
    """Whether this machine has a default device; ``kind`` is ``input`` or ``output``."""
    try:
        module = portaudio()
    except ServiceError:
        return False
    try:
        module.query_devices(kind=kind)
    except (module.PortAudioError, ValueError):
        return False
    return True
