"""A case that is done, or opened from the archive: evidence, form, voucher, each checked against its digest."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from common.wire.cases import CaseState, CaseView
from ui.kit.base import Label, Tag, hbox, named, vbox
from ui.kit.buttons import Button
from ui.kit.evidence import EvidenceThumb
from ui.kit.kit import Kit
from ui.kit.panels import AlertBox, Panel
from ui.kit.texts.words import T, Words, t
from ui.teller_app.local import Local
from ui.teller_app.panels.evidence_panel import KINDS, EvidencePanel
from ui.teller_app.panels.form_panel import FormPanel, Images
from ui.teller_app.panels.wording import at, sentence, short_digest


class Checked(StrEnum):
    """What was found when a file was fetched and its digest computed."""

    NOT_YET = "not_yet"
    INTACT = "intact"
    ALTERED = "altered"


class VoucherPanel(Panel):
    """The voucher's facts, its first page, and the ways to all pages and to the PDF.

    Signals:
        open_pdf(). view().
    """

    open_pdf = Signal()
    view = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, t("teller.voucher"), padding=12, gap=4, parent=parent)
        self._tag = Tag(kit)
        self.add_right(self._tag)
        self._number = named(Label(kit, "", "strong"), "teller.voucher.number")
        self._code = named(Label(kit, "", "figure"), "teller.voucher.code")
        self._sealed = Label(kit, "", "label")
        self._printed = Label(kit, "", "label")
        self._digest = Label(kit, "", "caption")
        self.open_button = named(Button(kit, t("teller.open_pdf"), icon="doc"), "teller.voucher.open")
        self.open_button.clicked.connect(lambda: self.open_pdf.emit())
        self.view_button = named(Button(kit, t("papers.view"), icon="zoom"), "teller.voucher.view")
        self.view_button.clicked.connect(lambda: self.view.emit())
        self.thumb = named(EvidenceThumb(kit, t("papers.thumb"), t("papers.fetching"), "face"), "teller.voucher.page")
        self.thumb.clicked.connect(lambda: self.view.emit())
        self._copies = Label(kit, "", "label", "warn")
        number = vbox(Label(kit, t("teller.voucher_number"), "caption"), self._number, self._digest, gap=0)
        code = vbox(Label(kit, t("teller.voucher_code"), "caption"), self._code, gap=0)
        sealed = vbox(self._sealed, self._printed, self._copies, gap=0)
        buttons = vbox(self.view_button, self.open_button, gap=8)
        self.body.addLayout(hbox(self.thumb, number, code, sealed, None, buttons, gap=16))

    def set_compact(self, compact: bool) -> None:
        """No small page in short windows; the button still leads to it."""
        self.thumb.setVisible(not compact)

    def show_case(self, case: CaseView, checked: Checked) -> None:
        """Paint the voucher."""
        voucher = case.voucher
        self.setVisible(voucher is not None)
        if voucher is None:
            return
        self._number.set_words(voucher.number)
        self._code.set_words(" ".join(voucher.code[place : place + 4] for place in (0, 4, 8)))
        self._sealed.set_words(t("teller.voucher_sealed", at=at(voucher.sealed_at)))
        self._printed.set_words(t("teller.voucher_printed" if voucher.printed else "teller.voucher_not_printed"))
        self._digest.set_words(f"SHA-256 {short_digest(voucher.digest)}")
        tones = {Checked.NOT_YET: ("", "clock"), Checked.INTACT: ("ok", "check"), Checked.ALTERED: ("bad", "stop")}
        tone, icon = tones[checked]
        void = voucher.void and checked is not Checked.ALTERED
        words = t("papers.void") if void else t(f"teller.voucher_{checked.value}")
        self._tag.set_tag(words, "bad" if void else tone, "stop" if void else icon)  # type: ignore[arg-type]
        copies = sum(1 for one in voucher.copies if one.kind == "reprint")
        self._copies.setVisible(copies > 0)
        self._copies.set_words(t("papers.copies", count=copies))


class RecordScene(QWidget):
    """The middle of a case that is over, or only looked at."""

    def __init__(
        self,
        kit: Kit,
        images: Images,
        thumbnails: Images,
        broken: Callable[[str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kit, self._images, self._broken = kit, images, broken
        self.head = named(AlertBox(kit, "", ""), "teller.recordHead")
        named(self.head.title, "teller.recordHead.title")
        named(self.head.text, "teller.recordHead.text")
        self.voucher = VoucherPanel(kit)
        self.evidence = EvidencePanel(kit, thumbnails)
        for kind in KINDS:
            self.evidence.strip.thumb(kind.value).setObjectName(f"teller.record.{kind.value}")
        self.form = FormPanel(kit, images, names="teller.record", locked=True)
        column = vbox(self.head, self.voucher, self.evidence, gap=16)
        column.addWidget(self.form, 1)
        self.setLayout(column)

    def set_compact(self, compact: bool, scale: float = 1.0) -> None:
        """One line of evidence in narrow and short windows."""
        self.voucher.set_compact(compact)
        self.evidence.set_compact(compact, scale)

    def show_case(self, case: CaseView, local: Local, checked: Checked) -> None:
        """Paint the record."""
        self.voucher.show_case(case, checked)
        self.evidence.show_case(case, local)
        self.form.show_case(case, local)
        altered = any(self._broken(one.digest) for one in case.evidence) or checked is Checked.ALTERED
        here = sum(1 for one in case.evidence if self._images(one.digest) is not None)
        kinds = sum(1 for one in case.evidence if one.media_type.startswith("image/"))
        if altered:
            self.head.set_alert("bad", t("teller.record_altered"), t("teller.record_altered_text"))
        elif local.read_only:
            self.head.set_alert("", t("teller.record_of", number=case.number), self._state(case, here, kinds))
        else:
            tone = "ok" if case.state in (CaseState.COMPLETED, CaseState.EXECUTING) else "warn"
            self.head.set_alert(tone, t(f"teller.record_{case.state.value}"), self._end(case))  # type: ignore[arg-type]

    def _state(self, case: CaseView, here: int, pictures: int) -> Words:
        state = reversal_said(case) or t(f"teller.case_{case.state.value}")
        code = "teller.record_intact" if here == pictures else "teller.record_checking"
        return t(code, state=state, n=here, total=pictures)

    def _end(self, case: CaseView) -> Words:
        if (said := reversal_said(case)) is not None:
            return said
        if case.end_text:
            return case.end_text
        if case.end_code is not None:
            end = f"end.{case.end_code}"  # a rejected case carries the authoriser's own reason
            return sentence(self.kit, end if self.kit.language.book.has(end) else case.end_code)
        return t(f"teller.record_{case.state.value}_text")


def reversal_said(case: CaseView) -> T | None:
    """Where its reversal stands; None: nobody asked for one."""
    if case.reversed_at is not None:
        return t("scenario.reversed", at=at(case.reversed_at))
    if case.reversal is None:
        return None
    if case.reversal.decided_at is None:
        return t("scenario.reversal_waits")
    return t("scenario.reversal_refused", at=at(case.reversal.decided_at))
