"""Pictures of evidence by digest: fetched once, checked against their digest, a bounded number kept."""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import cache

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from common.errors import AppError, ServiceError
from ui.kit.picture_files import decode
from ui.kit.ports import PicturePort

log = logging.getLogger(__name__)
KEPT = 48
"""The oldest leaves when one more comes: pictures of eight customers."""
ALTERED = "evidence.altered"
_THUMBNAIL = 480
"""Pixels of the longer side."""
AT_ONCE = 4_000
"""Bytes: a larger picture is decoded beside the GUI thread; several of a case arrive together and would add up."""


class PictureState(Enum):
    """How far one picture is. BROKEN: it came, or the server says so, but it is not what was stored."""

    COMING = "coming"
    HERE = "here"
    BROKEN = "broken"
    FAILED = "failed"


def thumbnail(image: QImage) -> QImage:
    """The picture no larger than a strip's place at 200 %. On any thread: a camera's picture takes milliseconds."""
    if image.isNull() or max(image.width(), image.height()) <= _THUMBNAIL:
        return image
    mode, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(_THUMBNAIL, _THUMBNAIL, mode, smooth)


@cache
def _decoder() -> ThreadPoolExecutor:
    """One thread for all: pictures come in handfuls, and the call beside them needs the processor."""
    return ThreadPoolExecutor(1, thread_name_prefix="pictures")


class Pictures(QObject):
    """Fetches and keeps pictures.

    Signals:
        arrived(str): this digest is here and intact. broken(str): it came, but is not what was stored.
        failed(str, object): it is not to be had, for this `AppError`; of a broken one too.
    """

    arrived = Signal(str)
    broken = Signal(str)
    failed = Signal(str, object)
    _decoded = Signal(str, object, QImage, QImage)

    def __init__(self, port: PicturePort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port = port
        self._bytes: OrderedDict[str, bytes] = OrderedDict()
        self._images: dict[str, QImage] = {}
        self._thumbnails: dict[str, QImage] = {}
        self._asked: set[str] = set()
        self._broken: set[str] = set()
        self._failed: set[str] = set()
        # Emitted on a thread of its own, heard on the GUI thread.
        self._decoded.connect(self._was_decoded, Qt.ConnectionType.QueuedConnection)

    def want(self, digest: str) -> None:
        """Fetch it unless it is here, on its way, or known to be broken."""
        if digest in self._bytes or digest in self._asked or digest in self._broken:
            return
        self._failed.discard(digest)
        self._asked.add(digest)
        self._port.picture(digest, lambda data: self._came(digest, data), lambda error: self._refused(digest, error))

    def again(self, digest: str) -> None:
        """Fetch it although it came damaged before."""
        self._broken.discard(digest)
        self.want(digest)

    def keep_only(self, digests: Collection[str]) -> None:
        """Forget all others; what is still on its way for them is not kept when it comes."""
        for digest in [*self._bytes, *self._asked, *self._broken, *self._failed]:
            if digest not in digests:
                self._bytes.pop(digest, None)
                self._images.pop(digest, None)
                self._thumbnails.pop(digest, None)
                for group in (self._asked, self._broken, self._failed):
                    group.discard(digest)

    def _came(self, digest: str, data: bytes) -> None:
        if digest in self._asked:
            self.put(digest, data)

    def put(self, digest: str, data: bytes) -> None:
        """A picture that came or was made here."""
        self._asked.discard(digest)
        if hashlib.sha256(data).hexdigest() != digest:
            self._not_had(digest, ServiceError(ALTERED, retryable=False))
            return
        if len(data) < AT_ONCE:
            image = decode(data)
            self._keep(digest, data, image, thumbnail(image))
            return
        self._asked.add(digest)
        _decoder().submit(self._decode, digest, data)

    def _decode(self, digest: str, data: bytes) -> None:
        image = decode(data)
        if shiboken6.isValid(self):  # its window may have gone meanwhile
            self._decoded.emit(digest, data, image, thumbnail(image))

    def _was_decoded(self, digest: str, data: bytes, image: QImage, small: QImage) -> None:
        if digest in self._asked:
            self._asked.discard(digest)
            self._keep(digest, data, image, small)

    def _keep(self, digest: str, data: bytes, image: QImage, small: QImage) -> None:
        self._bytes[digest] = data
        self._images[digest], self._thumbnails[digest] = image, small
        while len(self._bytes) > KEPT:
            oldest, _ = self._bytes.popitem(last=False)
            self._images.pop(oldest, None)
            self._thumbnails.pop(oldest, None)
        self.arrived.emit(digest)

    def _refused(self, digest: str, error: AppError) -> None:
        if digest in self._asked:
            self._not_had(digest, error)

    def _not_had(self, digest: str, error: AppError) -> None:
        self._asked.discard(digest)
        if error.code == ALTERED:
            log.error("evidence altered", extra={"digest": digest})
            self._broken.add(digest)
            self.broken.emit(digest)
        else:
            self._failed.add(digest)
        self.failed.emit(digest, error)

    def state(self, digest: str) -> PictureState:
        """How far it is; one that nobody asked for is still to come. A file that is no picture has failed."""
        if digest in self._broken:
            return PictureState.BROKEN
        image = self._images.get(digest)
        if image is not None:
            return PictureState.HERE if not image.isNull() else PictureState.FAILED
        return PictureState.FAILED if digest in self._failed else PictureState.COMING

    def data(self, digest: str) -> bytes | None:
        """The file's bytes."""
        return self._bytes.get(digest)

    def image(self, digest: str) -> QImage | None:
        """The decoded picture, when it is here and is one."""
        image = self._images.get(digest)
        return image if image is not None and not image.isNull() else None

    def thumbnail(self, digest: str) -> QImage | None:
        """The same small, for places of a strip."""
        image = self._thumbnails.get(digest)
        return image if image is not None and not image.isNull() else None

    def is_broken(self, digest: str) -> bool:
        """Whether what came is not what was stored."""
        return digest in self._broken
