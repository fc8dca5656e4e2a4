"""Cash inside machines, beyond the outcome of a case: notes given back early, cash units, replenishment, handover."""

from pydantic import Field

from common.wire.base import Amount, Body, Moment, Notes, View


class CashGivenBack(Body):
    """``POST /cases/{id}/cash/given-back``: the acceptor let go of notes before the case came to storing them.

    ``retracted`` the customer did not take: they lie in the machine, are his, and go into suspense.
    ``movement_id`` is the case's, or, for notes that were never declared as counted, the journal's own.
    """

    movement_id: str = Field(min_length=1, max_length=36)
    returned: Notes = {}
    retracted: Notes = {}
    counts_after: dict[str, int] = {}


class CashUnitReport(Body):
    """One cash unit as the machine's counters and thresholds have it."""

    unit: str
    label: str = ""
    role: str = Field(description="recycle | cashOut | deposit | reject | retract | other")
    face: int = Field(0, ge=0, description="0: mixed notes")
    count: int = Field(ge=0)
    capacity: int = Field(0, ge=0)
    level: str = Field("ok", description="ok | high | full | low | empty")
    status: str = "ok"


class ProposalView(View):
    """What one unit should hold afterwards. ``reason``: low | empty | high | full | top_up | empty_out."""

    unit: str
    face: int
    now: int
    target: int
    reason: str


class UnitCountEntry(Body):
    """One unit at an exchange: what its counter said, what two persons counted, what lies in it now."""

    unit: str = Field(min_length=1, max_length=32)
    counter: Notes = {}
    counted: Notes = {}
    loaded: Notes = {}


class RaiseReplenishment(Body):
    """``POST /replenishments``: by hand; otherwise the server raises one when a unit is short or full."""

    machine: str = Field(min_length=1, max_length=16)


class OpenReplenishment(Body):
    """``POST /replenishments/{id}/open``: both persons at the machine give their codes."""

    codes: list[str] = Field(min_length=2, max_length=2)


class CompleteReplenishment(Body):
    """``POST /replenishments/{id}/complete``: what was counted and what was put in, unit by unit."""

    units: list[UnitCountEntry] = Field(min_length=1, max_length=64)


class ReplenishmentView(View):
    """A filling or emptying of one machine by two persons (加钞/清机)."""

    id: str
    machine: str
    state: str = Field(description="raised | accepted | open | done | cancelled")
    raised_at: Moment
    changed_at: Moment
    raised_by: str
    proposals: list[ProposalView] = []
    custodians: list[str] = Field([], description="numbers of the persons who have joined")
    taken: Amount | None = None
    loaded: Amount | None = None
    difference: Amount | None = Field(None, description="counted by people less counters; above zero: over")


class HandoverCode(View):
    """Shown once, to the one who joined. ``code``: six digits."""

    code: str
    task: ReplenishmentView


class SuspenseView(View):
    """Everything a person needs to explain a suspense item."""

    reference: str
    case_id: str
    case_number: str
    machine: str
    direction: str
    amount: Amount
    since: Moment
    notes: Notes
    error: str | None = None
    retracted: Notes = {}
    counts_before: dict[str, int] = {}
    counts_after: dict[str, int] = {}
