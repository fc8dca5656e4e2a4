"""What lies in the machine, by service: cassettes, hoppers, bins, paper."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from devices.client.probe import ServiceLook
from devices.client.stores import GIVING, StoredUnit
from ui.engineer_app.pages import page
from ui.kit.base import TagTone
from ui.kit.kit import Kit
from ui.kit.tables import Cell, Column, Row, TableView, TagCell
from ui.kit.texts.words import Words, t

WIDE = 740
"""From this width on the thresholds are shown as well."""
ROLES = (
    "recycle", "cashOut", "deposit", "reject", "retract", "dispense", "retain", "park", "mediaIn", "envelopes",
    "neutralization", "paper", "toner", "ink", "lamp", "other",
)  # fmt: skip
TONES: dict[str, TagTone] = {
    "ok": "ok", "low": "warn", "high": "warn", "full": "bad", "out": "bad", "jammed": "bad", "fading": "warn",
    "inop": "bad", "inoperative": "bad", "missing": "bad", "manipulated": "bad", "notConfigured": "warn", "armed": "ok",
    "disarmed": "warn", "fault": "bad", "neutralizationTriggered": "bad", "empty": "", "unknown": "",
}  # fmt: skip
"""The standard's words for how a unit is; a word that is none of them is shown as unknown."""


class CountsPage(QWidget):
    """The units of every service, each with its count, its thresholds and how it is."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        columns = [
            Column(t("engineer.col_store")), Column(t("engineer.col_state"), 124), Column(t("engineer.col_role"), 148),
            Column(t("engineer.col_holds"), 112), Column(t("engineer.col_pieces"), 64, right=True),
            Column(t("engineer.col_capacity"), 64, right=True), Column(t("engineer.col_thresholds"), 104, right=True),
        ]  # fmt: skip
        self._groups: list[int] = []
        self.table = TableView(kit, columns, row_height=32)
        page(self, "counts", self.table)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for all, names come before thresholds."""
        super().resizeEvent(event)
        self.table.setColumnHidden(len(self.table.table_model.columns) - 1, event.size().width() < WIDE)

    def show_looks(self, looks: Sequence[ServiceLook], *, lost: bool = False) -> None:
        """The units now, or, without a tone, as they were seen last; services that hold nothing are left out."""
        rows: list[Row] = []
        groups: list[int] = []
        for look in looks:
            if look.units:
                groups.append(len(rows))
                rows.append(Row(look.name, (Cell(look.name, bold=True),)))
                rows += [Row(f"{look.name}/{unit.key}", _cells(unit, lost)) for unit in look.units]
        self.table.set_rows(rows)
        if groups != self._groups:  # the name of a service with its address takes the whole line
            self._groups = groups
            self.table.clearSpans()
            for at in groups:
                self.table.setSpan(at, 0, 1, len(self.table.table_model.columns))


def _cells(unit: StoredUnit, lost: bool) -> tuple[Words | TagCell, ...]:
    role = unit.role if unit.role in ROLES else "other"
    thresholds = "" if unit.low is None and unit.high is None else f"{_figure(unit.low)} / {_figure(unit.high)}"
    return (
        f"    {unit.name}", _state(unit, lost), t(f"engineer.role_{role.lower()}"), unit.holds,
        "" if unit.count is None else str(unit.count), "" if unit.capacity is None else str(unit.capacity), thresholds,
    )  # fmt: skip


def _figure(threshold: int | None) -> str:
    return "–" if threshold is None else str(threshold)


def _state(unit: StoredUnit, lost: bool) -> TagCell:
    state = unit.state if unit.state in TONES else "unknown"
    giving = unit.role in GIVING
    tone: TagTone = "bad" if state == "empty" and giving else TONES[state]
    words = t(f"engineer.state_{state.lower()}")
    return TagCell(words, "" if lost else "ok" if state == "full" and giving else tone)
