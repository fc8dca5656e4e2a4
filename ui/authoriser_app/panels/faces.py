"""The left region of a task: faces first, then the documents, then whether the evidence is intact."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from common.wire.authorisation import TaskView
from common.wire.cases import EvidenceKind, EvidenceView
from ui.authoriser_app import presenter
from ui.authoriser_app.panels.picture_box import PictureBox
from ui.authoriser_app.state import BESIDE_KINDS, SHOWN_KINDS, shown_evidence
from ui.kit.base import IconLabel, Label, Tag, TagTone, hbox, line, named, vbox
from ui.kit.buttons import IconButton
from ui.kit.evidence_words import badge, evidence_words
from ui.kit.kept_faces import KeptFacesButton
from ui.kit.kit import Kit
from ui.kit.meters import Gauge
from ui.kit.panels import Panel
from ui.kit.pictures import Pictures, PictureState
from ui.kit.presence_words import joined, other_portraits, portraits_bad, presence_bad, presence_words
from ui.kit.texts.formats import time_of_day
from ui.kit.texts.words import Words, t

FACE_RATIO = 1.25
CARD_RATIO = 0.632
_VERDICTS: dict[str, tuple[TagTone, str]] = {
    "same": ("ok", "check"),
    "close": ("warn", "warn"),
    "different": ("bad", "stop"),
}


class Exhibit(QWidget):
    """A picture with its name and one fact under it."""

    def __init__(self, kit: Kit, kind: EvidenceKind, *, cover: bool) -> None:
        super().__init__()
        self.kit, self.kind = kit, kind
        name = t(f"authoriser.evidence_{kind.value}")
        self.box = named(PictureBox(kit, name, cover=cover), f"authoriser.evidence.{kind.value}")
        self.name = Label(kit, name, "strong" if cover else "caption")
        self.fact = Label(kit, "", "caption", "faint")
        self.caption = QWidget()
        self.caption.setLayout(hbox(self.name, None, self.fact, gap=4))
        self.setLayout(vbox(self.box, self.caption, gap=2))

    def frame_height(self) -> int:
        """Height of everything but the picture."""
        return 0 if self.caption.isHidden() else self.caption.sizeHint().height() + 2

    def show_piece(self, piece: EvidenceView | None, pictures: Pictures, fact: Words) -> None:
        """Paint one piece of evidence."""
        self.fact.set_words(fact if piece is not None else "")
        self.name.set_words(evidence_words("authoriser.evidence", self.kind, piece))
        self.name.set_tone("warn" if piece is not None and piece.doubts else "")
        self.box.badge = badge(piece)
        if piece is None:
            self.box.show_picture(None, t("authoriser.picture_none"))
            return
        state = pictures.state(piece.digest)
        says: dict[PictureState, Words] = {
            PictureState.COMING: t("authoriser.picture_coming"),
            PictureState.BROKEN: t("authoriser.picture_broken"),
            PictureState.FAILED: t("authoriser.picture_failed"),
            PictureState.HERE: "",
        }
        self.box.show_picture(pictures.image(piece.digest), says[state], bad=state is PictureState.BROKEN)


def _around(panel: Panel) -> int:
    """Head, edges and margins of a panel."""
    assert panel.title is not None
    head = panel.title.parentWidget()
    margins = panel.body.contentsMargins()
    return (40 if head is not None and not head.isHidden() else 0) + 2 + margins.top() + margins.bottom()


class FacesPanel(Panel):
    """Portrait and live frame side by side, the score under them."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("authoriser.same_person"), gap=8)
        self.verdict = named(Tag(kit), "authoriser.verdict")
        self.add_right(self.verdict)
        self.portrait = Exhibit(kit, EvidenceKind.PORTRAIT, cover=True)
        self.live = Exhibit(kit, EvidenceKind.LIVE_FRAME, cover=True)
        self.score = named(Label(kit, presenter.NO_SCORE, "figure"), "authoriser.score")
        self.gauge = Gauge(kit)
        self.threshold = Label(kit, "", "caption")
        self.presence = named(Label(kit, "", "caption", elide=True), "authoriser.presence")
        self.others = named(Label(kit, "", "caption", wrap=True), "authoriser.others")
        self.others.setVisible(False)
        self.small = Tag(kit)
        row = hbox(gap=16)
        row.addWidget(self.portrait, 1)
        row.addWidget(self.live, 1)
        self.body.addLayout(row)
        self._score_row = hbox(self.score, self.gauge, gap=12)
        self._last_row = hbox(self.threshold, self.presence, self.small, gap=12)
        self.body.addLayout(self._score_row)
        self.body.addLayout(self._last_row)
        self.kept = KeptFacesButton(kit, "authoriser.kept")
        self._others_row = hbox(gap=8)
        self._others_row.addWidget(self.others, 1)
        self._others_row.addWidget(self.kept)
        self.body.addLayout(self._others_row)

    def set_short(self, short: bool) -> None:
        """No head in a low window; the verdict moves beside the threshold."""
        assert self.title is not None
        head = self.title.parentWidget()
        assert head is not None
        head.setVisible(not short)
        self.small.setVisible(short)
        self.body.setContentsMargins(*((11, 7, 11, 7) if short else (15, 15, 15, 15)))
        self.body.setSpacing(2 if short else 8)

    def frame_height(self) -> int:
        """Height of everything but the pictures."""
        rows = (self._score_row.sizeHint().height(), max(20, self._last_row.sizeHint().height()))
        more = 0 if self.others.isHidden() else max(20, self._others_row.sizeHint().height()) + self.body.spacing()
        return _around(self) + self.portrait.frame_height() + sum(rows) + 2 * self.body.spacing() + more

    def show_task(self, task: TaskView) -> None:
        """Paint the match."""
        face = presenter.face(task.case)
        tone, icon = _VERDICTS[face.verdict]
        said = t(f"authoriser.face_{face.verdict}" if face.score is not None else "authoriser.face_none")
        for tag in (self.verdict, self.small):
            tag.set_tag(said, tone, icon)
        self.score.set_words(f"{face.score:.1f}" if face.score is not None else presenter.NO_SCORE)
        self.score.set_tone("" if face.verdict == "same" or face.score is None else "warn" if tone == "warn" else "bad")
        self.gauge.set_score(face.score or 0.0, face.threshold, tone or "ok")
        self.threshold.set_words(t("authoriser.threshold", threshold=f"{face.threshold:.1f}"))
        self.presence.set_words(joined(presence_words(task.case)))
        others = other_portraits(task.case)
        self.others.setVisible(bool(others))
        self.kept.show_case(task.case)
        self.others.set_words(joined(others))
        self.others.set_tone("bad" if portraits_bad(task.case) else "")
        self.presence.set_tone("bad" if presence_bad(task.case) else "")
        words = t("common.gauge_name", what=t("common.face_match"), score=f"{face.score or 0:.1f}",
                  threshold=face.threshold, verdict=said)  # fmt: skip
        self.gauge.setAccessibleName(self.kit.say(words))


