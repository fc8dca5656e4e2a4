"""Cash inside machines, beyond the outcome of a case: notes given back early, cash units, replenishment, handover."""

from pydantic import Field

from common.wire.base import Body, Notes


class CashGivenBack(Body):
    """``POST /cases/{id}/cash/given-back``: the acceptor let go of notes before the case came to storing them.

    ``retracted`` the customer did not take: they lie in the machine, are his, and go into suspense.
    ``movement_id`` is the case's, or, for notes that were never declared as counted, the journal's own.
    """

    movement_id: str = Field(min_length=1, max_length=36)
    returned: Notes = {}
    retracted: Notes = {}
    counts_after: dict[str, int] = {}
