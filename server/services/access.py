"""Who may do what with which case. Roles are checked by the routes; here it is about this very case."""

from common.errors import UserError
from common.wire.cases import EvidenceKind
from common.wire.sessions import Role
from server.services.ports import Principal
from teller.cases.model import Case


def require_kiosk(case: Case, who: Principal) -> None:
    """The customer's own machine. Raises ``case.forbidden``."""
    if who.role is not Role.KIOSK or case.kiosk != who.number:
        raise UserError("case.forbidden")


def require_teller(case: Case, who: Principal) -> None:
    """The teller whose case it is.

    Raises:
        UserError: ``case.not_yours`` (``number``, ``seat``).
    """
    if case.teller is None or case.teller.number != who.number:
        seat = case.teller.seat if case.teller else None
        raise UserError("case.not_yours", number=case.number, seat=seat)


def may_look(case: Case, who: Principal) -> bool:
    """Tellers may look at every case; a kiosk at its own; an authoriser at what was dealt to him."""
    if who.role is Role.TELLER:
        return True
    if who.role is Role.KIOSK:
        return case.kiosk == who.number
    return any(request.authoriser == who.number for request in case.requests)


def may_see_picture(case: Case, kind: EvidenceKind, who: Principal) -> bool:
    """Pictures show more than a masked form: a teller sees those of the own branch, and of whom he serves himself.

    That of an alarm is stored and nothing else once the customer has taken the consent back (P-106).
    """
    if kind is EvidenceKind.FACE_ALARM and not case.face_consent.given:
        return False
    if who.role is Role.TELLER:
        return case.branch == who.branch or (case.teller is not None and case.teller.number == who.number)
    return may_look(case, who)


def require_look(case: Case, who: Principal) -> None:
    """Raises ``case.forbidden``."""
    if not may_look(case, who):
        raise UserError("case.forbidden")
