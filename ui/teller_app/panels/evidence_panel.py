"""The evidence over the form: the pictures, the score; and what is wrong with them, with a way on."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from common.wire.cases import CaseState, CaseView, CustomerStep, EvidenceKind, FaceMatchView
from common.wire.identity import ConsentState
from ui.kit.base import IconLabel, Label, Tag, TagTone, frame, hbox, line, named, vbox
from ui.kit.buttons import Button
from ui.kit.evidence import EvidenceStrip, EvidenceThumb
from ui.kit.evidence_words import badge, evidence_words
from ui.kit.kept_faces import KeptFacesButton
from ui.kit.kit import Kit
from ui.kit.meters import ScoreBox
from ui.kit.panels import Panel, Skeleton
from ui.kit.presence_words import joined, other_portraits, portraits_bad, presence_words
from ui.kit.texts.words import T, Words, t
from ui.teller_app.case_facts import evidence_of, is_mine
from ui.teller_app.gathering import MORE_PAPERS
from ui.teller_app.local import Local
from ui.teller_app.originals import doubt_words, doubtful, open_doubt
from ui.teller_app.panels.wording import at, sentence

Images = Callable[[str], QImage | None]
KINDS = (
    EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK, *MORE_PAPERS, EvidenceKind.PORTRAIT, EvidenceKind.LIVE_FRAME,
)  # fmt: skip
_SHAPES = {EvidenceKind.ID_FRONT: "card", EvidenceKind.ID_BACK: "card"}
SIDE = 160
"""Width that the score keeps beside the pictures; they get smaller where a further paper would take it."""
NEAR = 5.0
"""A score this little above the threshold is shown as near it."""


def verdict(match: FaceMatchView) -> str:
    """``same``, ``close`` (just above the threshold) or ``different``."""
    if not match.same:
        return "different"
    return "close" if match.score < match.threshold + NEAR else "same"


def without_machine(case: CaseView) -> T:
    """What stands where there is no score: not yet, not agreed to, or compared by eye."""
    check, consent = case.identity.person_check, case.identity.face_consent.state
    if check is not None:
        return t("teller.face_by_person_same" if check.same else "teller.face_by_person_other")
    if consent in (ConsentState.DECLINED, ConsentState.REVOKED):
        return t("teller.face_declined")
    return t("teller.face_not_yet")


def caption(case: CaseView, local: Local, kind: EvidenceKind) -> T:
    """What stands under a picture: its kind, and its time or what is going on with it."""
    found = evidence_of(case, kind)
    name = evidence_words("teller.evidence", kind, found)
    if local.reading.running and local.reading.what == kind.value:
        return t("teller.evidence_reading", name=name)
    return t("teller.evidence_at", name=name, at=at(found.captured_at)[:5]) if found is not None else name


def empty_words(case: CaseView, kind: EvidenceKind) -> T:
    """What an empty place waits for."""
    if kind is EvidenceKind.ID_FRONT and case.customer_step is CustomerStep.LAY_ID_FRONT:
        return t("teller.empty_waiting_id")
    if kind is EvidenceKind.ID_BACK and case.customer_step is CustomerStep.LAY_ID_BACK:
        return t("teller.empty_waiting_back")
    if case.customer_step is CustomerStep.PHONE_CAPTURE and case.capture is not None and case.capture.kind == kind:
        return t("teller.empty_waiting_phone")
    return t(f"teller.empty_{kind.value}")


class Pictures(EvidenceStrip):
    """The four places, and one for each further paper that the business asks for; ``teller.evidence.<kind>``."""

    def __init__(
        self, kit: Kit, images: Images, parent: QWidget | None = None, prefix: str = "teller.evidence"
    ) -> None:
        super().__init__(kit, parent)
        self._images = images
        self._digests: dict[EvidenceKind, str] = {}
        for kind in KINDS:
            thumb = self.add(kind.value, t(f"teller.evidence_{kind.value}"), "", _SHAPES.get(kind, "face"))
            thumb.setObjectName(f"{prefix}.{kind.value}")
            thumb.setVisible(kind not in MORE_PAPERS)

    def show_case(self, case: CaseView, local: Local) -> None:
        """Put the pictures in their places."""
        for kind in KINDS:
            thumb: EvidenceThumb = self.thumb(kind.value)
            if kind in MORE_PAPERS:
                thumb.setVisible(kind in case.papers)
            found = evidence_of(case, kind)
            thumb._empty = empty_words(case, kind)
            image = self._images(found.digest) if found is not None else None
            key = found.digest if image is not None and found is not None else ""
            words = caption(case, local, kind)
            if self._digests.get(kind) != key:
                self._digests[kind] = key
                thumb.set_image(image, words)
            thumb._bound.set_words(words)
            thumb.set_badge(badge(found))
            thumb.update()


class EvidencePanel(Panel):
    """Pictures, score and verdicts; one line of it in narrow or short windows.

    Signals:
        opened(str): a kind, to look at large. retake(): take the live frame again. go_on(): with a note.
        go_on_as_is(str): with a picture of that kind that may show no original. read_again(str): read that again.
        recapture(str): ask the customer for it again.
    """

    opened = Signal(str)
    retake = Signal()
    go_on = Signal()
    go_on_as_is = Signal(str)
    read_again = Signal(str)
    recapture = Signal(str)

    def __init__(self, kit: Kit, images: Images, parent: QWidget | None = None) -> None:
        super().__init__(kit, padding=0, gap=0, parent=parent)
        self._images = images
        self._scale, self._fitted = 1.0, 1.0
        self.strip = Pictures(kit, images)
        self.strip.opened.connect(self.opened)
        self.score = ScoreBox(kit)
        self.score.figure.setObjectName("teller.score")
        self._skeleton = Skeleton(kit, (60, 90, 40))
        self._busy = Label(kit, "", "label")
        self._side = QStackedWidget()
        self._others = named(Label(kit, "", "caption", wrap=True), "teller.faces.others")
        self.kept = KeptFacesButton(kit, "teller.faces.kept")
        self._side.addWidget(_page(self.score, self._others, self.kept, None))
        self._side.addWidget(_page(self._busy, self._skeleton, None))
        self._note = Label(kit, "", "label", elide=True)
        self._note_mark = IconLabel(kit, "info", "text-3")
        side = QWidget()
        side.setProperty("role", "plain")
        column = vbox(self._side, line(), hbox(self._note_mark, self._note), gap=8)
        side.setLayout(column)
        self._full = QWidget()
        self._full.setProperty("role", "plain")
        row = hbox(gap=16, margins=(15, 11, 15, 11))
        row.addWidget(self.strip)
        row.addWidget(line(vertical=True))
        row.addWidget(side, 1)
        self._full.setLayout(row)
        self.body.addWidget(self._full)
        self._line = _Line(kit, images, self.opened)
        self._line.hide()
        self.body.addWidget(self._line)
        self._alert = _Trouble(kit, self)
        self.body.addWidget(self._alert)

    def kept_buttons(self) -> tuple[KeptFacesButton, KeptFacesButton]:
        """Of both forms: held, portraits of earlier visits are shown."""
        return self.kept, self._line.kept

    def set_compact(self, compact: bool, scale: float = 1.0) -> None:
        """One line instead of pictures; or larger pictures in wide windows."""
        self._full.setVisible(not compact)
        self._line.setVisible(compact)
        self._scale = scale
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Pictures as large as they may be, and all of them beside the score."""
        shown = [kind for kind in KINDS if not self.strip.thumb(kind.value).isHidden()]
        units = sum(2 if kind in _SHAPES else 1 for kind in shown)
        room = self.width() - 63 - SIDE - 14 * len(shown) + 12
        scale = max(0.5, min(self._scale, int(100 * room / (72 * units)) / 100))
        if scale != self._fitted:
            self._fitted = scale
            self.strip.set_scale(scale)

    def show_case(self, case: CaseView, local: Local) -> None:
        """Paint what is there, and what is being worked on."""
        self.strip.show_case(case, local)
        self._fit()
        self._line.show_case(case, local)
        match = case.face_match
        if match is None:
            self.score.set_score(None, note=without_machine(case))
        else:
            words = t("teller.face_note", threshold=f"{match.threshold:.1f}", at=at(match.at))
            for part in presence_words(case):
                words = t("teller.live_note", note=words, live=part)
            self.score.set_score(match.score, match.threshold, verdict(match), words)
        self._others.set_words(joined(other_portraits(case)))
        self._others.set_tone("bad" if portraits_bad(case) else "")
        self.kept.show_case(case)
        busy = local.face.running or local.reading.running
        self._busy.set_words(t("teller.busy_face" if local.face.running else "teller.busy_reading"))
        self._side.setCurrentIndex(1 if busy else 0)
        icon, role, words_note = _vision_note(local)
        self._note_mark.set_icon(icon, role)
        self._note.set_words(words_note)
        self._alert.show_case(case, local)


