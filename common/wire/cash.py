"""Cash of a case, and inside machines beyond its outcome: notes given back early, cash units, replenishment."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from common.wire.base import Amount, Body, Moment, Notes, View


class CashState(StrEnum):
    """One movement of physical cash (transitions: teller/cash/movement.py)."""

    PLANNED = "planned"
    POSTED = "posted"
    MOVING = "moving"
    COUNTED = "counted"
    SETTLED = "settled"
    REVERSED = "reversed"
    RETURNED = "returned"
    SUSPENSE = "suspense"


class CashView(View):
    movement_id: str
    direction: str = Field(description="out | in")
    amount: Amount
    notes: Notes
    state: CashState
    suspense_ref: str | None = None


class MoneyBoxes(View):
    """Where the money is, always three places; none means not known yet."""

    account: Amount | None = Field(None, description="change of the customer's account because of this case")
    machine: Amount | None = Field(None, description="of the case's cash, still in the machine")
    hand: Amount | None = Field(None, description="of the case's cash, with the customer")


class CashGivenBack(Body):
    """``POST /cases/{id}/cash/given-back``: the acceptor let go of notes before the case came to storing them.

    ``retracted`` the customer did not take: they lie in the machine, are his, and go into suspense.
    ``movement_id`` is the case's, or, for notes that were never declared as counted, the journal's own.
    """

    movement_id: str = Field(min_length=1, max_length=36)
    known: bool = Field(True, description="false: the counters say nothing of these notes")
    error: str | None = Field(None, max_length=64, description="why not: cash.counters_anew, cash.journal_lost, …")
    returned: Notes = {}
    retracted: Notes = {}
    counts_after: dict[str, int] = {}
    at: Moment | None = Field(None, description="when the counters were read; None: just now")
    sent_at: Moment | None = Field(None, description="by the same clock, when this was sent: that clock may be wrong")


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


class HopperReport(Body):
    """One coin hopper by its own counter. Coins are in no book; hoppers are no cash units and have their own names."""

    unit: str = Field(max_length=32)
    value: int = Field(ge=1, description="of one coin, in minor units")
    count: int = Field(ge=0)
    capacity: int = Field(0, ge=0)
    level: str = Field("ok", description="ok | high | full | low | empty")
    status: str = "ok"
    out: int = Field(0, ge=0, description="coins given out since it was filled last")


class HopperProposalView(View):
    """To how many coins a hopper is filled up. ``value``: of one, in minor units; ``reason``: low | empty | top_up."""

    unit: str
    value: int
    now: int
    target: int
    reason: str


class ProposalView(View):
    """What one unit should hold afterwards. ``reason``: low | empty | high | full | top_up | empty_out."""

    unit: str
    face: int
    now: int
    target: int
    reason: str


class UnitCountEntry(Body):
    """One unit at an exchange: what its counter said, what was counted in it, what lies in it now."""

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


class ReplenishmentProgress(Body):
    """``POST /replenishments/{id}/progress``: unit to notes; whoever goes on after a crash finds it in the task.

    ``before``: by the counters, before anything was touched. ``counted``: by the machine's own count of every note.
    What was said first stays.
    """

    before: dict[str, Notes] = Field(max_length=64)
    counted: dict[str, Notes] = Field({}, max_length=64)


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
    hoppers: list[HopperProposalView] = Field([], description="coins to be filled up; no book has them")
    custodians: list[str] = Field([], description="numbers of the persons who have joined")
    before: dict[str, Notes] = Field({}, description="by the counters when the safe was opened")
    counted: dict[str, Notes] = Field({}, description="by the machine's count before a cassette was touched")
    taken: Amount | None = None
    loaded: Amount | None = None
    difference: Amount | None = Field(None, description="counted less what was in the books; above zero: over")
    suspense: list[str] = Field([], description="items of this machine that nobody has explained: part of a difference")


class HandoverCode(View):
    """Shown once, to the one who joined. ``code``: six digits."""

    code: str
    task: ReplenishmentView


class SuspectNoteEntry(Body):
    """One note that the machine's reader did not trust."""

    serial: str = Field(min_length=1, max_length=32, description="as the reader read it")
    face: int = Field(0, ge=0, description="0: not known")
    level: str = Field(max_length=16, description="suspect | counterfeit | unrecognized | inked")
    location: str = Field(max_length=32, description="the machine's word: customer, or where it is held apart")
    series: str = Field("", max_length=8, description="release of the note, where the machine tells it")
    picture: str = Field("", max_length=400_000, description="PNG or JPEG of the number, Base64")


