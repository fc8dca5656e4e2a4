"""Papers and registers in the teller's window: their controllers, and which signal of them goes where."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from common.clock import Clock
from ui.kit.registers import Registers
from ui.kit.registers_view import wire_registers
from ui.teller_app.book_gateway import BookPort
from ui.teller_app.paper_acts import PaperActs
from ui.teller_app.ports import CaseStorePort
from ui.teller_app.voucher_file import VoucherFile
from ui.teller_app.voucher_pages import VoucherPages

if TYPE_CHECKING:
    from ui.teller_app.window import TellerWindow


@dataclass(frozen=True)
class Books:
    """The voucher's pages, what is done with its paper, the registers."""

    pages: VoucherPages
    acts: PaperActs
    registers: Registers


def make_books(
    port: BookPort, store: CaseStorePort, voucher: VoucherFile, clock: Clock, owner: QObject | None = None
) -> Books:
    """Make them; they live as long as ``owner``."""
    pages, acts = VoucherPages(port, owner), PaperActs(store, port, voucher, owner)
    return Books(pages, acts, Registers(port, clock, parent=owner))


def wire_books(window: "TellerWindow") -> None:
    """Connect everything of papers and registers."""
    books, popups = window.parts.books, window.popups
    books.pages.changed.connect(window.repaint_soon)
    books.pages.ready.connect(lambda: popups.viewer.open(books.pages.exhibits()))
    for part in (books.pages, books.acts):
        part.failed.connect(window.failed)
    window.body.middle.record.voucher.view.connect(books.pages.view)
    wire_registers(books.registers, popups.registers)
    window.actions_.paper.connect(lambda id: _do(window, id))


def _do(window: "TellerWindow", id: str) -> None:
    books = window.parts.books
    if id == "registers":
        window.popups.registers.open(window.parts.user.number)
    elif id == "suspense":
        window.popups.suspense.open()
    elif id == "view_voucher":
        books.pages.view()
    elif id == "reprint":
        books.acts.ask_reprint(window.alerts)
    elif id == "void_voucher":
        books.acts.ask_void(window.alerts)
