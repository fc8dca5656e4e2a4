"""The pictures of the task on the screen: fetched all at once, each checked against its digest."""

import hashlib
import logging
from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageReader

from common.errors import AppError
from ui.authoriser_app.ports import TasksPort

log = logging.getLogger(__name__)


class PictureState(Enum):
    """How far one picture is."""

    COMING = "coming"
    HERE = "here"
    BROKEN = "broken"
    FAILED = "failed"


def decode(data: bytes) -> QImage:
    """A picture turned upright as its EXIF says; a null image when it is none."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    return reader.read()


class TaskPictures(QObject):
    """Holds the pictures of one task only; those of the one before are dropped.

    Signals:
        changed(): one came, was found altered, or could not be fetched.
    """

    changed = Signal()

    def __init__(self, port: TasksPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port = port
        self._states: dict[str, PictureState] = {}
        self._images: dict[str, QImage] = {}

    def show(self, digests: Sequence[str]) -> None:
        """These are wanted now, and no others."""
        wanted = set(digests)
        for digest in set(self._states) - wanted:
            del self._states[digest]
            self._images.pop(digest, None)
        for digest in digests:
            if self._states.get(digest) in (None, PictureState.FAILED):
                self._fetch(digest)

    def _fetch(self, digest: str) -> None:
        self._states[digest] = PictureState.COMING
        self._port.picture(digest, lambda data: self._came(digest, data), lambda error: self._failed(digest, error))

    def _came(self, digest: str, data: bytes) -> None:
        if digest not in self._states:
            return
        if hashlib.sha256(data).hexdigest() != digest:
            log.error("evidence altered", extra={"digest": digest})
            self._set(digest, PictureState.BROKEN)
            return
        image = decode(data)
        self._images[digest] = image
        self._set(digest, PictureState.HERE if not image.isNull() else PictureState.FAILED)

    def _failed(self, digest: str, error: AppError) -> None:
        if digest in self._states:
            self._set(digest, PictureState.BROKEN if error.code == "evidence.altered" else PictureState.FAILED)

    def _set(self, digest: str, state: PictureState) -> None:
        self._states[digest] = state
        self.changed.emit()

    def state(self, digest: str) -> PictureState:
        """How far it is; one that nobody asked for is still to come."""
        return self._states.get(digest, PictureState.COMING)

    def image(self, digest: str) -> QImage | None:
        """The picture, when it is here and intact."""
        return self._images.get(digest) if self.state(digest) is PictureState.HERE else None
