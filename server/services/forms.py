"""Gathering: the form, pictures, the face match, and asking the customer for something."""

from common.errors import UserError
from common.wire import cases as wire
from common.wire.authorisation import NoteDraft
from common.wire.cases import CustomerStep, EvidenceKind
from common.wire.doubts import Doubted
from common.wire.sessions import Role
from server.errands import Lane
from server.services.access import require_kiosk, require_teller
from server.services.casework import CaseWork
from server.services.comparing import ComparingService
from server.services.notes import require_safe_closed
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.prefill import prefill, usual_payees
from server.services.presence import PresenceService
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from server.vault import Digest
from teller.cases import doubts, gathering, presence
from teller.cases.model import Case, EvidenceRef, FaceMatch, Sentence
from teller.cases.steps import customer_step
from teller.forms.fields import FieldValue

_BY_ROLE = {
    Role.KIOSK: frozenset(
        {
            EvidenceKind.ID_FRONT,
            EvidenceKind.ID_BACK,
            EvidenceKind.LICENCE,
            EvidenceKind.PARTY_FRONT,
            EvidenceKind.HOUSEHOLD_PAGE,
            EvidenceKind.FACE_CHECK,
        }
    ),
    Role.TELLER: frozenset({EvidenceKind.LIVE_FRAME, EvidenceKind.PORTRAIT, EvidenceKind.FACE_CHECK}),
}
_MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


def picture_type(data: bytes) -> str:
    """Media type of a picture by its first bytes.

    Raises:
        UserError: ``evidence.not_a_picture``.
    """
    for media_type, magic in _MAGIC.items():
        if data.startswith(magic):
            return media_type
    raise UserError("evidence.not_a_picture")


def _offered(unit: Unit, case: Case, parts: Parts) -> dict[str, set[str]]:
    """What the bank offers of earlier cases, by field: usual payees."""
    payees = usual_payees(unit, case, parts.today())
    names = {"payee_name": "name", "payee_account": "account", "payee_bank": "bank"}
    return {field: {getattr(one, name) for one in payees} for field, name in names.items()}


class FormService:
    """Commands that fill a case."""

    def __init__(self, parts: Parts, work: CaseWork, comparing: ComparingService, looks: PresenceService) -> None:
        self._parts = parts
        self._work = work
        self._comparing = comparing
        self._looks = looks

    def enter(self, key: str, who: Principal, case_id: str, body: wire.FormEntry) -> str:
        """Fields of the form. See :func:`teller.cases.gathering.entered` for refusals."""

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            fields = {
                name: FieldValue(
                    value=entry.value.strip(),
                    source=entry.source,
                    by=who.number,
                    version=case.version + 1,
                    at=now,
                    confidence=entry.confidence,
                    unsure=entry.unsure,
                    confirmed=entry.confirmed,
                    evidence=entry.evidence,
                    box=None if entry.box is None else (entry.box[0], entry.box[1], entry.box[2], entry.box[3]),
                )
                for name, entry in body.fields.items()
            }
            offered = _offered(unit, case, self._parts)
            entered = gathering.entered(case, fields, body.version, now, offered)
            return prefill(unit, entered, who.number, now, self._parts)

        return self._work.command(key, who, "case.form", case_id, body, require_teller, act)

    def note(self, key: str, who: Principal, case_id: str, body: NoteDraft) -> str:
        """Words for the authoriser, before they are submitted. Raises ``case.wrong_state``."""

        def act(unit: Unit, case: Case) -> Case:
            return gathering.note_drafted(case, body.note.strip())

        return self._work.command(key, who, "case.note", case_id, body, require_teller, act)

    def evidence(self, key: str, who: Principal, case_id: str, kind: EvidenceKind, data: bytes) -> str:
        """A picture: the kiosk's document camera, or the teller's snapshot and cut-out portrait.

        Raises:
            UserError: ``evidence.kind_forbidden``, ``evidence.not_a_picture``, ``evidence.too_large``,
                ``case.wrong_state``; ``step.not_now`` for a kiosk's picture of the face that nobody asked for.
        """
        if kind not in _BY_ROLE.get(who.role, frozenset()):
            raise UserError("evidence.kind_forbidden", kind=kind.value)
        media_type = picture_type(data)
        digest = self._parts.vault.put(data, media_type)
        piece = EvidenceRef(digest, kind, media_type, len(data), self._parts.clock.now(), who.number)

        def act(unit: Unit, case: Case) -> Case:
            if kind is EvidenceKind.FACE_CHECK:
                if who.role is Role.KIOSK and customer_step(case) is not CustomerStep.LOOK:
                    raise UserError("step.not_now", step=customer_step(case).value)
                return presence.frame_kept(case, piece)
            return gathering.evidence_added(case, piece)

        check = require_kiosk if who.role is Role.KIOSK else require_teller
        kept = self._work.command(key, who, f"case.evidence.{kind.value}", case_id, data, check, act)
        if who.role is Role.KIOSK and kind is EvidenceKind.FACE_CHECK:
            self._parts.errand(lambda: self._looks.kiosk_frame(kept, digest), Lane.LOOK)
        return kept

    def doubt(self, key: str, who: Principal, case_id: str, body: Doubted) -> str:
        """A picture may show no original: it stays with the picture, and a line of the register says so.

        See :func:`teller.cases.doubts.told` for refusals.
        """

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            after = doubts.told(case, body.evidence, body.doubts, now)
            if after is not case:
                data = {"findings": ",".join(sorted(set(body.doubts)))}
                line = RegisterLine(now, "evidence.doubted", who.number, body.evidence, case.id, data, case.branch)
                unit.registers.add(line)
            return after

        return self._work.command(key, who, "case.doubts", case_id, body, require_teller, act)

    def prompt(self, key: str, who: Principal, case_id: str, body: wire.Prompt) -> str:
        """Ask the customer; refused with ``prompt.not_now``, for notes with ``cash.safe_open`` too."""
        say = None if body.say is None else Sentence(body.say)

        def act(unit: Unit, case: Case) -> Case:
            if body.step is CustomerStep.INSERT_CASH:
                require_safe_closed(unit, case.kiosk)
            return gathering.asked(case, body.step, say, self._parts.clock.now())

        return self._work.command(key, who, "case.prompt", case_id, body, require_teller, act)

    def face_match(self, key: str, who: Principal, case_id: str, body: wire.FaceMatchResult) -> str:
        """What the window's worker found, on evidence of this case that is still whole. The server compares it too."""

        def act(unit: Unit, case: Case) -> Case:
            for digest in (body.portrait, body.live):
                if all(piece.digest != digest for piece in case.evidence):
                    raise UserError("evidence.unknown")
                self._parts.vault.get(Digest(digest))
            match = FaceMatch(
                portrait=body.portrait,
                live=body.live,
                score=body.score,
                threshold=body.threshold,
                same=body.same,
                model=body.model,
                at=self._parts.clock.now(),
                findings=tuple(body.findings),
            )
            return gathering.matched(case, match)

        matched = self._work.command(key, who, "case.face_match", case_id, body, require_teller, act)
        self._comparing.soon(matched)
        return matched
