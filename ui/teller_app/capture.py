"""Documents that arrive are read, the portrait is kept, the live face is compared: the machine work beside the form.

Nothing here stops the teller from typing. A reading that fails says why and can be asked for again. What was read from
a picture that may show no original waits until the teller goes on with it; the server is told of the doubt at once.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject

from common.errors import AppError
from common.wire.cases import CaseState, CaseView, EvidenceKind, FaceMatchResult
from common.wire.doubts import Doubt, Doubted
from ocr.api import DocumentReading, FaceMatch
from ui.kit.pictures import Pictures
from ui.kit.texts.words import t
from ui.teller_app.case_controller import CaseController
from ui.teller_app.case_facts import evidence_of, is_mine
from ui.teller_app.entries import (
    IDENTITY_FIELDS,
    birth_in_form,
    contradicts,
    fits_what_was_asked,
    reading_entries,
    unread_papers,
)
from ui.teller_app.local import Job, Phase
from ui.teller_app.originals import doubts_of, found_in, gone_on
from ui.teller_app.ports import DeskPort, VisionPort

FACE_MODEL = "dlib_face_recognition_resnet_v1"
_FATAL = (
    "image.unreadable", "image.empty", "image.too_large", "image.unsupported", "image.locked", "doc.none", "doc.not_id",
)  # fmt: skip
_SPOILED = ("doc.two", "doc.cut_off", "doc.glare", "doc.dark", "doc.blur", "doc.too_small")
"""Findings that make a picture worth taking again although something was read."""


class Capture(QObject):
    """Reads new papers of the open case and compares faces."""

    def __init__(
        self,
        cases: CaseController,
        desk: DeskPort,
        pictures: Pictures,
        vision: VisionPort,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._cases, self._desk, self._pictures, self._vision = cases, desk, pictures, vision
        self._read: set[str] = set()
        self._waiting_for: str | None = None
        self._held: dict[str, tuple[DocumentReading, str]] = {}
        self._unfit: tuple[str, FaceMatch, str] | None = None
        cases.store.changed.connect(self._case_changed)
        cases.opened.connect(self._opened)
        cases.read_again.connect(self.read_again)
        pictures.arrived.connect(self._arrived)
        pictures.failed.connect(self._fetch_failed)
        vision.changed.connect(self._vision_changed)
        self._vision_changed()

    def _vision_changed(self, *_: object) -> None:
        self._cases.set_local(vision=self._vision.state)

    # --- documents ------------------------------------------------------------------------------------------

    def _opened(self, _case: CaseView | None) -> None:
        self._read.clear()
        self._held.clear()
        self._waiting_for, self._unfit = None, None

    def _case_changed(self, case: CaseView | None) -> None:
        if case is None or not is_mine(case, self._cases.local) or self._waiting_for is not None:
            return
        if case.state not in (CaseState.DRAFT, CaseState.RETURNED):
            return
        papers = unread_papers(case, self._read)
        if papers:
            self._begin(*papers[0])

    def _begin(self, kind: EvidenceKind, digest: str) -> None:
        self._waiting_for = digest
        self._read.add(digest)
        self._cases.set_local(reading=Job(Phase.RUNNING, kind.value, self._cases.now()))
        if self._pictures.data(digest) is not None:
            self._arrived(digest)
        else:
            self._pictures.again(digest)

    def _arrived(self, digest: str) -> None:
        data = self._pictures.data(digest)
        if digest != self._waiting_for or data is None:
            return
        case_id = self._case_id()
        self._vision.read_document(
            data,
            birth_in_form(self._cases.case),
            lambda reading: self._was_read(case_id, digest, reading),
            lambda error: self._reading_failed(case_id, error.code, dict(error.params)),
        )

    def _fetch_failed(self, digest: str, error: AppError) -> None:
        if digest == self._waiting_for:
            self._reading_failed(self._case_id(), error.code, dict(error.params))

    def _case_id(self) -> str:
        return self._cases.case.id if self._cases.case is not None else ""

    def _reading_failed(self, case_id: str, code: str, params: dict[str, Any] | None = None) -> None:
        self._waiting_for = None
        if case_id == self._case_id():
            what = self._cases.local.reading.what
            self._cases.set_local(reading=Job(Phase.FAILED, what, self._cases.now(), code, params or {}))

    def read_again(self, kind: str) -> None:
        """Read the newest picture of that kind once more."""
        case = self._cases.case
        newest = evidence_of(case, EvidenceKind(kind)) if case is not None and kind else None
        if newest is not None and self._waiting_for is None:
            self._begin(newest.kind, newest.digest)

    def _was_read(self, case_id: str, digest: str, reading: DocumentReading) -> None:
        case = self._cases.case
        self._waiting_for = None
        if case is None or case.id != case_id:
            return
        what = self._cases.local.reading.what
        if doubts := found_in(reading):
            known = self._cases.local.doubts
            self._cases.set_local(doubts={**known, digest: known.get(digest, frozenset()) | doubts})
            self._tell_news(case, digest)
        if (refused := _refused(reading, what)) is not None:
            self._reading_failed(case_id, *refused)
            return
        spoiled, params = _contradicted(case, reading, what) or _spoiled(reading)
        self._cases.set_local(reading=Job(Phase.IDLE, what, self._cases.now(), spoiled, params))
        if self._doubtful(case, digest) and not gone_on(case, self._cases.local, digest):
            self._held[digest] = reading, what
        else:
            self._enter(digest, reading, what)

    def _doubtful(self, case: CaseView, digest: str) -> bool:
        return any(doubts_of(piece, self._cases.local) for piece in case.evidence if piece.digest == digest)

    def _tell_news(self, case: CaseView, digest: str) -> None:
        for piece in case.evidence:
            if piece.digest == digest and (doubts := doubts_of(piece, self._cases.local)) > set(piece.doubts):
                self._tell(digest, doubts)
                return

    def _tell(self, digest: str, doubts: frozenset[Doubt], then: Callable[[CaseView], object] | None = None) -> None:
        body = Doubted(evidence=digest, doubts=sorted(doubts))
        self._cases.store.command("doubts", body, on_ok=then, on_error=self._cases.report)

    def go_on_as_is(self, kind: str) -> None:
        """The teller holds a doubtful picture for one of the original: it is read after all, and wants a note.

        Not before the server has its doubt, after which a second person has to agree whatever this window does.
        """
        case = self._cases.case
        piece = evidence_of(case, EvidenceKind(kind)) if case is not None else None
        if case is None or piece is None or not is_mine(case, self._cases.local):
            return
        case_id, digest, doubts = case.id, piece.digest, doubts_of(piece, self._cases.local)
        if doubts <= set(piece.doubts):
            self._went_on(case_id, digest)
        else:
            self._tell(digest, doubts, lambda _: self._went_on(case_id, digest))

    def _went_on(self, case_id: str, digest: str) -> None:
        if case_id != self._case_id():
            return
        self._cases.set_local(gone_on=self._cases.local.gone_on | {digest})
        if (held := self._held.pop(digest, None)) is not None:
            self._enter(digest, *held)
        self._cases.focus.emit("note")

    def _enter(self, digest: str, reading: DocumentReading, what: str) -> None:
        case = self._cases.case
        if case is None:
            return
        image = self._pictures.image(digest)
        size = (image.width(), image.height()) if image is not None else (0, 0)
        entry = reading_entries(case, reading, digest, size, what)
        if reading.portrait is not None and what in (EvidenceKind.ID_FRONT.value, EvidenceKind.ID_BACK.value):
            self._keep_portrait(reading.portrait.png)
        if entry is not None:
            self._cases.store.command("form", entry, method="PUT", on_error=self._cases.report)

    def _keep_portrait(self, picture: bytes) -> None:
        self._pictures.put(hashlib.sha256(picture).hexdigest(), picture)
        self._cases.store.upload(EvidenceKind.PORTRAIT.value, picture, "image/png", on_error=self._cases.report)

    # --- faces ----------------------------------------------------------------------------------------------

    def snapshot(self) -> None:
        """A frame of the live video, stored, then compared with the portrait."""
        if self._cases.case is None or self._cases.local.face.running:
            return
        self._unfit = None
        self._cases.set_local(face=Job(Phase.RUNNING, "live_frame", self._cases.now()), note_skipped=False)
        self._cases.link.snapshot(self._taken, self._face_failed)

    def _face_failed(self, error: AppError) -> None:
        self._say_face(error.code, dict(error.params))

    def _say_face(self, code: str, params: dict[str, Any] | None = None) -> None:
        self._cases.set_local(face=Job(Phase.FAILED, "live_frame", self._cases.now(), code, params or {}))

    def _taken(self, picture: bytes, _at: datetime) -> None:
        self._pictures.put(hashlib.sha256(picture).hexdigest(), picture)
        self._cases.store.upload(
            EvidenceKind.LIVE_FRAME.value,
            picture,
            on_ok=lambda case: self._stored(case, picture),
            on_error=self._face_failed,
        )

    def _stored(self, case: CaseView, picture: bytes) -> None:
        # The chip's portrait is the issuer's own; the one cut from a picture of the card comes after it.
        portrait = evidence_of(case, EvidenceKind.CHIP_PORTRAIT) or evidence_of(case, EvidenceKind.PORTRAIT)
        # Without a cut-out portrait the whole card stands for it: the face on it is found just as well.
        card = portrait or evidence_of(case, EvidenceKind.ID_FRONT)
        if card is None:
            self._say_face("face.no_portrait")
            return
        digest, then = card.digest, self._compare if portrait is not None else self._compare_with_card
        data = self._pictures.data(digest)
        if data is not None:
            then(digest, data, picture)
        else:
            self._desk.picture(digest, lambda got: then(digest, got, picture), self._face_failed)

    def _compare_with_card(self, digest: str, data: bytes, live: bytes) -> None:
        self._cases.store.upload(
            EvidenceKind.PORTRAIT.value,
            data,
            on_ok=lambda _: self._compare(digest, data, live),
            on_error=self._face_failed,
        )

    def _compare(self, portrait: str, data: bytes, live: bytes) -> None:
        digest, case_id = hashlib.sha256(live).hexdigest(), self._case_id()
        self._vision.match_faces(
            data, live, lambda match: self._matched(case_id, portrait, digest, match), self._face_failed
        )

    def _matched(self, case_id: str, portrait: str, live: str, match: FaceMatch) -> None:
        if case_id != self._case_id():
            return
        if match.faces[1] != 1 or match.faces[0] == 0:
            self._unfit = portrait, match, live
            self._say_face(
                "face.many" if match.faces[1] > 1 else "face.none" if match.faces[1] == 0 else "face.no_portrait"
            )
            return
        self._post(portrait, live, match)

    def _post(self, portrait: str, live: str, match: FaceMatch) -> None:
        body = FaceMatchResult(
            portrait=portrait, live=live, score=match.score, threshold=match.threshold, same=match.same,
            model=FACE_MODEL, findings=[finding.code for finding in match.findings][:16],
        )  # fmt: skip
        self._cases.store.command("face-match", body, on_ok=self._posted, on_error=self._face_failed)

    def _posted(self, _: CaseView) -> None:
        self._cases.set_local(face=Job())

    def go_on_with_note(self) -> None:
        """Keep the unfit picture as the result: not the same person, a second person decides."""
        if self._unfit is not None:
            portrait, match, live = self._unfit
            self._unfit = None
            self._post(portrait, live, match)
            self._cases.focus.emit("note")


def _refused(reading: DocumentReading, asked: str) -> tuple[str, dict[str, Any]] | None:
    """Why nothing of the reading can be used: a code and its parameters. ``asked``: kind of evidence."""
    fatal = next((code for code in _FATAL if code in reading.codes), None)
    if fatal is not None or reading.kind is None:
        return fatal or next(iter(one.code for one in reading.findings), "doc.none"), {}
    if not fits_what_was_asked(reading, asked):
        return "doc.other_kind", {"kind": t(f"doc_kind.{reading.kind}")}
    return None if reading.fields else ("doc.none", {})


def _contradicted(case: CaseView, reading: DocumentReading, asked: str) -> tuple[str, dict[str, Any]] | None:
    """The page beside the form, where they differ."""
    found = contradicts(case, reading) if asked == EvidenceKind.HOUSEHOLD_PAGE.value else None
    if found is None:
        return None
    name, page, form = found
    return "doc.page_differs", {"field": t(f"doc_field.{name}"), "page": page, "form": form}


def _spoiled(reading: DocumentReading) -> tuple[str, dict[str, Any]]:
    """The first finding that makes another picture worth while, with the field it is about."""
    for code in _SPOILED:
        for one in reading.findings:
            if one.code == code:
                known = [name for name in one.fields if name in IDENTITY_FIELDS]
                return code, {"field": t(f"doc_field.{known[0]}")} if known else {}
    return "", {}
