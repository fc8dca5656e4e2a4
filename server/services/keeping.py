"""Portraits kept for the next visit: by a consent of its own, per customer, gone with the word that takes it back."""

from datetime import datetime

from common.errors import UserError
from common.wire import identity as wire
from common.wire.cases import CustomerStep
from common.wire.identity import ConsentState
from common.wire.sessions import Role
from server.services.access import require_kiosk, require_teller
from server.services.casework import CaseWork
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.whose import customer_of
from server.store.customerbook import CustomerRecord
from server.store.facebook import KeptFace
from server.store.identitybook import ConsentLine
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from server.vault import Digest
from teller.cases import identity
from teller.cases.model import Case
from teller.identity.consent import KEEP, word_after
from teller.identity.retention import KEPT_FACE


class KeepingService:
    """The customer's word on keeping a portrait, and what follows from it."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts = parts
        self._work = work

    def answer(self, key: str, who: Principal, case_id: str, body: wire.FaceConsent) -> str:
        """Yes: the live picture of this visit stays, if the server found that it fits the papers. No: all go at once.

        Raises:
            UserError: ``step.not_now`` (``step``) for a yes that nobody asked for, or a no with nothing to take back;
                ``face.no_customer`` while the bank does not know whose case it is.
        """
        gone: list[str] = []

        def act(unit: Unit, case: Case) -> Case:
            now, customer = self._parts.clock.now(), customer_of(unit, case)
            if customer is None:
                raise UserError("face.no_customer")
            state = _after(_word(unit, customer), case, who, body.granted)
            unit.identity.add_consent(ConsentLine(now, customer.id, case.id, KEEP, state.value, body.text, who.number))
            if state is ConsentState.GIVEN:
                _keep(unit, case, customer, who, now)
            else:
                gone.extend(_let_go(unit, case, customer, who, now))
            return identity.keep_answered(case, state, now)

        check = require_kiosk if who.role is Role.KIOSK else require_teller
        answered = self._work.command(key, who, "case.face_keep", case_id, body, check, act)
        for digest in gone:
            self._parts.vault.remove(Digest(digest))
        return answered


def _after(word: ConsentState, case: Case, who: Principal, granted: bool) -> ConsentState:
    asked = case.prompt is CustomerStep.KEEP_FACE and who.role is Role.KIOSK
    taken_back = word is ConsentState.GIVEN and not granted
    if not asked and not taken_back:
        raise UserError("step.not_now", step=CustomerStep.KEEP_FACE.value)
    return word_after(word, granted) or word


def _word(unit: Unit, customer: CustomerRecord) -> ConsentState:
    said = unit.identity.word_of(customer.id, KEEP)
    return ConsentState.NONE if said is None else ConsentState(said.state)


def _keep(unit: Unit, case: Case, customer: CustomerRecord, who: Principal, now: datetime) -> None:
    digest = identity.face_to_keep(case)
    if digest is not None:
        unit.faces.keep(KeptFace(customer.id, case.id, digest, now, now + KEPT_FACE))
        unit.registers.add(RegisterLine(now, "face.kept", who.number, digest, case.id, {"purpose": KEEP}, case.branch))


def _let_go(unit: Unit, case: Case, customer: CustomerRecord, who: Principal, now: datetime) -> list[str]:
    """Out of the index; digests whose bytes nothing names any more."""
    unneeded = []
    for face in unit.faces.of_customer(customer.id):
        data = {"purpose": KEEP, "why": "consent_revoked"}
        unit.registers.add(RegisterLine(now, "face.let_go", who.number, face.digest, face.case_id, data, case.branch))
        if unit.faces.drop(face):
            unneeded.append(face.digest)
    return unneeded


def kept_view(unit: Unit, case: Case) -> wire.KeptFaces:
    """What is kept of the customer of this case, and by which word."""
    customer = customer_of(unit, case)
    said = None if customer is None else unit.identity.word_of(customer.id, KEEP)
    if customer is None or said is None:
        return wire.KeptFaces()
    faces = unit.faces.of_customer(customer.id)
    until = max((face.until for face in faces), default=None)
    return wire.KeptFaces(state=ConsentState(said.state), text=said.text, at=said.at, count=len(faces), until=until)
