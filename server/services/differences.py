"""Short and over by count: what stands there, what one person proposes, how the second one's yes is booked."""

from collections.abc import Callable
from datetime import date

from common.errors import UserError
from common.wire import cash as wire
from common.wire.base import Amount
from common.wire.sessions import Role
from server.services.commands import Commands, Done
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cash import difference as domain
from teller.cash.suspense import Closing, ClosingState
from teller.ledger.chart import Role as Account
from teller.ledger.chart import account_code
from teller.money import Money
from teller.registers import SUSPENSE_CLOSED, SUSPENSE_PROPOSED, SUSPENSE_REFUSED
from teller.transactions.transfers import CLOSED

MOST_LINES = 12
ShowClosing = Callable[[Closing], wire.ClosingView]


class DifferenceService:
    """A teller sees and proposes for the machines of his own branch, an authoriser for all."""

    def __init__(self, parts: Parts, commands: Commands) -> None:
        self._parts, self._commands = parts, commands

    def items(self, who: Principal, show: ShowClosing) -> list[wire.DifferenceView]:
        """Every account on which something stands, by machine."""
        with self._parts.database.read() as unit:
            machines = [one.number for one in unit.machines.all() if _branch(unit, who, one.number) is not None]
            accounts = [account_code(role, machine) for machine in machines for role in domain.ROLES]
            return [self._view(unit, account, show) for account in accounts if _stands(unit, account)]

    def propose(self, key: str, who: Principal, account: str, body: wire.ProposeDifference) -> str:
        """Where it is; the proposal's id.

        Raises:
            UserError: ``suspense.not_found``, ``suspense.waits`` for its second person already, ``suspense.way``,
                ``suspense.reason``, ``suspense.too_much``, ``suspense.no_such_account``.
        """

        def handler(unit: Unit) -> Done:
            machine = domain.machine_of(account)
            branch = _branch(unit, who, machine)
            if branch is None or unit.machines.get(machine, lock=True) is None:
                raise UserError("suspense.not_found")
            if unit.suspense.waiting(account) is not None:
                raise UserError("suspense.waits", reference=account)
            closing = Closing(
                id=self._parts.new_id(), movement=account, case_id="", reference=account, machine=machine,
                branch=branch, in_hand={}, reason=body.reason, note=body.note, maker=who.number,
                proposed_at=self._parts.clock.now(), amount=body.amount, way=body.way, to=body.to,
            )  # fmt: skip
            _require_possible(unit, closing)
            unit.suspense.put(closing)
            self._register(unit, SUSPENSE_PROPOSED, who, closing)
            return Done(closing.id, (self._parts.notifier.desk_changed,))

        return self._commands.run(key, who, "difference.propose", account, body, handler)

    def decided(self, unit: Unit, who: Principal, after: Closing) -> None:
        """What the second person said, inside his own command: an approved one is booked.

        Raises:
            UserError: ``suspense.not_found`` of another branch, and as :meth:`propose` when the books have changed.
        """
        if _branch(unit, who, after.machine) is None:
            raise UserError("suspense.not_found")
        approved = after.state is ClosingState.APPROVED
        if approved:
            unit.machines.get(after.machine, lock=True)
            _require_possible(unit, after)
            unit.ledger.post(domain.entry(after, self._parts.stamp))
        self._register(unit, SUSPENSE_CLOSED if approved else SUSPENSE_REFUSED, who, after)

    def _view(self, unit: Unit, account: str, show: ShowClosing) -> wire.DifferenceView:
        waits, short = unit.suspense.waiting(account), account_code(Account.CASH_SHORT, domain.machine_of(account))
        sign = -1 if account == short else 1  # a statement counts credits up
        lines = unit.ledger.statement(account, date.min, MOST_LINES)
        return wire.DifferenceView(
            account=account,
            machine=domain.machine_of(account),
            kind="short" if account == short else "over",
            amount=_amount(_stands(unit, account)),
            other=_amount(_stands(unit, domain.other_side(account))),
            lines=[
                wire.DifferenceLine(on=line.on, kind=line.kind, amount=Amount(minor=sign * line.amount.minor))
                for line in lines
            ],
            closing=None if waits is None else show(waits),
        )

    def _register(self, unit: Unit, kind: str, who: Principal, closing: Closing) -> None:
        data: dict[str, str | int | None] = {
            "machine": closing.machine, "amount": closing.amount, "way": closing.way, "to": closing.to or None,
            "reason": closing.reason, "maker": closing.maker, "note": closing.answer or closing.note,
        }  # fmt: skip
        now = self._parts.clock.now()
        unit.registers.add(RegisterLine(now, kind, who.number, closing.reference, None, data, closing.branch))


def _branch(unit: Unit, who: Principal, machine: str) -> str | None:
    """The machine's branch, as far as a person may see it."""
    kiosk = unit.people.by_number(machine)
    if kiosk is None or (who.role is Role.TELLER and kiosk.principal.branch != who.branch):
        return None
    return kiosk.principal.branch


def _stands(unit: Unit, account: str) -> Money:
    """What is on an account; one that nothing was ever booked on is not there."""
    try:
        return unit.ledger.balance(account)
    except UserError:
        return Money(0)


def _require_possible(unit: Unit, closing: Closing) -> None:
    domain.require_possible(
        closing, _stands(unit, closing.movement), _stands(unit, domain.other_side(closing.movement))
    )
    if closing.to:
        account = unit.customers.find("account", closing.to)
        if account is None or account["status"] in CLOSED:
            raise UserError("suspense.no_such_account")


def _amount(money: Money) -> Amount:
    return Amount(minor=money.minor, currency=money.currency)
