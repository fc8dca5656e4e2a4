"""Windows that are gone from one moment to the next, at every stage of a case: it goes on from where it was."""

from collections.abc import Callable

import pytest

from common.demo_people import CUSTOMER
from common.wire.cases import CaseState, CaseView
from common.wire.cases import CustomerStep as S
from tests.windows.conftest import Counter, Visit
from tests.windows.house import until
from tests.windows.people import Papers

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.expects_log("payout not explained yet", "step failed", "error without anybody to tell"),
]


def typed_so_far(visit: Visit) -> None:
    """Half a field is typed, nothing was pressed after it; a moment later it is stored."""
    visit.teller.stop_in = "amount"
    case_id = visit.case.id
    visit.play(when=lambda: visit.teller.stopped)
    until(lambda: stored(visit.seen(case_id)) == "50", "what was typed is stored")


def stored(case: CaseView) -> str:
    found = case.form.values.get("amount")
    return found.value if found is not None else ""


def at(step: S) -> Callable[[Visit], None]:
    def reached(visit: Visit) -> None:
        visit.play(at=step)

    return reached


def test_a_case_goes_on_where_it_was(counter: Counter) -> None:
    """Each window is lost at each stage of the same visit, one after the other."""
    visit = counter.visit(Papers(CUSTOMER), amount="50")
    visit.met("cash_withdrawal")
    for reached in (typed_so_far, at(S.CONFIRM), at(S.SIGN), at(S.WAIT_EXECUTION), at(S.TAKE_CARD)):
        reached(visit)
        before = visit.case
        for window in ("teller", "kiosk"):
            visit.lost(window)
            assert visit.case.id == before.id
            assert (visit.case.state, stored(visit.case)) == (before.state, "50"), window
            assert visit.case.customer_step is before.customer_step, window
    done = visit.play()
    assert done.state is CaseState.COMPLETED
    assert done.voucher is not None
    assert done.signed_at is not None
