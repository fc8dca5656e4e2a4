"""Identity trust in a case: consent to face use, comparison by a person, the chip; and what is kept of faces."""

from collections.abc import Sequence

from common.errors import UserError
from common.wire import identity as wire
from common.wire.cases import EvidenceKind
from common.wire.sessions import Role
from server.services.access import require_kiosk, require_teller
from server.services.casework import CaseWork, Check
from server.services.fallen import drop_fallen, earlier_dropped
from server.services.films import FilmService
from server.services.forms import picture_type
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.identitybook import ConsentLine
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from server.vault import Digest
from teller.cases import identity
from teller.cases.model import Case, EvidenceRef
from teller.identity.consent import KEEP, PURPOSE, PersonCheck
from teller.identity.records import Chip

FACES = {
    EvidenceKind.LIVE_FRAME: PURPOSE,
    EvidenceKind.FACE_CHECK: PURPOSE,
    EvidenceKind.FACE_ALARM: "security.alarm",
    EvidenceKind.PORTRAIT: "papers.portrait",
    EvidenceKind.CHIP_PORTRAIT: "papers.portrait",
    EvidenceKind.AUTHORITY_PORTRAIT: "authority.portrait",
}
"""Kinds of evidence that are pictures of a face, and what each is kept for."""
_FIELDS = ("name", "sex", "nation", "birth", "address", "id_number", "authority", "valid_from", "valid_to")


def _require_own_word(body: wire.FaceConsent) -> Check:
    """Yes is said at the customer's own machine and nowhere else; no may be said to the teller too."""

    def check(case: Case, who: Principal) -> None:
        if who.role is not Role.TELLER or body.granted:
            require_kiosk(case, who)
        else:
            require_teller(case, who)
            if not case.face_consent.given:
                raise UserError("step.not_now", step="face_consent")

    return check


class IdentityService:
    """Commands about who the customer is."""

    def __init__(self, parts: Parts, work: CaseWork, films: FilmService) -> None:
        self._parts = parts
        self._work = work
        self._films = films

    def face_consent(self, key: str, who: Principal, case_id: str, body: wire.FaceConsent) -> str:
        """The customer's word, into the case and into the ledger; see `teller.cases.identity`.

        A teller may only take it back, when the customer says so in the call.

        Raises:
            UserError: ``step.not_now``.
        """
        gone: list[str] = []

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            answered = identity.face_consent_answered(case, body.granted, body.text, now)
            customer = case.holder.customer_id if case.holder is not None else None
            state = answered.face_consent.state.value
            if answered.face_consent != case.face_consent:
                line = ConsentLine(now, customer, case.id, PURPOSE, state, body.text, who.number)
                unit.identity.add_consent(line)
                if case.face_consent.given:
                    gone.extend(earlier_dropped(unit, case, who.number, now))
            return answered

        answered = self._work.command(key, who, "case.face_consent", case_id, body, _require_own_word(body), act)
        if body.granted:
            self._parts.errand(self._parts.judge.prepare)
        else:
            self._forget_fallen(answered, who, gone)
        return answered

    def _forget_fallen(self, case_id: str, who: Principal, gone: Sequence[str]) -> None:
        """Pictures that a word of the customer took out of the case leave the vault at once."""
        self._films.forget(case_id)
        with self._parts.database.write() as unit:
            removed = drop_fallen(unit, unit.cases.get(case_id), who.number, self._parts.clock.now())
        for digest in {*gone, *removed}:
            self._parts.vault.remove(Digest(digest))

    def person_check(self, key: str, who: Principal, case_id: str, body: wire.PersonCheck) -> str:
        """Compared by eye; a second person looks too (rule R-109)."""

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            data = {"same": int(body.same)}
            kind = "face.compared_by_person"
            unit.registers.add(RegisterLine(now, kind, who.number, case.number, case.id, data, case.branch))
            return identity.person_checked(case, PersonCheck(body.same, who.number, now))

        return self._work.command(key, who, "case.person_check", case_id, body, require_teller, act)

    def chip(self, key: str, who: Principal, case_id: str, body: wire.ChipReading) -> str:
        """What the chip said; the portrait goes into the vault.

        Raises:
            UserError: ``evidence.not_a_picture``, ``chip.not_asked``.
        """
        media_type = picture_type(body.portrait)
        digest = self._parts.vault.put(body.portrait, media_type)

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            kind = EvidenceKind.CHIP_PORTRAIT
            piece = EvidenceRef(digest, kind, media_type, len(body.portrait), now, who.number)
            values = {name: str(getattr(body, name)) for name in _FIELDS}
            chip = Chip(values, digest, body.signature, body.reader, now)
            data = {"signature": body.signature, "reader": body.reader}
            unit.registers.add(RegisterLine(now, "chip.read", who.number, digest, case.id, data))
            return identity.chip_read(case, chip, piece)

        return self._work.command(key, who, "case.chip", case_id, body, require_kiosk, act)

    def faces(self) -> list[wire.FacesKept]:
        """How many pictures of faces are kept, of which kind and for what."""
        with self._parts.database.read() as unit:
            counts = {count.kind: count for count in unit.identity.counts([kind.value for kind in FACES])}
            kept = unit.faces.count()
        beyond = wire.FacesKept(kind="kept_face", purpose=KEEP, count=kept)
        return [beyond] + [
            wire.FacesKept(
                kind=kind.value,
                purpose=purpose,
                count=counts[kind.value].count if kind.value in counts else 0,
                oldest=counts[kind.value].oldest if kind.value in counts else None,
            )
            for kind, purpose in FACES.items()
        ]
