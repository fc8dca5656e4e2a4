"""Notes that the machine did not trust: number, value, what it thinks of them, where they are; a picture each."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QWidget

from common.wire.cash import SuspectNoteView, SuspectSeriesView
from ui.kit.base import IconLabel, Label, Tone, frame, hbox, named, vbox
from ui.kit.kit import Kit
from ui.kit.rows import Rows
from ui.kit.texts.words import t
from ui.teller_app.panels.form_panel import Images

PICTURE = QSize(144, 36)
_LEAST = 84
"""Height in pixels that stays in the lowest window: the head and the first thing that obliges."""


class _Row:
    """One note."""

    def __init__(self, kit: Kit, images: Images) -> None:
        self._images, self._digest = images, ""
        self._picture = QLabel()
        self._picture.setFixedSize(PICTURE)
        kit.bind(self._picture, self._picture.setAccessibleName, t("teller.evidence_suspect_note"))
        self._words = Label(kit, "", wrap=True)
        row = hbox(self._picture, gap=12, margins=(8, 0, 8, 0))
        row.addWidget(self._words, 1)
        self.widget = QWidget()
        self.widget.setLayout(row)

    def show_note(self, note: SuspectNoteView) -> None:
        self._words.set_words(
            t(
                f"teller.suspect_{note.fate}", serial=note.serial, face=note.face or "?",
                level=t(f"teller.level_{note.level}"),
            )
        )  # fmt: skip
        image = self._images(note.picture) if note.picture else None
        key = note.picture if image is not None else ""
        if key != self._digest:
            self._digest = key
            self._show(image)

    def _show(self, image: QImage | None) -> None:
        """The whole number, small; it is read, not looked at."""
        if image is None:
            self._picture.clear()
            return
        ratio = self._picture.devicePixelRatioF()
        how = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        pixmap = QPixmap.fromImage(image).scaled(PICTURE * ratio, *how)
        pixmap.setDevicePixelRatio(ratio)
        self._picture.setPixmap(pixmap)


class _Series:
    """What several notes have in common, and what it obliges to."""

    def __init__(self, kit: Kit) -> None:
        self._mark = IconLabel(kit, "warn", "warn")
        self._words = Label(kit, "", "strong", "warn", wrap=True)
        row = hbox(self._mark, gap=8, margins=(8, 0, 8, 0))
        row.addWidget(self._words, 1)
        self.widget = QWidget()
        self.widget.setLayout(row)

    def show_series(self, series: SuspectSeriesView) -> None:
        pieces, before = len(series.serials), series.before
        code = f"teller.series_{series.kind}" + ("_before" if series.kind == "same_number" and pieces == 1 else "")
        numbers = tuple(dict.fromkeys(series.serials))
        self._words.set_words(t(code, numbers=numbers, pieces=pieces, before=before))
        tone: Tone = "bad" if series.report_at_once else "warn"
        self._words.set_tone(tone)
        self._mark.set_icon("warn", tone)


class SuspectNotesBox(QScrollArea):
    """Nothing at all where every note was good; scrolls in a low window, for lines that are pressed together cannot
    be read. Object name ``teller.suspects``."""

    def __init__(self, kit: Kit, images: Images) -> None:
        super().__init__()
        named(self, "teller.suspects")
        self._head = Label(kit, "", "strong", "warn")
        self._rows = Rows(lambda: _Row(kit, images), gap=4)
        self._series = Rows(lambda: _Series(kit), gap=4)
        column = vbox(
            hbox(IconLabel(kit, "warn", "warn"), self._head, None, margins=(8, 4, 8, 0)),
            hbox(Label(kit, t("teller.suspect_rule"), "caption"), None, margins=(8, 0, 8, 0)), gap=4,
        )  # fmt: skip
        column.addLayout(self._series.layout)
        column.addLayout(self._rows.layout)
        self._inner = frame("scrolled", column)
        self.setWidget(self._inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def sizeHint(self) -> QSize:
        hint = self._inner.sizeHint()
        return QSize(hint.width(), max(hint.height(), self._inner.heightForWidth(self.viewport().width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(_LEAST, self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def show_notes(self, notes: Sequence[SuspectNoteView], series: Sequence[SuspectSeriesView] = ()) -> None:
        """Paint them, what they have in common first and of that what obliges at once; pictures come when they are
        fetched."""
        self.setVisible(bool(notes))
        ordered = sorted(series, key=lambda one: not one.report_at_once)
        for line, one in zip(self._series.show(len(ordered)), ordered, strict=True):
            line.show_series(one)
        if notes:
            self._head.set_words(t("teller.suspect_head", count=len(notes)))
        for row, note in zip(self._rows.show(len(notes)), notes, strict=True):
            row.show_note(note)
        self.updateGeometry()
