"""Confirm, PIN, signature, execution: the kiosk's mirror beside the very summary the customer signs."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from common.wire.cases import CaseView, CustomerStep, SummaryLine
from ui.kit.base import IconLabel, Label, Painted, Tone, frame, hbox, named, set_prop, vbox
from ui.kit.business import words
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.panels import AlertBox, Panel
from ui.kit.rows import Rows
from ui.kit.texts.formats import clock
from ui.kit.texts.words import Words, t
from ui.teller_app.local import Local
from ui.teller_app.panels.mirror_panel import MirrorPanel
from ui.teller_app.panels.record_parts import CheckLine
from ui.teller_app.panels.wording import at, sentence, short_digest
from ui.teller_app.strokes import Stroke


class SignatureView(Painted):
    """The customer's strokes as they come, in their own proportions."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._strokes: tuple[Stroke, ...] = ()
        self.setMinimumHeight(96)
        self.setMaximumHeight(160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        kit.bind(self, self.setAccessibleName, t("teller.signature"))

    def set_strokes(self, strokes: Sequence[Stroke]) -> None:
        """Show these."""
        if tuple(strokes) != self._strokes:
            self._strokes = tuple(strokes)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(self.kit.color("line-strong"))
        painter.setBrush(self.kit.color("surface"))
        painter.drawRoundedRect(box, 6, 6)
        if self._strokes:
            pad = self._strokes[0]
            scale = min((box.width() - 16) / pad.width, (box.height() - 16) / pad.height)
            left, top = (box.width() - pad.width * scale) / 2, (box.height() - pad.height * scale) / 2
            ends = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
            painter.setPen(QPen(self.kit.color("text"), max(1.5, 7 * scale), Qt.PenStyle.SolidLine, *ends))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for stroke in self._strokes:
                points = [QPointF(left + x * scale, top + y * scale) for x, y in stroke.points]
                path = QPainterPath(points[0])
                for point in points[1:]:
                    path.lineTo(point)
                painter.drawPath(path)
        painter.end()


class _Summary(Panel):
    """The lines the customer sees, from the same data the signature is bound to."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.summary"), padding=0, gap=0, parent=parent)
        self.add_right(Label(kit, t("teller.summary_same"), "caption"))
        self._none = Label(kit, t("teller.summary_none"), "label")
        self._none.setContentsMargins(15, 3, 15, 3)
        self._rows = Rows(lambda: _SummaryRow(kit), ahead=10)
        self._rows.layout.setContentsMargins(15, 3, 15, 3)
        self.body.addWidget(self._none)
        self.body.addLayout(self._rows.layout)
        self._shown: tuple[object, ...] | None = None
        kit.language.changed.connect(self._retell)
        self._case: CaseView | None = None

    def _retell(self) -> None:
        if self._case is not None:
            self.show_case(self._case)

    def show_case(self, case: CaseView) -> None:
        """Paint the lines; the one the customer disputes stands out."""
        self._case = case
        lines = case.summary.lines if case.summary is not None else []
        shown = (tuple(lines), case.disputed_line, self.kit.language.current)
        if shown == self._shown:
            return
        self._shown = shown
        self._none.setVisible(not lines)
        for row, line in zip(self._rows.show(len(lines)), lines, strict=True):
            row.show_line(line, disputed=line.code == case.disputed_line)


class _SummaryRow:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._mark = IconLabel(kit, "stop", "bad")
        self._label = Label(kit, "", "label")
        self._value = Label(kit, "", wrap=True)
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = hbox(self._mark, self._label, gap=12, margins=(0, 6, 0, 6))
        row.addWidget(self._value, 1)
        self.widget = frame("head", row)

    def show_line(self, line: SummaryLine, *, disputed: bool) -> None:
        tone: Tone = "bad" if disputed else ""
        kit = self._kit
        self._mark.setVisible(disputed)
        self._label.set_tone(tone)
        self._label.set_words(words(line.label) if line.label else sentence(kit, line.code))
        set_prop(self._value, "type", "strong" if line.emphasis else "")
        self._value.set_tone(tone)
        self._value.set_words(line.value_en if kit.language.current == "en" and line.value_en else line.value)


class _Proofs(Panel):
    """Confirmation, PIN and signature as they arrive."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.proofs"), padding=12, gap=8, parent=parent)
        self._confirm, self._pin, self._sign = CheckLine(kit), CheckLine(kit), CheckLine(kit)
        for name, widget in (("confirm", self._confirm), ("pin", self._pin), ("sign", self._sign)):
            named(widget.words, f"teller.proof.{name}")
            self.body.addWidget(widget)
        self.signature = named(SignatureView(kit), "teller.signature")
        self.body.addWidget(self.signature, 1)
        self._digest = Label(kit, "", "caption")
        self.body.addLayout(
            hbox(IconLabel(kit, "link", "text-2"), Label(kit, t("teller.bound"), "caption"), None, self._digest)
        )
        self.body.addStretch(1)

    def show_case(self, case: CaseView, local: Local, strokes: int, now: datetime) -> None:
        waited = clock((now - local.step_since).total_seconds()) if local.step_since is not None else ""
        step = case.customer_step
        if case.disputed_line is not None:
            self._confirm.show_state("bad", t("teller.proof_disputed"))
        elif case.confirmed_at is not None:
            self._confirm.show_state("done", t("teller.proof_confirmed"), "", at(case.confirmed_at))
        else:
            now_ = step is CustomerStep.CONFIRM
            self._confirm.show_state("now" if now_ else "todo", t("teller.proof_confirm"), "", waited if now_ else "")
        self._pin.setVisible(bool(case.pin_mode))
        self._show_pin(case, waited)
        if case.signed_at is not None:
            self._sign.show_state("done", t("teller.proof_signed"), "", at(case.signed_at))
        elif step is CustomerStep.SIGN:
            note: Words = t("teller.stroke_count", n=strokes) if strokes else ""
            self._sign.show_state("now", t("teller.proof_signing"), note, waited)
        else:
            self._sign.show_state("todo", t("teller.proof_sign"))
        digest = case.summary.digest if case.summary is not None else ""
        self._digest.set_words(f"SHA-256 {short_digest(digest)}" if digest else "")

    def _show_pin(self, case: CaseView, waited: str) -> None:
        tries = t("teller.pin_tries", n=case.pin_tries_left)
        if case.pin_state == "ok":
            self._pin.show_state("done", t("teller.proof_pin_ok"), t("teller.pin_note"))
        elif case.pin_state == "blocked":
            self._pin.show_state("bad", t("teller.proof_pin_blocked"))
        elif case.pin_state == "wrong":
            self._pin.show_state("warn", t("teller.proof_pin_wrong"), tries, waited)
        elif case.customer_step is CustomerStep.PIN:
            self._pin.show_state("now", t("teller.proof_pin_typing"), t("teller.pin_note"), waited)
        else:
            self._pin.show_state("todo", t("teller.proof_pin"))


