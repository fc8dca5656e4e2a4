"""Cash in suspense as whoever plays sets it, for every window that shows it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from common.errors import AppError
from common.wire.base import Amount
from common.wire.cash import (
    ClosingView,
    DecideClosing,
    DifferenceLine,
    DifferenceView,
    ProposeClosing,
    ProposeDifference,
    SuspenseView,
)
from ui.kit.ports import OnError
from ui.kit.suspense_desk import Item, OnClosing

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def closing(state: str = "proposed", maker: str = "T-03") -> ClosingView:
    """Twenty of the notes are said to be with the customer."""
    return ClosingView(
        id="c1", reference="S-1122-01", state=state, in_hand={"100": 20}, reason="seen_on_video", maker=maker,
        proposed_at=AT,
    )  # fmt: skip


def item(proposal: ClosingView | None = None) -> SuspenseView:
    """Fifty notes of 100 of a payout."""
    return SuspenseView(
        movement_id="m1", reference="S-1122-01", case_id="k1", case_number="1122-0007", machine="K-02",
        direction="out", amount=Amount(minor=500_000), since=AT, notes={"100": 50}, in_question={"100": 50},
        error="cash.outcome_unknown", counts_before={"unit1": 400}, counts_after={"unit1": 350}, closing=proposal,
    )  # fmt: skip


def difference(proposal: ClosingView | None = None, kind: str = "short") -> DifferenceView:
    """300.00 by the last count."""
    return DifferenceView(
        account="1221:K-02" if kind == "short" else "2245:K-02", machine="K-02", kind=kind,
        amount=Amount(minor=30_000), other=Amount(minor=10_000),
        lines=[DifferenceLine(on=AT.date(), kind=f"cash.count_{kind}", amount=Amount(minor=30_000))], closing=proposal,
    )  # fmt: skip


@dataclass
class FakeSuspense:
    """What is proposed or decided stays here; the answer is what the test says."""

    view: list[Item] = field(default_factory=list)
    sent: list[tuple[str, Any]] = field(default_factory=list)
    refuses: AppError | None = None

    def items(self, on_ok: Callable[[list[Item]], object], on_error: OnError) -> None:
        on_ok(self.view)

    def propose(self, movement: str, body: ProposeClosing, on_ok: OnClosing, on_error: OnError) -> None:
        self._answer(movement, body, closing(), on_ok, on_error)

    def propose_difference(self, account: str, body: ProposeDifference, on_ok: OnClosing, on_error: OnError) -> None:
        self._answer(account, body, closing(), on_ok, on_error)

    def decide(self, closing_id: str, body: DecideClosing, on_ok: OnClosing, on_error: OnError) -> None:
        state = "approved" if body.approved else "refused"
        self._answer(closing_id, body, closing(state), on_ok, on_error)

    def _answer(self, what: str, body: Any, answer: ClosingView, on_ok: OnClosing, on_error: OnError) -> None:
        self.sent.append((what, body))
        if self.refuses is not None:
            on_error(self.refuses)
        else:
            on_ok(answer)
