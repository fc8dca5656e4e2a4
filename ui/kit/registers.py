"""Searching the registers and taking them out as files."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from common.clock import Clock
from common.errors import AppError, UserError
from common.wire.companies import Agenda
from common.wire.registers import (
    HandoverAnswer,
    HandoverOffer,
    ItemEntry,
    RegisterPage,
    RegisterRow,
    SealPermissionView,
)
from ui.kit.register_gateway import RegisterPort

PERMISSIONS = "permissions"
"""Not a register: who may seal what, as it is in force."""
AGENDA = "agenda"
"""Nor is this: calls and reviews of companies that are due."""
_DAYS = {"today": 0, "month": 30}


class Registers(QObject):
    """One search at a time; an answer to an earlier question is dropped.

    Signals:
        changed(): rows came. written(): a line was added. saved(str): a file was written.
        failed(object): an `AppError`.
    """

    changed = Signal()
    written = Signal()
    saved = Signal(str)
    failed = Signal(object)

    def __init__(
        self, port: RegisterPort, clock: Clock, folder: Path | None = None, parent: QObject | None = None
    ) -> None:
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
        if register == PERMISSIONS:
            self._port.permissions(
                lambda found: self._came(asking, _as_lines(found, text)), lambda error: self._lost(asking, error)
            )
            return
        if register == AGENDA:
            only = self._clock.now().astimezone().date() if self._question[2] == "today" else None
            self._port.agenda(
                lambda found: self._came(asking, _calendar(found, text, only)),
                lambda error: self._lost(asking, error),
            )
            return
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

    def write_item(self, body: ItemEntry) -> None:
        """Key items came, went or were spoilt."""
        self._port.write("items", body, lambda _: self.written.emit(), self.failed.emit)

    def offer(self, body: HandoverOffer) -> None:
        """Hand something over."""
        self._port.write("handovers", body, lambda _: self.written.emit(), self.failed.emit)

    def answer(self, reference: str, came: bool) -> None:
        """What was handed over came whole, or did not."""
        body = HandoverAnswer(accepted=came)
        self._port.write(f"handovers/{reference}/answer", body, lambda _: self.written.emit(), self.failed.emit)

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


def _as_lines(found: Sequence[SealPermissionView], text: str) -> RegisterPage:
    """Permissions as lines of a list, newest first; ``text``: part of any of their words."""
    rows = [
        RegisterRow(
            sequence=number,
            at=one.at,
            kind="seal.permission",
            who=one.who,
            branch=one.branch,
            subject=one.branch,
            details={"role": one.role, "text": one.text, "place": one.place or "forbidden"},
        )
        for number, one in enumerate(found, start=1)
        if text.lower() in f"{one.role} {one.branch} {one.text} {one.place} {one.who}".lower()
    ]
    return RegisterPage(rows=rows[::-1])


def _calendar(found: Agenda, text: str, only: date | None) -> RegisterPage:
    """What is due with companies as lines of a list, the next first; ``only``: of this day."""
    rows = [
        RegisterRow(
            sequence=number,
            at=one.at,
            kind=f"agenda.{one.state}",
            who="",
            branch="",
            subject=one.name,
            details={"number": one.number, "representative": one.representative, "company": one.company},
        )
        for number, one in enumerate(found.calls, start=1)
    ]
    rows += [
        RegisterRow(
            sequence=len(found.calls) + number,
            at=datetime.fromisoformat(f"{one.due}T00:00:00").astimezone(),
            kind=f"agenda.{one.state}",
            who="",
            branch="",
            subject=one.name,
            details={"company": one.company},
        )
        for number, one in enumerate(found.reviews, start=1)
    ]
    rows = [row for row in rows if only is None or row.at.astimezone().date() == only or row.kind == "agenda.overdue"]
    return RegisterPage(rows=[row for row in rows if text.lower() in f"{row.subject} {row.details}".lower()])


def save_file(folder: Path, name: str, data: bytes) -> Path:
    """Keep a file under a name that is not taken yet.

    Raises:
        UserError: ``register.not_saved`` (``file``).
    """
    file = folder / name
    stem, ending = file.stem, file.suffix
    for number in range(2, 100):
        try:
            with file.open("xb") as output:
                output.write(data)
        except FileExistsError:
            file = folder / f"{stem}-{number}{ending}"
        except OSError as error:
            raise UserError("register.not_saved", file=str(file)) from error
        else:
            return file
    raise UserError("register.not_saved", file=str(file))
