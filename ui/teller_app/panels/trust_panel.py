"""Chip, authorities, and every source side by side where they do not agree."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from common.wire.cases import CaseView
from ui.kit.base import Label, Tag, hbox, named
from ui.kit.kit import Kit
from ui.kit.panels import Panel
from ui.kit.texts.words import t
from ui.teller_app.local import Local
from ui.teller_app.trust import COLUMNS, Said, cell, chip_said, contradicts, differing, sources_said, verification_said

ROWS = 3
"""More than these do not fit over the form; how many there are is said beside."""


class TrustPanel(Panel):
    """One line while all is well; the differing fields source by source under it when not."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, padding=8, gap=4, parent=parent)
        self._chip = named(Tag(kit), "teller.trust.chip")
        self._verify = named(Tag(kit), "teller.trust.verify")
        self._detail = named(Label(kit, "", "caption", elide=True), "teller.trust.source")
        self._sources = named(Tag(kit), "teller.trust.sources")
        row = hbox(self._verify, gap=8, margins=(7, 0, 7, 0))
        row.addWidget(self._detail, 1)
        row.addWidget(self._chip)
        row.addWidget(self._sources)
        self.body.addLayout(row)
        self._grid_box = named(QWidget(), "teller.trust.grid")
        self._grid_box.setProperty("role", "plain")
        self._grid = QGridLayout(self._grid_box)
        self._grid.setContentsMargins(7, 0, 7, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._cells: list[list[Label]] = []
        self._make_cells()
        self.body.addWidget(self._grid_box)

    def _make_cells(self) -> None:
        for at, column in enumerate(COLUMNS, start=1):
            self._grid.addWidget(Label(self.kit, t(f"teller.source_{column}"), "caption", "faint"), 0, at)
            self._grid.setColumnStretch(at, 2)
        self._grid.setColumnStretch(0, 1)
        for row in range(1, ROWS + 1):
            labels = [Label(self.kit, "", "caption", wrap=True) for _ in range(len(COLUMNS) + 1)]
            for at, label in enumerate(labels):
                self._grid.addWidget(label, row, at, Qt.AlignmentFlag.AlignTop)
            self._cells.append(labels)

    def show_case(self, case: CaseView, local: Local) -> None:
        """Paint what is known."""
        verification = verification_said(case, local)
        _tag(self._verify, verification)
        self._detail.set_words(verification.detail or "")
        _tag(self._chip, chip_said(case))
        _tag(self._sources, sources_said(case))
        rows = differing(case)[:ROWS]
        self._grid_box.setVisible(bool(rows))
        for at, labels in enumerate(self._cells):
            for label in labels:
                label.setVisible(at < len(rows))
            if at >= len(rows):
                continue
            row = rows[at]
            labels[0].set_words(t("teller.either", zh=row.label_zh, en=row.label_en))
            for label, column in zip(labels[1:], COLUMNS, strict=True):
                label.set_words(cell(row, column))
                label.set_tone("warn" if contradicts(row, column) else "")


def _tag(tag: Tag, said: Said) -> None:
    tag.set_tag(said.words, said.tone, said.icon)  # type: ignore[arg-type]