class SummaryScene(QWidget):
    """The middle from authorisation to payout.

    Signals:
        confirm_again(): the customer shall look at it once more.
    """

    confirm_again = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mirror = MirrorPanel(kit)
        self._summary = _Summary(kit)
        self._proofs = _Proofs(kit)
        self._again = named(Button(kit, t("teller.confirm_again"), fit="s", icon="send"), "teller.confirmAgain")
        self._again.clicked.connect(lambda: self.confirm_again.emit())
        self._alert = named(AlertBox(kit, "warn", "", button=self._again), "teller.summaryAlert")
        self._alert.hide()
        self._strokes: list[Stroke] = []
        right = vbox(self._alert, self._summary, gap=16)
        right.addWidget(self._proofs, 1)
        row = hbox(gap=16)
        row.addWidget(self.mirror, 1)
        row.addLayout(right, 1)
        self.setLayout(row)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """What has come of the signature."""
        return tuple(self._strokes)

    def set_strokes(self, strokes: list[Stroke]) -> None:
        """The customer writes."""
        self._strokes = strokes
        self._proofs.signature.set_strokes(strokes)

    def show_case(self, case: CaseView, local: Local, now: datetime) -> None:
        """Paint where the customer is."""
        self.mirror.show_case(case, local)
        self._summary.show_case(case)
        self._proofs.show_case(case, local, len(self._strokes), now)
        self._again.setVisible(case.disputed_line is not None)
        if case.disputed_line is not None:
            line = sentence(self._summary.kit, case.disputed_line)
            self._alert.set_alert("warn", t("teller.disputed_title", what=line), t("teller.disputed_text"))
            self._alert.show()
        elif case.customer_step is CustomerStep.INSERT_CARD:
            self._alert.set_alert("warn", t("teller.pulled_title"), t("teller.pulled_text"))
            self._alert.show()
        else:
            self._alert.hide()
