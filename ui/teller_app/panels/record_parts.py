"""Small parts that several scenes share: the face line, a row of a check list."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from common.wire.cases import FaceMatchView
from ui.kit.base import IconLabel, Label, Tag, hbox, vbox
from ui.kit.kit import Kit
from ui.kit.meters import ScoreBox
from ui.kit.panels import SayLine
from ui.kit.spinner import Spinner
from ui.kit.texts.words import Words, t
from ui.teller_app.panels.evidence_panel import verdict
from ui.teller_app.panels.wording import at


class FaceLine(QWidget):
    """Score and verdict."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self.score = ScoreBox(kit)
        self.setLayout(vbox(self.score, None, gap=0))

    def show_match(self, match: FaceMatchView | None) -> None:
        """Paint the match, or that there is none."""
        if match is None:
            self.score.set_score(None, note=t("teller.face_not_yet"))
            return
        words = t("teller.face_note", threshold=f"{match.threshold:.1f}", at=at(match.at))
        self.score.set_score(match.score, match.threshold, verdict(match), words)


def said_on_kiosk(kit: Kit) -> SayLine:
    """A sentence to say, with a word that the customer's screen says so too."""
    line = SayLine(kit, "")
    layout = line.layout()
    assert layout is not None
    layout.addWidget(Tag(kit, t("teller.said_on_kiosk"), "ok", "screen"))
    return line


class CheckLine(QWidget):
    """Mark, words, a small note, a time: done, going on, failed or still to come."""

    def __init__(self, kit: Kit, words: Words = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._mark = IconLabel(kit, "clock", "text-3")
        self._spinner = Spinner(kit, 16)
        self.words = Label(kit, words)
        self._note = Label(kit, "", "caption", elide=True)
        self._when = Label(kit, "", "caption", "faint")
        row = hbox(self._mark, self._spinner, self.words, gap=8)
        row.addWidget(self._note, 1)
        row.addWidget(self._when, 0, Qt.AlignmentFlag.AlignRight)
        self.setLayout(row)
        self.setMinimumHeight(24)

    def show_state(self, state: str, words: Words, note: Words = "", when: Words = "") -> None:
        """``state``: done, now, todo, warn or bad."""
        icons = {"done": ("check-circle", "ok"), "warn": ("warn", "warn"), "bad": ("stop", "bad")}
        icon, role = icons.get(state, ("clock", "text-3"))
        self._mark.set_icon(icon, role)
        self._mark.setVisible(state != "now")
        self._spinner.setVisible(state == "now")
        self.words.set_words(words)
        self.words.set_tone("muted" if state == "todo" else "")
        self._note.set_words(note)
        self._when.set_words(when)
