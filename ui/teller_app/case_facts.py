"""What the window asks of a case again and again. Pure."""

from common.wire.cases import CaseState, CaseView, EvidenceKind, EvidenceView, TicketState
from ui.teller_app.local import Local


def evidence_of(case: CaseView, kind: EvidenceKind) -> EvidenceView | None:
    """The newest piece of that kind."""
    found = [one for one in case.evidence if one.kind is kind]
    return max(found, key=lambda one: one.captured_at) if found else None


def is_mine(case: CaseView, local: Local) -> bool:
    """Whether this seat may act on the case."""
    return not local.read_only and case.teller is not None and case.teller.number == local.me


def left_behind(case: CaseView, local: Local) -> bool:
    """Whether its customer has gone and another teller was to say who holds each thing."""
    gone = case.state is CaseState.EXECUTING and case.ticket.state is TicketState.LEFT
    return gone and bool(case.to_hand_over) and case.teller is not None and case.teller.number != local.me


def recommended(case: CaseView, local: Local) -> str | None:
    """The chosen way out of the trouble, or the one the server recommends."""
    if case.trouble is None or not case.trouble.choices:
        return None
    return local.choice if local.choice in case.trouble.choices else case.trouble.choices[0]
