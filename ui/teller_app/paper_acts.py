"""Copies and voids from the teller's window: ask why, have it done, open the copy."""

from PySide6.QtCore import QObject, Signal

from common.wire.cases import CaseView
from common.wire.registers import PaperReason
from ui.kit.alerts import Alerts, Choice
from ui.kit.texts.words import t
from ui.teller_app.book_gateway import BookPort
from ui.teller_app.ports import CaseStorePort
from ui.teller_app.voucher_file import VoucherFile

_REPRINT = ("asked_for", "print_failed")
_VOID = ("wrong", "twice")


class PaperActs(QObject):
    """Reprint and void.

    Signals:
        failed(object): an `AppError`.
    """

    failed = Signal(object)

    def __init__(
        self, store: CaseStorePort, port: BookPort, voucher: VoucherFile, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._port, self._voucher = store, port, voucher

    def ask_reprint(self, alerts: Alerts) -> None:
        """Another paper: why?"""
        case = self._store.case
        if case is None or case.voucher is None:
            return
        choices = (
            Choice("stay", t("papers.keep"), cap="Esc"),
            *(Choice(key, t(f"papers.{key}"), "primary" if key == _REPRINT[0] else "") for key in _REPRINT),
        )
        title = t("papers.reprint_title", number=case.voucher.number)
        alerts.ask(title, t("papers.reprint_text"), choices, lambda key: self._reprint(key, alerts))

    def _reprint(self, key: str, alerts: Alerts) -> None:
        if key in _REPRINT:
            body = PaperReason(reason=key)
            self._store.command("voucher/reprint", body, on_ok=lambda case: self._reprinted(case, alerts))

    def _reprinted(self, case: CaseView, alerts: Alerts) -> None:
        assert case.voucher is not None
        number, ordinal = case.voucher.number, max(one.ordinal for one in case.voucher.copies if one.kind == "reprint")
        alerts.info(t("papers.reprinted", ordinal=ordinal))
        name = f"{number}-{ordinal}.pdf"
        self._port.copy(case.id, ordinal, lambda data: self._voucher.show_file(name, data), self.failed.emit)

    def ask_void(self, alerts: Alerts) -> None:
        """No longer valid: why?"""
        case = self._store.case
        if case is None or case.voucher is None:
            return
        choices = (
            Choice("stay", t("papers.keep_valid"), cap="Esc"),
            *(Choice(key, t(f"papers.{key}"), "danger2") for key in _VOID),
        )
        title = t("papers.void_title", number=case.voucher.number)
        alerts.ask(title, t("papers.void_text"), choices, lambda key: self._void(key, alerts))

    def _void(self, key: str, alerts: Alerts) -> None:
        if key in _VOID:
            done = t("papers.voided")
            self._store.command("voucher/void", PaperReason(reason=key), on_ok=lambda _: alerts.info(done))
