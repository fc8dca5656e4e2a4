"""What the vision worker would say, by what lies on the glass: the reading is known, the picture is only looked at."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from benchmarks.seat import cases
from common.wire.cases import EvidenceKind
from ocr.api import DocumentReading, FaceLook, FaceMatch, Field, Portrait
from ui.kit.ports import OnError

BOX = ((100.0, 50.0), (300.0, 50.0), (300.0, 90.0), (100.0, 90.0))


def reading_of(
    kind: str, fields: dict[str, str], side: str | None = None, *, portrait: bool = False
) -> DocumentReading:
    """Everything read, and sure of it."""
    made = {name: Field(value, 0.99, False, BOX) for name, value in fields.items()}
    cut = Portrait(cases.pictures()[EvidenceKind.PORTRAIT], (0, 0, 10, 10)) if portrait else None
    return DocumentReading(kind=kind, side=side, fields=made, portrait=cut)


class KnowingEyes(QObject):
    """Answers on the next turn of the loop, as the worker does, never inside the call."""

    changed = Signal(str)
    state = "ready"

    def __init__(self, seen: dict[bytes, DocumentReading]) -> None:
        super().__init__()
        self.on_glass: DocumentReading | None = None
        self._seen = seen
        self.match = FaceMatch(True, 93.0, 0.4, 80.0, (1, 1), ())

    def read_document(
        self, image: bytes, birth: date | None, on_ok: Callable[[DocumentReading], object], on_error: OnError
    ) -> None:
        reading = self._seen.get(image) or self.on_glass
        assert reading is not None, "something lies on the glass"
        self._seen[image] = reading
        QTimer.singleShot(0, self, lambda: on_ok(reading))

    def match_faces(self, a: bytes, b: bytes, on_ok: Callable[[FaceMatch], object], on_error: OnError) -> None:
        QTimer.singleShot(0, self, lambda: on_ok(self.match))

    def same_person(self, a: bytes, b: bytes, on_ok: Callable[[FaceMatch], object], on_error: OnError) -> None:
        QTimer.singleShot(0, self, lambda: on_ok(self.match))

    def look(self, frame: bytes, on_ok: Callable[[FaceLook], object], on_error: OnError) -> None:
        raise AssertionError("no liveness is asked for here")
