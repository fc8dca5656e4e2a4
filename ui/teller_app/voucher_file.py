"""The voucher's PDF: fetched, checked against the digest of the case, opened in the reader of the machine."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTemporaryDir, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from common.errors import AppError, UserError
from common.wire.cases import CaseView, VoucherView
from ui.teller_app.panels.record_scene import Checked
from ui.teller_app.ports import DeskPort


class VoucherFile(QObject):
    """One voucher at a time; its file is deleted with the window.

    Signals:
        changed(): fetched and checked. failed(object): an `AppError`.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self, desk: DeskPort, opener: Callable[[QUrl], bool] = QDesktopServices.openUrl, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._opener = desk, opener
        self._folder = QTemporaryDir()
        self._asked = ""
        self._voucher: VoucherView | None = None
        self._data: bytes | None = None

    def follow(self, case: CaseView | None) -> None:
        """Fetch the voucher of this case once it is there."""
        voucher = case.voucher if case is not None else None
        if voucher is None or case is None:
            self._asked, self._voucher, self._data = "", None, None
        elif self._asked != voucher.digest:
            self._asked, self._voucher, self._data = voucher.digest, voucher, None
            self._desk.voucher(case.id, lambda data: self._came(voucher.digest, data), self.failed.emit)

    def _came(self, digest: str, data: bytes) -> None:
        if digest == self._asked:
            self._data = data
            self.changed.emit()

    @property
    def checked(self) -> Checked:
        """Whether the file is what the case says it is."""
        if self._data is None or self._voucher is None:
            return Checked.NOT_YET
        intact = hashlib.sha256(self._data).hexdigest() == self._voucher.digest
        return Checked.INTACT if intact else Checked.ALTERED

    def open(self) -> None:
        """Show the PDF in the machine's reader."""
        if self._data is None or self._voucher is None:
            return
        if self.checked is Checked.ALTERED:
            self.failed.emit(UserError("evidence.altered"))
            return
        self.show_file(f"{self._voucher.number}.pdf", self._data)

    def show_file(self, name: str, data: bytes) -> None:
        """Show any PDF of this case in the machine's reader; the file is deleted with the window."""
        file = Path(self._folder.path()) / name
        file.write_bytes(data)
        if not self._opener(QUrl.fromLocalFile(str(file))):
            error: AppError = UserError("teller.no_pdf_reader")
            self.failed.emit(error)
