"""Which state of a case may follow which. The table is the law; nothing else changes a state."""

from collections.abc import Mapping
from types import MappingProxyType

from common.errors import UserError
from common.wire.cases import CaseState

_C = CaseState

TRANSITIONS: Mapping[CaseState, frozenset[CaseState]] = MappingProxyType(
    {
        _C.DRAFT: frozenset({_C.AWAITING_AUTHORISATION, _C.AUTHORISED, _C.CANCELLED}),
        _C.AWAITING_AUTHORISATION: frozenset({_C.AUTHORISED, _C.RETURNED, _C.REJECTED, _C.DRAFT, _C.CANCELLED}),
        _C.RETURNED: frozenset({_C.AWAITING_AUTHORISATION, _C.AUTHORISED, _C.CANCELLED}),
        _C.AUTHORISED: frozenset({_C.EXECUTING, _C.DRAFT, _C.CANCELLED}),
        _C.EXECUTING: frozenset({_C.COMPLETED, _C.DRAFT, _C.CANCELLED, _C.FAILED}),
        _C.COMPLETED: frozenset(),
        _C.REJECTED: frozenset(),
        _C.CANCELLED: frozenset(),
        _C.FAILED: frozenset(),
    }
)

TERMINAL = frozenset(state for state, following in TRANSITIONS.items() if not following)
EDITABLE = frozenset({_C.DRAFT, _C.RETURNED, _C.AUTHORISED})
"""States in which the form may change; from authorised the case goes back to draft."""


def follow(now: CaseState, wanted: CaseState) -> CaseState:
    """The wanted state, when the table allows it.

    Raises:
        UserError: ``case.wrong_state`` (``state``, ``wanted``).
    """
    if wanted not in TRANSITIONS[now]:
        raise UserError("case.wrong_state", state=now.value, wanted=wanted.value)
    return wanted