class SuspectNotes(Body):
    """``POST /cases/{id}/suspect-notes``: what the reader saw in the last bunch."""

    notes: list[SuspectNoteEntry] = Field(min_length=1, max_length=300)


class SuspectNoteView(View):
    """A suspect note as staff see it. ``fate``: returned | held (never taken away by a machine)."""

    serial: str
    face: int
    level: str
    fate: str
    series: str = ""
    picture: str = Field("", description="digest of the evidence")
    at: Moment


class SuspectSeriesView(View):
    """Suspect notes of this visit that belong together. ``before``: sightings of the number in earlier visits."""

    kind: str = Field(description="same_number | run | many")
    serials: list[str]
    before: int = 0
    report_at_once: bool = Field(False, description="to central bank and police")


class ProposeClosing(Body):
    """``POST /suspense/{movement}/closings``: what a person found out. A second one decides.

    ``in_hand``: which of the notes in question the customer has; the others are the bank's, and where they are his
    money they go to his account.
    """

    in_hand: Notes = {}
    reason: str = Field(
        max_length=32,
        description="counted_at_machine | seen_on_video | customer_confirmed | journal_explains | handed_over",
    )
    note: str = Field("", max_length=200)


class ProposeDifference(Body):
    """``POST /suspense/differences/{account}/closings``: where what was short or over is. A second person decides.

    ``way``: ``vault`` (short: it lies there after all; over: it is missing there), ``offset`` (against the machine's
    other account), ``customer`` (over: it belongs to ``to``, a customer's account number).
    """

    amount: int = Field(gt=0, description="minor units")
    way: str = Field(max_length=16, description="vault | offset | customer")
    to: str = Field("", max_length=32)
    reason: str = Field(max_length=32, description="as of ProposeClosing")
    note: str = Field("", max_length=200)


class DecideClosing(Body):
    """``POST /suspense/closings/{id}/decision``: by another person than the one who proposed."""

    approved: bool
    note: str = Field("", max_length=200)


class ClosingView(View):
    """A proposal to close a suspense item, or (with ``way``) a difference. ``state``: proposed | approved | refused."""

    id: str
    reference: str
    state: str
    in_hand: Notes
    reason: str
    note: str = ""
    maker: str
    proposed_at: Moment
    checker: str | None = None
    decided_at: Moment | None = None
    answer: str = ""
    amount: Amount | None = None
    way: str = ""
    to: str = ""


class DifferenceLine(View):
    """One booking on such an account. ``kind``: of the entry; ``amount``: above zero makes the difference larger."""

    on: date
    kind: str
    amount: Amount


class DifferenceView(View):
    """What counts of one machine left unexplained, short or over."""

    account: str
    machine: str
    kind: str = Field(description="short | over")
    amount: Amount
    other: Amount = Field(description="what the machine has on the other account: so much can be offset")
    lines: list[DifferenceLine] = Field(description="newest first")
    closing: ClosingView | None = None


class SuspenseView(View):
    """Everything a person needs to explain a suspense item."""

    movement_id: str
    reference: str
    case_id: str
    case_number: str
    machine: str
    direction: str
    amount: Amount
    since: Moment
    notes: Notes = Field(description="confirmed by the customer (in), to be paid out (out)")
    in_question: Notes = Field({}, description="the notes that suspense stands for")
    error: str | None = None
    stored: Notes = Field({}, description="this and the next three: what the counters say, as far as they say anything")
    returned: Notes = {}
    taken: Notes = {}
    retracted: Notes = {}
    counts_before: dict[str, int] = {}
    counts_after: dict[str, int] = {}
    closing: ClosingView | None = Field(None, description="what one person proposed and a second one has to decide")
