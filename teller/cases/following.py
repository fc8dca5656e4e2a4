"""The next business of a customer who is still there: what was captured of him counts for it too."""

from dataclasses import replace
from datetime import datetime, timedelta

from common.errors import UserError
from common.wire.cases import CustomerStep, EvidenceKind
from teller.cases.ending import finished
from teller.cases.model import Case
from teller.cases.steps import customer_step
from teller.forms.catalogue import AGENT, CARD_FACE
from teller.transactions.rules import in_force

_STILL_THERE = (CustomerStep.TAKE_RECEIPT, CustomerStep.PRINT_VOUCHER, CustomerStep.RATE)
_PAPERS = frozenset({
    EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK, EvidenceKind.PORTRAIT, EvidenceKind.CHIP_PORTRAIT,
    EvidenceKind.LIVE_FRAME,
})  # fmt: skip
_OF_THE_PERSON = frozenset({
    *CARD_FACE, "nationality", "id_kind", "phone", "occupation", "employer", "income", "region", "home", "email",
})  # fmt: skip


def ended_for_next(case: Case, at: datetime) -> Case:
    """The last business ends because the customer wants another one; receipt and stars are not waited for.

    What was to be handed over in it has been settled by then.

    Raises:
        UserError: ``visit.over`` when the customer is no longer there, acted for somebody else, or was captured too
            long ago (row A-251).
    """
    row = in_force("capture_reuse", at.date())
    acted = case.values.get("acting")
    fresh = row is not None and case.ticket.answered_at is not None
    if row is not None and case.ticket.answered_at is not None:
        fresh = at - case.ticket.answered_at <= timedelta(minutes=row.parameters["minutes"])
    if not fresh or customer_step(case) not in _STILL_THERE or (acted is not None and acted.value == AGENT):
        raise UserError("visit.over")
    return finished(case, at)


def captured(case: Case, before: Case, at: datetime) -> Case:
    """Papers, chip, face and consent of the visit stand in the next case, with what was read from them.

    The looks at who is in the picture begin anew; money, notes, confirmation, PIN and signature are of each case.
    """
    values = {name: replace(value, version=1) for name, value in before.values.items() if name in _OF_THE_PERSON}
    carried = case.evolve(
        values={**case.values, **values},
        read=before.read,
        evidence=tuple(piece for piece in before.evidence if piece.kind in _PAPERS),
        face=before.face,
        face_checks=before.face_checks,
        face_consent=before.face_consent,
        person_check=before.person_check,
        chip=before.chip,
        liveness=before.liveness,
        challenge=before.challenge,
        draws=before.draws,
        presence=before.presence,
    )
    return carried.marked("captured_before", at)
