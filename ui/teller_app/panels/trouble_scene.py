"""Cash trouble: what happened, where the money is, what to say, what to choose, what was done already."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from common.wire.base import Amount, Sentence
from common.wire.cases import CaseView
from ui.kit.base import IconLabel, Label, Tone, frame, hbox, named, paint_tag, tag_width, vbox
from ui.kit.buttons import paint_cap
from ui.kit.kit import Kit
from ui.kit.panels import MoneyBoxes, Panel
from ui.kit.texts.formats import clock, money
from ui.kit.texts.words import T, Words, t
from ui.teller_app.case_facts import recommended
from ui.teller_app.local import Local
from ui.teller_app.panels.record_parts import said_on_kiosk
from ui.teller_app.panels.wording import said, sentence


class ChoiceRow(QAbstractButton):
    """One way out: its number, what it does, what follows; 62 px."""

    def __init__(self, kit: Kit, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit, self.number = kit, number
        self._title: T = t("teller.none")
        self._text: T = t("teller.none")
        self._chosen = self._first = False
        self.setFixedHeight(62)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        kit.theme.changed.connect(self.update)
        kit.language.changed.connect(self._name)

    def show_choice(self, title: T, text: T, *, chosen: bool, first: bool) -> None:
        """Paint a way out."""
        self._title, self._text, self._chosen, self._first = title, text, chosen, first
        self.setChecked(chosen)
        self._name()

    def _name(self) -> None:
        self.setText(self.kit.say(self._title))
        self.setAccessibleName(f"{self.number}, {self.kit.say(self._title)}, {self.kit.say(self._text)}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        from_left = 60
        painter = self._painter()
        if self._chosen:
            painter.fillRect(self.rect(), self.kit.color("accent-tint"))
            painter.fillRect(0, 0, 4, self.height(), self.kit.color("accent"))
        elif self.underMouse():
            painter.fillRect(self.rect(), self.kit.color("surface-hover"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self.kit.color("line"))
        self._paint_cap(painter)
        painter.setPen(self.kit.color("text"))
        painter.setFont(self.kit.theme.font_px(14, bold=True))
        title = self.kit.say(self._title)
        painter.drawText(from_left, 10, self.width() - 110, 20, Qt.AlignmentFlag.AlignVCenter, title)
        if self._first:
            self._paint_tag(painter, from_left + painter.fontMetrics().horizontalAdvance(title) + 8)
        painter.setPen(self.kit.color("text-2"))
        painter.setFont(self.kit.theme.font_px(13))
        text = painter.fontMetrics().elidedText(
            self.kit.say(self._text), Qt.TextElideMode.ElideRight, self.width() - 110
        )
        painter.drawText(from_left, 31, self.width() - 110, 20, Qt.AlignmentFlag.AlignVCenter, text)
        self._paint_dot(painter)
        painter.end()

    def _painter(self) -> QPainter:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter

    def _paint_cap(self, painter: QPainter) -> None:
        paint_cap(
            painter, self.kit, QRectF(16, 21, 28, 20), str(self.number), "text-2", filled=True, edge="line-strong"
        )

    def _paint_tag(self, painter: QPainter, x: int) -> None:
        words = self.kit.say(t("teller.recommended"))
        width = tag_width(self.kit, words, False)
        paint_tag(painter, self.kit, QRectF(x, 10, width, 20), words, "accent", None, self.devicePixelRatioF())

    def _paint_dot(self, painter: QPainter) -> None:
        center = QPointF(self.width() - 24, self.height() / 2)
        painter.setBrush(self.kit.color("surface"))
        pen = QPen(self.kit.color("accent"), 5) if self._chosen else QPen(self.kit.color("line-strong"), 2)
        painter.setPen(pen)
        radius = 5.5 if self._chosen else 6
        painter.drawEllipse(center, radius, radius)


class TroubleScene(QWidget):
    """The middle in cash trouble.

    Signals:
        chosen(str): a way out was picked (not yet carried out).
    """

    chosen = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._head = _Head(kit)
        self._say = said_on_kiosk(kit)
        self._choices = Panel(kit, t("teller.choose"), padding=0, gap=0)
        self._choices.add_right(Label(kit, t("teller.choose_keys"), "caption"))
        self._rows = [ChoiceRow(kit, number) for number in (1, 2, 3, 4)]
        self._ids: list[str] = []
        for row in self._rows:
            named(row, f"teller.trouble.choice{row.number}")
            row.clicked.connect(lambda _=False, number=row.number: self.pick(number))
            self._choices.body.addWidget(row)
        self._choices.body.addStretch(1)
        self._did = Panel(kit, t("teller.did"), padding=8, gap=0)
        self._did_rows = vbox(gap=0, margins=(8, 0, 8, 0))
        self._did.body.addLayout(self._did_rows)
        self._did.body.addStretch(1)
        self._did.setFixedWidth(296)
        self._again = Panel(kit, t("teller.if_again"), padding=12, gap=8)
        for code in ("teller.if_again_1", "teller.if_again_2"):
            line = hbox(gap=8)
            line.addWidget(IconLabel(kit, "info", "accent"), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Label(kit, t(code), wrap=True), 1)
            self._again.body.addLayout(line)
        self._again.body.addStretch(1)
        middle = hbox(gap=16)
        middle.addWidget(self._choices, 1)
        middle.addWidget(self._did)
        column = vbox(self._head, self._say, middle, gap=16)
        column.addWidget(self._again, 1)
        self.setLayout(column)
        self._shown: Sequence[Sentence] | None = None

    def set_compact(self, compact: bool) -> None:
        """The explanation leaves in short windows."""
        self._again.setVisible(not compact)

    def pick(self, number: int) -> bool:
        """Choose by number; whether there is such a way."""
        if 1 <= number <= len(self._ids):
            self.chosen.emit(self._ids[number - 1])
            return True
        return False

    def show_case(self, case: CaseView, local: Local, now: datetime) -> None:
        """Paint the trouble."""
        trouble = case.trouble
        if trouble is None:
            return
        self._head.show_case(case, local, now)
        self._say.setVisible(trouble.say is not None)
        if trouble.say is not None:
            self._say.set_words(said(self.kit, trouble.say))
        self._ids = list(trouble.choices[: len(self._rows)])
        current = recommended(case, local)
        self._choices.setVisible(bool(self._ids))
        for at, row in enumerate(self._rows):
            row.setVisible(at < len(self._ids))
            if at < len(self._ids):
                choice = self._ids[at]
                title, text = t(f"teller.choice_{choice}"), t(f"teller.choice_{choice}_text")
                row.show_choice(title, text, chosen=choice == current, first=at == 0)
        if self._shown != trouble.did:
            self._shown = list(trouble.did)
            self._fill_did(trouble.did)

    def _fill_did(self, done: Sequence[Sentence]) -> None:
        while (item := self._did_rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for one in done:
            row = hbox(gap=8, margins=(0, 6, 0, 6))
            row.addWidget(IconLabel(self.kit, "check-circle", "ok"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(self.kit, said(self.kit, one), wrap=True), 1)
            self._did_rows.addWidget(frame("plain", row))


class _Head(Panel):
    """The octagon, what happened, and the three boxes."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, padding=0, gap=0, parent=parent)
        self._title = named(Label(kit, "", "heading", wrap=True), "teller.trouble.title")
        self._code = Label(kit, "", "caption")
        row = hbox(IconLabel(kit, "stop", "bad", 32), gap=16, margins=(24, 16, 24, 16))
        row.addWidget(self._title, 1)
        row.addWidget(self._code)
        self.body.addWidget(frame("trouble", row))
        self._checked = named(Label(kit, "", "caption"), "teller.trouble.counted")
        self._boxes = MoneyBoxes(kit)
        where = hbox(Label(kit, t("teller.money_where"), "strong"), None, self._checked)
        self.body.addLayout(vbox(where, self._boxes, gap=8, margins=(24, 16, 24, 16)))

    def show_case(self, case: CaseView, local: Local, now: datetime) -> None:
        trouble = case.trouble
        assert trouble is not None
        self._title.set_words(sentence(self.kit, trouble.code, trouble.params))
        self._code.set_words(trouble.code)
        boxes = trouble.money
        known = boxes is not None and boxes.machine is not None and boxes.hand is not None
        waited = clock((now - local.step_since).total_seconds()) if local.step_since is not None else "00:00"
        self._checked.set_words(t("teller.counted") if known else t("teller.counting", waited=waited))
        for key in MoneyBoxes.KEYS:
            amount: Amount | None = getattr(boxes, key) if boxes is not None else None
            self._boxes.set_box(key, _shown(amount), _note(case, key, amount), _tone(case, key))


def _shown(amount: Amount | None) -> Words:
    return money(amount.minor, amount.currency) if amount is not None else t("teller.not_counted")


def _note(case: CaseView, key: str, amount: Amount | None) -> Words:
    if amount is None:
        return t("teller.counting_short")
    if key == "account":
        code = "unchanged" if amount.minor == 0 else "debited" if amount.minor < 0 else "credited"
        return t(f"teller.account_{code}")
    if key == "hand" and case.cash is not None and case.cash.suspense_ref is not None:
        return t("teller.in_suspense", ref=case.cash.suspense_ref)
    return t(f"teller.box_{key}")


def _tone(case: CaseView, key: str) -> Tone:
    suspense = case.cash is not None and case.cash.state.value == "suspense"
    return "warn" if suspense and key != "account" else ""
