"""The voucher's pages as the server draws them: the first one beside its facts, all of them in the viewer."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from common.errors import AppError
from common.wire.cases import CaseView
from ui.kit.evidence_viewer import Exhibit
from ui.kit.texts.words import t
from ui.teller_app.book_gateway import BookPort


class VoucherPages(QObject):
    """Pages of one voucher at a time; another voucher, or the same one declared void, begins anew.

    Signals:
        changed(): a page came. ready(): all pages are there, after :meth:`view`. failed(object): an `AppError`.
    """

    changed = Signal()
    ready = Signal()
    failed = Signal(object)

    def __init__(self, port: BookPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port = port
        self._case = ""
        self._digest = ""
        self._count = 0
        self._images: dict[int, QImage] = {}
        self._asked: set[int] = set()
        self._wanted = False

    def follow(self, case: CaseView | None) -> None:
        """Fetch the first page of this case's voucher once there is one."""
        digest = case.voucher.digest if case is not None and case.voucher is not None else ""
        if digest == self._digest:
            return
        self._digest, self._count, self._wanted = digest, 0, False
        self._images, self._asked = {}, set()
        if case is not None and digest:
            self._case = case.id
            self._port.pages(
                case.id, lambda count: self._counted(digest, count), lambda error: self._lost(digest, error)
            )

    def _counted(self, digest: str, count: int) -> None:
        if digest == self._digest:
            self._count = count
            self._ask(1)
            if self._wanted:
                self.view()

    def _ask(self, number: int) -> None:
        if number in self._asked:
            return
        self._asked.add(number)
        digest = self._digest
        self._port.page(
            self._case,
            number,
            lambda image: self._came(digest, number, image),
            lambda error: self._lost(digest, error, number),
        )

    def _came(self, digest: str, number: int, image: QImage) -> None:
        if digest != self._digest:
            return
        self._images[number] = image
        self.changed.emit()
        self._tell()

    def _lost(self, digest: str, error: AppError, number: int = 0) -> None:
        if digest == self._digest:
            self._asked.discard(number)
            self._wanted = False
            self.failed.emit(error)

    def view(self) -> None:
        """Have all pages fetched; ``ready`` when they are there."""
        self._wanted = True
        for number in range(1, self._count + 1):
            self._ask(number)
        self._tell()

    def _tell(self) -> None:
        if self._wanted and self._count and len(self._images) == self._count:
            self._wanted = False
            self.ready.emit()

    @property
    def first(self) -> QImage | None:
        """The first page, once it is here."""
        return self._images.get(1)

    def exhibits(self) -> tuple[Exhibit, ...]:
        """For the viewer."""
        return tuple(
            Exhibit(f"voucher{number}", t("papers.page", page=number, pages=self._count), self._images[number])
            for number in sorted(self._images)
        )