def _page(*parts: QWidget | None) -> QWidget:
    page = QWidget()
    page.setProperty("role", "plain")
    page.setLayout(vbox(*parts, gap=4))
    return page


def _vision_note(local: Local) -> tuple[str, str, Words]:
    states = {
        "ready": ("check", "ok"),
        "busy": ("scan", "accent"),
        "starting": ("clock", "text-3"),
        "restarting": ("refresh", "warn"),
        "dead": ("stop", "bad"),
    }
    icon, role = states.get(local.vision, ("info", "text-3"))
    known = local.vision if local.vision in states else "stopped"
    return icon, role, t(f"teller.vision_{known}")


class _Line(QWidget):
    """Everything in 56 px: tiny pictures, the score, verdicts, a button to see them large."""

    def __init__(self, kit: Kit, images: Images, opened: object, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self.setFixedHeight(56)
        self.strip = Pictures(kit, images, prefix="teller.evidenceSmall")
        self.strip.set_scale(0.46)
        self.strip.setFixedHeight(42)
        self.strip.opened.connect(opened)
        self.score = Label(kit, "", "title")
        self.face = Tag(kit)
        self._others = named(Label(kit, "", "caption", elide=True), "teller.faces.othersSmall")
        self.kept = KeptFacesButton(kit, "teller.faces.keptSmall")
        button = named(Button(kit, t("teller.look_large"), fit="s", icon="zoom", cap="Ctrl E"), "teller.evidenceLarge")
        button.clicked.connect(lambda: self.strip.opened.emit(""))
        row = hbox(self.strip, line(vertical=True, length=24), self.score, self.face, gap=8, margins=(12, 0, 12, 0))
        row.addWidget(self._others, 1)
        row.addWidget(self.kept)
        row.addWidget(button)
        self.setLayout(row)

    def show_case(self, case: CaseView, local: Local) -> None:
        self.strip.show_case(case, local)
        self._others.set_words(joined(other_portraits(case)))
        self._others.set_tone("bad" if portraits_bad(case) else "")
        self.kept.show_case(case)
        match = case.face_match
        self.score.setVisible(match is not None)
        self.score.set_words(f"{match.score:.1f}" if match is not None else "")
        tones: dict[str, tuple[TagTone, str]] = {
            "same": ("ok", "check"),
            "close": ("warn", "warn"),
            "different": ("bad", "stop"),
        }
        if match is None:
            self.face.set_tag(t("teller.busy_face") if local.face.running else without_machine(case), "", None)
        else:
            said = verdict(match)
            self.face.set_tag(t(f"common.face_{said}"), *tones[said])


class _Trouble(QWidget):
    """What went wrong with a picture or a face, what to do, and the buttons to do it. Hidden while all is well."""

    def __init__(self, kit: Kit, panel: EvidencePanel) -> None:
        super().__init__(panel)
        self.kit, self._panel = kit, panel
        self.setProperty("role", "plain")
        self._icon = IconLabel(kit, "warn", "warn", 20)
        self.text = named(Label(kit, "", wrap=True), "teller.evidenceTrouble")
        self._code = Label(kit, "", "caption", "faint")
        self._again = named(Button(kit, "", fit="s", icon="refresh"), "teller.trouble.again")
        self._on = named(Button(kit, t("teller.go_on_with_note"), fit="s", icon="pen"), "teller.trouble.goOn")
        self._again.clicked.connect(self._press_again)
        self._on.clicked.connect(self._press_on)
        row = hbox(self._icon, gap=12, margins=(15, 10, 15, 10))
        row.addWidget(self.text, 1)
        row.addWidget(self._code)
        row.addWidget(self._again)
        row.addWidget(self._on)
        box = frame("alert", row, self)
        box.setProperty("tone", "warn")
        self.setLayout(vbox(box, gap=0, margins=(15, 0, 15, 11)))
        self._what = ""
        self.hide()

    def _press_again(self) -> None:
        if self._what == "face":
            self._panel.retake.emit()
        elif self._what.startswith(("retake:", "original:")):
            self._panel.recapture.emit(self._what.partition(":")[2])
        else:
            self._panel.read_again.emit(self._what)

    def _press_on(self) -> None:
        if self._what.startswith("original:"):
            self._panel.go_on_as_is.emit(self._what.removeprefix("original:"))
        else:
            self._panel.go_on.emit()

    def show_case(self, case: CaseView, local: Local) -> None:
        """The picture that stops everything comes first, one that was taken as it is last."""
        mine = is_mine(case, local) and case.state in (CaseState.DRAFT, CaseState.RETURNED)
        stops = open_doubt(case, local) if mine else None
        if stops is not None:
            self._show(f"original:{stops.kind.value}", *doubt_words(stops, local, kept=False), on=True)
        elif not self._show_trouble(case, local) and (kept := doubtful(case, local)):
            self._show(f"retake:{kept[0].kind.value}", *doubt_words(kept[0], local, kept=True), again=mine)

    def _show_trouble(self, case: CaseView, local: Local) -> bool:
        """What machine work came to, of papers or faces; hidden and False where all is well."""
        low = case.face_match is not None and not case.face_match.same
        if local.face.failed:
            self._show("face", sentence(self.kit, local.face.code, local.face.params), local.face.code, on=True)
        elif local.reading.failed:
            doc = local.reading.code.startswith(("doc.", "image."))
            what = f"retake:{local.reading.what}" if doc else local.reading.what
            self._show(what, sentence(self.kit, local.reading.code, local.reading.params), local.reading.code)
        elif local.reading.code:
            words = sentence(self.kit, local.reading.code, local.reading.params)
            self._show(f"retake:{local.reading.what}", words, local.reading.code)
        elif low and case.state.value in ("draft", "returned"):
            assert case.face_match is not None
            words = t(
                "teller.face_low", score=f"{case.face_match.score:.1f}", threshold=f"{case.face_match.threshold:.0f}"
            )
            self._show("face", words, "")
        else:
            self.hide()
            return False
        return True

    def _show(self, what: str, words: T, code: str, *, on: bool = False, again: bool = True) -> None:
        self._what = what
        self.text.set_words(words)
        self._code.set_words(code)
        self._code.setVisible(bool(code))
        paper = what.startswith(("retake:", "original:"))
        does = {"face": "teller.retake_face"}.get(what, "teller.recapture" if paper else "teller.reread")
        self._again.set_words(t(does))
        self._again.set_cap("F3" if what == "face" else "F4" if what.startswith("retake:") else "")
        self._again.setVisible(again)
        self._on.setVisible(on and self.text.isEnabled())
        self.show()
