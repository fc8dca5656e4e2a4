"""Searching the registers and taking them out as files."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from common.clock import Clock
from common.errors import AppError, UserError
from common.wire.registers import RegisterPage, RegisterRow
from ui.teller_app.book_gateway import BookPort
from ui.teller_app.paper_acts import save_file

_DAYS = {"today": 0, "month": 30}


class Registers(QObject):
    """One search at a time; an answer to an earlier question is dropped.

    Signals:
        changed(): rows came. saved(str): a file was written. failed(object): an `AppError`.
    """

    changed = Signal()
    saved = Signal(str)
    failed = Signal(object)

    def __init__(self, port: BookPort, clock: Clock, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._port, self._clock = port, clock
        downloads = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        self._folder = folder or Path(downloads or Path.home())
        self._question = ("seals", "", "month")
        self._asking = 0
        self._before: int | None = None
        self.rows: Sequence[RegisterRow] = ()
        self.loaded = False

    @property
    def more(self) -> bool:
        """Whether there are earlier lines than those shown."""
        return self._before is not None

    def search(self, register: str, text: str, period: str) -> None:
        """Ask anew."""
        self._question = (register, text, period)
        self.rows, self._before, self.loaded = (), None, False
        self.changed.emit()
        self._ask()

    def earlier(self) -> None:
        """The next page of the same search."""
        if self._before is not None:
            self._ask()

    def _since(self) -> date | None:
        days = _DAYS.get(self._question[2])
        return None if days is None else self._clock.now().astimezone().date() - timedelta(days=days)

    def _ask(self) -> None:
        self._asking += 1
        asking = self._asking
        register, text, _ = self._question
        self._port.lines(
            register,
            text,
            self._since(),
            self._before,
            lambda page: self._came(asking, page),
            lambda error: self._lost(asking, error),
        )

    def _came(self, asking: int, page: RegisterPage) -> None:
        if asking == self._asking:
            self.rows = (*self.rows, *page.rows)
            self._before, self.loaded = page.before, True
            self.changed.emit()

    def _lost(self, asking: int, error: AppError) -> None:
        if asking == self._asking:
            self.failed.emit(error)

    def export(self, form: str) -> None:
        """All lines of the search as a file among the downloads."""
        register, text, _ = self._question
        name = f"guitai-{register}-{self._clock.now().astimezone():%Y%m%d-%H%M%S}.{form}"
        self._port.file(register, text, self._since(), form, lambda data: self._save(name, data), self.failed.emit)

    def _save(self, name: str, data: bytes) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self.saved.emit(str(save_file(self._folder, name, data)))
        except OSError:
            self.failed.emit(UserError("register.not_saved", file=name))
        except UserError as error:
            self.failed.emit(error)
