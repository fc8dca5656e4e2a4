"""Waiting for the second person: who looks, since when, what can be said and done meanwhile, what was sent."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from common.wire.base import Sentence
from common.wire.cases import CaseView
from ui.kit.base import IconLabel, Label, frame, hbox, named, set_prop, vbox
from ui.kit.buttons import Button
from ui.kit.kit import Kit
from ui.kit.panels import AlertBox, Panel
from ui.kit.spinner import Spinner
from ui.kit.steps import AuthTimeline, Step
from ui.kit.texts.formats import clock
from ui.kit.texts.words import Words, t
from ui.teller_app.local import Local
from ui.teller_app.panels.evidence_panel import Images, Pictures
from ui.teller_app.panels.record_parts import FaceLine, said_on_kiosk
from ui.teller_app.panels.wording import at, said, sentence, short_digest
from ui.teller_app.presenter import say_line, waiting


class AuthorisationScene(QWidget):
    """The middle while a second person looks, and after a refusal.

    Signals:
        withdraw(): take it back. opened(str): evidence to look at.
    """

    withdraw = Signal()
    opened = Signal(str)

    def __init__(self, kit: Kit, images: Images, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self._head = _Head(kit)
        self._say = said_on_kiosk(kit)
        self._altered = named(AlertBox(kit, "bad", "", t("teller.altered_text")), "teller.auth.altered")
        self._why = _Why(kit)
        self._can = _Can(kit)
        self._can.withdraw.clicked.connect(lambda: self.withdraw.emit())
        self._sent = _Sent(kit, images)
        self._sent.strip.opened.connect(self.opened)
        middle = hbox(gap=16)
        middle.addWidget(self._why, 1)
        middle.addWidget(self._can, 1)
        column = vbox(self._head, self._altered, self._say, middle, gap=16)
        column.addWidget(self._sent, 1)
        self.setLayout(column)

    def set_compact(self, compact: bool) -> None:
        """What was sent leaves in short windows; the decision and its clock stay."""
        self._sent.setVisible(not compact)

    def show_case(self, case: CaseView, local: Local, now: datetime) -> None:
        """Paint where the authorisation stands."""
        self._head.show_case(case, local, now)
        self._show_altered(case)
        words = say_line(case, local)
        self._say.setVisible(words is not None)
        self._say.set_words(words or "")
        self._why.show_reasons(case.authorisation.reasons if case.authorisation is not None else [])
        self._can.show_case(case, local)
        self._sent.show_case(case, local)

    def _show_altered(self, case: CaseView) -> None:
        altered = case.authorisation.altered if case.authorisation is not None else []
        piece = next((piece for piece in case.evidence if piece.digest in altered), None)
        self._altered.setVisible(piece is not None)
        if piece is not None:
            title = t("teller.altered", what=t(f"teller.evidence_{piece.kind.value}"))
            self._altered.set_alert("bad", title, t("teller.altered_text"))


class _Head(Panel):
    """The ring that turns, who looks, the clock, the way so far."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, padding=24, gap=20, parent=parent)
        self._spinner = Spinner(kit, 44)
        self._mark = IconLabel(kit, "x-circle", "bad", 40)
        self._title = named(Label(kit, "", "heading", wrap=True), "teller.auth.title")
        self._text = named(Label(kit, "", tone="muted", wrap=True), "teller.auth.text")
        self._caption = Label(kit, t("teller.used"), "caption")
        self._clock = named(Label(kit, "", "display"), "teller.auth.clock")
        for label in (self._caption, self._clock):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
        row = hbox(self._spinner, self._mark, gap=16)
        row.addLayout(vbox(self._title, self._text, gap=0), 1)
        row.addLayout(vbox(self._caption, self._clock, gap=0))
        self._way = AuthTimeline(kit)
        self.body.addLayout(row)
        self.body.addWidget(self._way)

    def show_case(self, case: CaseView, local: Local, now: datetime) -> None:
        decision, state = case.authorisation, waiting(case, local)
        if decision is None or state is None:
            self._title.set_words(t("teller.case_rejected"))
            self._text.set_words(case.end_text or "")
            return
        over = state.reached >= 4
        self._spinner.setVisible(not over)
        self._mark.setVisible(over)
        self._title.set_words(state.title)
        known = sentence(self.kit, state.text.code, state.text.params)
        self._text.set_words(known)
        set_prop(self, "tone", state.tone if state.tone == "warn" else "")
        caption = "decided_at" if over else "used" if state.reached > 1 else "waited"
        self._caption.set_words(t(f"teller.{caption}"))
        self._clock.set_words(
            at(state.since) if over else clock((now - state.since).total_seconds()) if state.since else ""
        )
        number = decision.authoriser.number if decision.authoriser is not None else ""
        looked: Words = t("teller.way_looks", number=number) if number else t("teller.way_look")
        way = ((t("teller.way_sent"), decision.submitted_at), (t("teller.way_dealt"), decision.assigned_at),
               (looked, decision.opened_at), (t("teller.way_decided"), decision.decided_at))  # fmt: skip
        self._way.set_steps(
            [
                Step(words, "done" if place < state.reached else "now" if place == state.reached else "todo", at(when))
                for place, (words, when) in enumerate(way)
            ]
        )


class _Why(Panel):
    """The rules that fired."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.why"), padding=0, gap=0, parent=parent)
        self._rows = vbox(gap=0)
        self.body.addLayout(self._rows)
        self.body.addStretch(1)
        self._shown: list[Sentence] | None = None

    def show_reasons(self, reasons: list[Sentence]) -> None:
        if reasons == self._shown:
            return
        self._shown = list(reasons)
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for reason in reasons:
            rule = str(reason.params.get("rule") or "")
            code = Label(self.kit, rule, "caption", "faint")
            row = hbox(gap=8, margins=(16, 10, 16, 10))
            if rule:
                row.addWidget(code, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(self.kit, said(self.kit, reason), wrap=True), 1)
            self._rows.addWidget(frame("head", row))


class _Can(Panel):
    """What can be done meanwhile."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.can_now"), padding=12, gap=8, parent=parent)
        self.withdraw = named(Button(kit, t("teller.withdraw"), "danger2", "s", icon="undo"), "teller.withdraw")
        words = Label(kit, t("teller.can_withdraw"), wrap=True)
        row = hbox(gap=8)
        row.addWidget(words, 1)
        row.addWidget(self.withdraw)
        self._row = frame("plain", row)
        self._talk = Label(kit, t("teller.can_talk"), wrap=True, tone="muted")
        self.body.addWidget(self._row)
        self.body.addWidget(self._talk)
        self.body.addStretch(1)

    def show_case(self, case: CaseView, local: Local) -> None:
        open_ = case.state.value == "awaiting_authorisation"
        self._row.setVisible(open_)
        self._talk.set_words(t("teller.can_talk" if open_ else "teller.can_end"))
        self.withdraw.setEnabled(open_ and not local.command and local.offline_since is None)


class _Sent(Panel):
    """The evidence the decision rests on."""

    def __init__(self, kit: Kit, images: Images, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.sent"), parent=parent)
        self._count = Label(kit, "", "caption")
        self.add_right(self._count)
        self.strip = Pictures(kit, images, prefix="teller.sent")
        self.face = FaceLine(kit)
        row = hbox(self.strip, gap=16)
        row.addWidget(self.face, 1)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def show_case(self, case: CaseView, local: Local) -> None:
        self.strip.show_case(case, local)
        self.face.show_match(case.face_match)
        digest = short_digest(case.summary.digest) if case.summary is not None else "–"
        self._count.set_words(t("teller.sent_count", n=len(case.evidence), digest=digest))
