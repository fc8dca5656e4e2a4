"""Carrying out a case's transactions in the books, and reversing them."""

import logging
from contextlib import suppress
from datetime import date

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CaseState, CashState
from server.services.access import require_teller
from server.services.books import UnitBooks
from server.services.casework import CaseWork
from server.services.papers import PaperService
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.whose import customer_of, facts_of
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.authorisation.request import Request
from teller.cases import reversing
from teller.cases.forms import pin_owner, plain
from teller.cases.model import Case, Holder
from teller.ledger.holds import HoldState
from teller.scenarios.execution import Effects, carry_out, undo
from teller.transactions.base import Work

log = logging.getLogger(__name__)


def perform(unit: Unit, case: Case, parts: Parts) -> Case:
    """Every chosen transaction, in this unit; the case with what it did and whose it is now.

    Raises:
        UserError: whatever one of them refuses with; the caller's unit is to be rolled back.
    """
    unit.ledger.end_holds(case.id, HoldState.USED, parts.clock.now())
    effects = carry_out(case.definition, frozenset(case.chosen), work_of(unit, case, parts))
    return _with_holder(unit, case.evolve(effects=effects, pin_hash=""), effects.account, effects.customer)


def work_of(unit: Unit, case: Case, parts: Parts) -> Work:
    """The hands a case's transactions work with, in this unit."""
    work = Work(
        UnitBooks(unit, parts, case.id),
        facts_of(unit, case, parts),
        plain(case),
        case_id=case.id,
        number=case.number,
        machine=case.kiosk,
        pin_hash=case.pin_hash,
        pin_owner=pin_owner(case),
    )
    known = customer_of(unit, case)
    if known is not None:
        work.customer = known.id
    if case.holder is not None:
        work.account = case.holder.account
    if case.card is not None:
        work.card = case.card.number
    return work


def _with_holder(unit: Unit, case: Case, account: str, customer_id: str) -> Case:
    if case.holder is not None or not customer_id:
        return case
    customer = unit.customers.customer(customer_id)
    opened: date = unit.customers.account(account).opened_on if account else customer.birth
    holder = Holder(account, customer.id, customer.name, customer.id_number, customer.birth, opened)
    return case.evolve(holder=holder)


class _Tried(Exception):
    """It would work; nothing of it is kept."""


class ReversalService:
    """冲正: what a case booked and registered is undone by new entries, the same day; its paper becomes void.

    One person asks, another one agrees: insiders have robbed banks past a single one.
    """

    def __init__(self, parts: Parts, work: CaseWork, papers: PaperService) -> None:
        self._parts = parts
        self._work = work
        self._papers = papers

    def reverse(self, key: str, who: Principal, case_id: str, body: wire.ReverseCase) -> str:
        """Ask for it. What could not be undone is told at once, and nobody is asked.

        Raises:
            UserError: ``reversal.nothing`` before it is settled or after it was reversed; ``reversal.waits``;
                ``reversal.cash_moved`` when notes changed hands; ``reversal.next_day``; ``reversal.superseded``
                (``kind``); ``ledger.overdrawn``.
        """

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            effects = self._reversible(case)
            asked = reversing.asked(case, self._parts.new_id(), who.number, body.reason, now)
            with suppress(_Tried), unit.savepoint():
                undo(effects, UnitBooks(unit, self._parts, case.id))
                raise _Tried
            data = {"reason": body.reason}
            unit.registers.add(RegisterLine(now, "case.reversal_asked", who.number, case.number, case.id, data))
            return asked

        return self._work.command(key, who, "case.reverse", case_id, body, require_teller, act)

    def decided(self, unit: Unit, case: Case, request: Request, who: Principal, *, approved: bool) -> Case:
        """The second person's word, ``request`` as it is after it; with a yes everything is undone in this very unit.

        Raises:
            UserError: as :meth:`reverse`, for what has changed since it was asked.
        """
        now = self._parts.clock.now()
        assert case.reversal is not None, "somebody asked"
        data: dict[str, str | int | None] = {"maker": request.maker, "reason": case.reversal.reason}
        if not approved:
            line = RegisterLine(now, "case.reversal_refused", who.number, case.number, case.id, data)
            unit.registers.add(line)
            return reversing.refused(case, request, now)
        effects = self._reversible(case)
        entries = undo(effects, UnitBooks(unit, self._parts, case.id))
        data |= {"entries": len(entries), "registrations": len(effects.changes)}
        unit.registers.add(RegisterLine(now, "case.reversed", who.number, case.number, case.id, data))
        maker = unit.people.by_number(request.maker)
        assert maker is not None, "who asked is known"
        self._papers.reversed(unit, case, maker.principal)
        return reversing.undone(case, request, now).evolve(end_text=case.reversal.reason)

    def _reversible(self, case: Case) -> Effects:
        if case.effects is None or case.reversed_at is not None or case.settled_at is None:
            raise UserError("reversal.nothing")
        if any(movement.state is CashState.SETTLED for movement in case.movements):
            raise UserError("reversal.cash_moved")
        if self._parts.bank.day(case.settled_at) != self._parts.today():
            raise UserError("reversal.next_day")
        if case.state not in (CaseState.EXECUTING, CaseState.COMPLETED):
            raise UserError("case.wrong_state", state=case.state.value, wanted="reversed")
        return case.effects