class DocumentsPanel(Panel):
    """Both sides of the card, a company's licence; zoom and turn; whether nothing was altered.

    Signals:
        zoom(): rotate(): the two buttons of the head.
    """

    zoom = Signal()
    rotate = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, t("authoriser.documents"), gap=8)
        for icon, words, signal, name in (
            ("zoom", t("authoriser.key_zoom"), self.zoom, "zoom"),
            ("rotate", t("authoriser.key_rotate"), self.rotate, "rotate"),
        ):
            button = named(IconButton(kit, icon, words, fit="s"), f"authoriser.{name}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the picture keeps the focus
            button.clicked.connect(signal)
            self.add_right(button)
        self.front = Exhibit(kit, EvidenceKind.ID_FRONT, cover=False)
        self.back = Exhibit(kit, EvidenceKind.ID_BACK, cover=False)
        self.licence = Exhibit(kit, EvidenceKind.LICENCE, cover=False)
        self.licence.setVisible(False)
        self._icon = IconLabel(kit, "link", "ok")
        self.intact = named(Label(kit, "", "label"), "authoriser.intact")
        row = hbox(gap=16)
        row.addWidget(self.front, 1)
        row.addWidget(self.back, 1)
        self.body.addLayout(row)
        self.body.addWidget(self.licence)
        self._line = line()
        self.body.addWidget(self._line)
        self.body.addLayout(hbox(self._icon, self.intact, None))

    def set_short(self, short: bool) -> None:
        """No head and no captions in a low window."""
        assert self.title is not None
        head = self.title.parentWidget()
        assert head is not None
        for widget in (head, self._line, self.front.caption, self.back.caption, self.licence.caption):
            widget.setVisible(not short)
        self.body.setContentsMargins(*((11, 7, 11, 7) if short else (15, 15, 15, 15)))
        self.body.setSpacing(4 if short else 8)

    def frame_height(self) -> int:
        """Height of everything but the pictures."""
        lines = (1 if not self._line.isHidden() else 0) + 20
        licence = 0 if self.licence.isHidden() else self.licence.frame_height() + self.body.spacing()
        return _around(self) + self.front.frame_height() + licence + lines + 3 * self.body.spacing()

    def show_intact(self, states: Sequence[PictureState], altered: int | None) -> None:
        """How many pieces agree with their digests."""
        here = sum(1 for state in states if state is PictureState.HERE)
        if altered is not None:
            self._icon.set_icon("stop", "bad")
            words = t("authoriser.intact_not", number=altered) if altered else t("authoriser.intact_not_server")
            self.intact.set_words(words)
            self.intact.set_tone("bad")
            return
        self._icon.set_icon("link", "ok" if here == len(states) else "text-3")
        self.intact.set_tone("")
        words = t("authoriser.intact", n=here) if here == len(states) else t("authoriser.intact_checking", n=here,
                                                                             total=len(states))  # fmt: skip
        self.intact.set_words(words)


class PeopleColumn(QWidget):
    """Faces and documents; the pictures take the height there is."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.faces, self.documents = FacesPanel(kit), DocumentsPanel(kit)
        self._short = False
        self._beside: list[tuple[str, Words, QImage]] = []
        self._gap = vbox(self.faces, gap=16)
        self._gap.addWidget(self.documents, 1)
        self.documents.body.addStretch(1)
        self.setLayout(self._gap)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)

    def exhibits(self) -> tuple[Exhibit, ...]:
        """In the order of the keys 1 to 5 of the viewer."""
        documents = (self.documents.front, self.documents.back, self.documents.licence)
        by_kind = {one.kind: one for one in (self.faces.portrait, self.faces.live, *documents)}
        return tuple(by_kind[kind] for kind in SHOWN_KINDS)

    def set_short(self, short: bool) -> None:
        """Low windows."""
        self._short = short
        self._gap.setSpacing(8 if short else 16)
        self.faces.set_short(short)
        self.documents.set_short(short)
        self._share_height(self.size())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height(event.size())

    def _share_height(self, size: QSize) -> None:
        """Faces four to five, cards as they are, both smaller when there is less room."""
        inner = (size.width() - (24 if self._short else 32) - 16) / 2
        face, card = inner * FACE_RATIO, inner * CARD_RATIO
        rows = 1 if self.documents.licence.isHidden() else 2
        frame = self.faces.frame_height() + self.documents.frame_height() + self._gap.spacing()
        factor = min(1.0, max(0.2, (size.height() - frame) / (face + rows * card)))
        for exhibit in (self.faces.portrait, self.faces.live):
            exhibit.box.setFixedHeight(max(24, int(face * factor)))
        for exhibit in (self.documents.front, self.documents.back, self.documents.licence):
            exhibit.box.setFixedHeight(max(24, int(card * factor)))
        # From the inside out, now: a task has to be right when it is painted first.
        for widget in (*self.exhibits(), self.faces, self.documents, self):
            layout = widget.layout()
            if layout is not None:
                layout.activate()
            widget.updateGeometry()

    def show_task(self, task: TaskView, pictures: Pictures, altered: int | None) -> None:
        """Paint faces and documents."""
        pieces = {piece.kind: piece for piece in shown_evidence(task)}
        self.faces.show_task(task)
        self.documents.licence.setVisible(EvidenceKind.LICENCE in pieces)
        self._share_height(self.size())
        beside = ((kind, pictures.image(pieces[kind].digest)) for kind in BESIDE_KINDS if kind in pieces)
        self._beside = [
            (k.value, evidence_words("authoriser.evidence", k, pieces[k]), image)
            for k, image in beside
            if image is not None
        ]
        for exhibit in self.exhibits():
            piece = pieces.get(exhibit.kind)
            live = exhibit.kind is EvidenceKind.LIVE_FRAME
            fact = time_of_day(piece.captured_at) if piece is not None and live else ""
            exhibit.show_piece(piece, pictures, fact)
        self.documents.show_intact([pictures.state(piece.digest) for piece in pieces.values()], altered)

    def picture_list(self) -> list[tuple[str, Words, QImage]]:
        """What the viewer can show."""
        shown: list[tuple[str, Words, QImage]] = []
        for exhibit in self.exhibits():
            if exhibit.box.image is not None:
                shown.append((exhibit.kind.value, exhibit.name.words, exhibit.box.image))
        return [*shown, *self._beside]
