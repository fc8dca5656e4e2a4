"""Tests of the services: what can be tested, what came of it, how long it took."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from common.errors import AppError, UserError
from devices.client.probe import TrialOffer, TrialResult
from ui.engineer_app.link import MachineLink
from ui.engineer_app.pages import MACHINE_LOST, Press, page
from ui.kit.base import Label, hbox, named
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.tables import Column, Row, TableView, TagCell
from ui.kit.texts.words import Words, t

Failed = Callable[[AppError], object]


class TrialPage(QWidget):
    """A row for each test with its result; below, the last one's in full."""

    def __init__(self, kit: Kit, link: MachineLink, failed: Failed) -> None:
        super().__init__()
        self._kit, self._link, self._failed, self._chosen = kit, link, failed, ""
        self._running = self._lost = False
        self._offers: tuple[TrialOffer, ...] = ()
        self._results: dict[str, TrialResult] = {}
        columns = [
            Column(t("engineer.col_service"), 210), Column(t("engineer.col_test")),
            Column(t("engineer.col_result"), 110), Column(t("engineer.col_ms"), 100, right=True),
        ]  # fmt: skip
        self.table = TableView(kit, columns, row_height=32)
        self.run = named(Button(kit, t("engineer.run_test"), "primary", on_click=self._run), "engineer.run_test")
        self._runs = Press(kit, self.run)
        self.said = named(Label(kit, "", wrap=True), "engineer.test_said")
        self.table.row_chosen.connect(self._choose)
        page(self, "tests", self.table, hbox(self.run, self.said, gap=12))
        self._show()

    def _choose(self, name: str) -> None:
        self._chosen = name
        self._show()

    def _run(self) -> None:
        self._running = True
        self._show()
        self._link.test(self._chosen, self._ran, self._not_run)

    def _ran(self, result: TrialResult) -> None:
        self._results[result.name] = result
        self._running = False
        self._show()

    def _not_run(self, error: AppError) -> None:
        self._running = False
        self._show()
        self._failed(error)

    def set_lost(self, lost: bool) -> None:
        """The machine is lost, or there again."""
        self._lost = lost
        self._show()

    def show_tests(self, offers: Sequence[TrialOffer]) -> None:
        """What can be tested, with what came of it."""
        self._offers = tuple(offers)
        self._show()

    def _show(self) -> None:
        self._runs.show(MACHINE_LOST if self._lost else "", may=bool(self._chosen) and not self._running)
        self.said.set_words(self._said(self._results.get(self._chosen)))
        self.table.set_rows(
            [Row(one.name, (one.service, _what(one), *_cells(self._results.get(one.name)))) for one in self._offers]
        )

    def _said(self, result: TrialResult | None) -> Words:
        if self._running:
            return t("engineer.test_running")
        if result is None:
            return ""
        return t("engineer.test_ok", ms=result.ms) if result.error is None else self._kit.language.error(result.error)


def _what(offer: TrialOffer) -> Words:
    """A camera's test says which camera it is."""
    _, _, which = offer.name.rpartition(" ")
    return t(f"engineer.trial_{offer.word}", which=which)


def _cells(result: TrialResult | None) -> tuple[Words | TagCell, ...]:
    if result is None:
        return ("", "")
    if isinstance(result.error, UserError):
        return (TagCell(t("engineer.test_refused"), "warn"), "")
    if result.error is not None:
        return (TagCell(t("engineer.test_bad"), "bad"), str(result.ms))
    return (TagCell(t("engineer.test_good"), "ok"), str(result.ms))
