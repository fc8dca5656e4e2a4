"""Pictures of evidence by digest: fetched once, checked against their digest, a bounded number kept."""

import hashlib
from collections import OrderedDict

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageReader

from common.errors import AppError, ServiceError
from ui.teller_app.ports import DeskPort

KEPT = 48
"""The oldest leaves when one more comes: pictures of eight customers."""


def decode(data: bytes) -> QImage:
    """A picture turned upright as its EXIF says; a null image when it is none."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    return reader.read()


class Pictures(QObject):
    """Fetches and keeps pictures.

    Signals:
        arrived(str): this digest is here and intact. broken(str): it came, but is not what was stored.
        failed(str, object): it could not be fetched.
    """

    arrived = Signal(str)
    broken = Signal(str)
    failed = Signal(str, object)

    def __init__(self, desk: DeskPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._bytes: OrderedDict[str, bytes] = OrderedDict()
        self._images: dict[str, QImage] = {}
        self._asked: set[str] = set()
        self._broken: set[str] = set()

    def want(self, digest: str) -> None:
        """Fetch it unless it is here or on its way."""
        if digest in self._bytes or digest in self._asked or digest in self._broken:
            return
        self._asked.add(digest)
        self._desk.picture(digest, lambda data: self.put(digest, data), lambda error: self._failed(digest, error))

    def again(self, digest: str) -> None:
        """Fetch it although it came damaged before."""
        self._broken.discard(digest)
        self.want(digest)

    def put(self, digest: str, data: bytes) -> None:
        """A picture that came or was made here."""
        self._asked.discard(digest)
        if hashlib.sha256(data).hexdigest() != digest:
            self._broken.add(digest)
            self.broken.emit(digest)
            self.failed.emit(digest, ServiceError("evidence.altered", retryable=False))
            return
        self._bytes[digest] = data
        self._images[digest] = decode(data)
        while len(self._bytes) > KEPT:
            oldest, _ = self._bytes.popitem(last=False)
            self._images.pop(oldest, None)
        self.arrived.emit(digest)

    def _failed(self, digest: str, error: AppError) -> None:
        self._asked.discard(digest)
        self.failed.emit(digest, error)

    def data(self, digest: str) -> bytes | None:
        """The file's bytes."""
        return self._bytes.get(digest)

    def image(self, digest: str) -> QImage | None:
        """The decoded picture."""
        return self._images.get(digest)

    def is_broken(self, digest: str) -> bool:
        """Whether what came is not what was stored."""
        return digest in self._broken
