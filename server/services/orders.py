"""Orders to machines from afar: given by staff with the right, carried out by the kiosk, each with its trace."""

from collections.abc import Iterable
from dataclasses import replace

from common.errors import UserError
from common.wire import machine as wire
from common.wire.base import Sentence
from common.wire.cases import CaseState
from common.wire.sessions import Role
from server.services.commands import Commands, Done
from server.services.machines import FRESH
from server.services.notes import last_report
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.machinebook import MachineRecord
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases.steps import customer_step
from teller.machines import orders as rules
from teller.machines.orders import Order, OrderState, Situation
from teller.pin import PinState
from teller.registers import ORDER_ENDED, ORDERED

SHOWN = 20
_ENDED = {
    "done": OrderState.DONE,
    "refused": OrderState.REFUSED,
    "failed": OrderState.FAILED,
    "unknown": OrderState.UNKNOWN,
}
_IN_SERVER = frozenset({wire.OrderAction.OUT_OF_SERVICE, wire.OrderAction.INTO_SERVICE})
"""Orders that are the server's own to carry out: the kiosk only shows what came of them."""


class OrderService:
    """Orders, and everything that staff see of one machine."""

    def __init__(self, parts: Parts, commands: Commands) -> None:
        self._parts = parts
        self._commands = commands

    # --- staff ---------------------------------------------------------------------------------------------------

    def detail(self, who: Principal, number: str) -> wire.MachineDetail:
        """One machine with what lies where, its orders, and what could be ordered now.

        Raises:
            UserError: ``machine.not_found``; ``order.other_branch`` for a machine of another branch.
        """
        now = self._parts.clock.now()
        with self._parts.database.read() as unit:
            record = self._machine(unit, who, number)
            report, situation = last_report(unit, number), self._situation(unit, record)
            visit = unit.cases.at_kiosk(number)
            known = [order.seen(now) for order in unit.orders.newest(number, SHOWN)]
        return wire.MachineDetail(
            number=number,
            place=record.place,
            online=situation.online,
            in_service=situation.in_service,
            case_number=visit.number if visit else None,
            at=record.report_at,
            fresh=situation.fresh,
            picture=report.picture if report else wire.MachinePicture(),
            cash_units=report.cash_units if report else [],
            orders=[_view(order) for order in known],
            offered=_offered(who, situation),
        )

    def give(self, key: str, who: Principal, number: str, body: wire.GiveOrder) -> str:
        """Order a machine to do something; the order's id.

        Raises:
            UserError: ``order.no_right``, ``order.other_branch``, ``machine.not_found``, or why it would lose money
                or a card or cannot be done now (``order.…``).
        """

        def handler(unit: Unit) -> Done:
            now = self._parts.clock.now()
            rules.require_right(body.action, who.role)
            record = self._machine(unit, who, number, lock=True)
            self._expire(unit, number)
            reason = rules.refusal(body.action, body.target, who.number, self._situation(unit, record))
            if reason is not None:
                raise UserError(reason)
            order = Order(self._parts.new_id(), number, body.action, body.target, body.reason, who.number, now)
            if body.action in _IN_SERVER:
                order = order.to(OrderState.BEGUN, now).to(OrderState.DONE, now)
            unit.orders.put(order)
            self._register(unit, order, ORDERED, who.branch)
            return Done(order.id, (lambda: self._parts.notifier.machine_ordered(number),))

        return self._commands.run(key, who, "machine.order", number, body, handler)

    def one(self, who: Principal, order_id: str) -> wire.OrderView:
        """An order as it stands. Raises ``order.not_found``, ``order.other_branch``."""
        with self._parts.database.read() as unit:
            order = unit.orders.get(order_id)
            self._machine(unit, who, order.machine)
            return _view(order.seen(self._parts.clock.now()))

    def _machine(self, unit: Unit, who: Principal, number: str, *, lock: bool = False) -> MachineRecord:
        record = unit.machines.get(number, lock=lock)
        kiosk = unit.people.by_number(number)
        if record is None or kiosk is None:
            raise UserError("machine.not_found")
        if who.role is not Role.KIOSK and kiosk.principal.branch != who.branch:
            raise UserError("order.other_branch", number=number)
        return record

    def _situation(self, unit: Unit, record: MachineRecord) -> Situation:
        number, now = record.number, self._parts.clock.now()
        report, visit = last_report(unit, number), unit.cases.at_kiosk(number)
        case = unit.cases.get(visit.id) if visit is not None else None
        task = unit.replenishments.current(number)
        picture = report.picture if report is not None else wire.MachinePicture()
        blocked = case is not None and (case.pin.state is PinState.BLOCKED or case.state is CaseState.FAILED)
        return Situation(
            online=self._parts.presence.online(number),
            fresh=record.report_at is not None and now - record.report_at < FRESH,
            in_service=unit.orders.in_service(number),
            teller=case.teller.number if case is not None and case.teller is not None else "",
            step=customer_step(case) if case is not None else None,
            card_blocked=blocked,
            cash_moves=unit.replenishments.cash_moves(number),
            safe_open=task is not None and task.safe_open,
            places={one.place: one.state for one in picture.places},
            services=frozenset(one.name for one in picture.services),
            pending=any(order.seen(now).open for order in unit.orders.open(number)),
        )

    def _expire(self, unit: Unit, number: str) -> None:
        now = self._parts.clock.now()
        for order in unit.orders.open(number):
            if (seen := order.seen(now)) != order:
                unit.orders.put(seen)
                self._register(unit, seen, ORDER_ENDED, "")

    def _register(self, unit: Unit, order: Order, kind: str, branch: str, moved: str = "") -> None:
        visit = unit.cases.at_kiosk(order.machine)
        data: dict[str, str | int | None] = {
            "action": order.action.value, "target": order.target, "reason": order.reason, "state": order.state.value,
            "code": order.code, "order": order.id,
        }  # fmt: skip
        data |= {"moved": moved} if moved else {}
        if not branch and (kiosk := unit.people.by_number(order.machine)) is not None:
            branch = kiosk.principal.branch
        case_id = visit.id if visit is not None else None
        unit.registers.add(RegisterLine(self._parts.clock.now(), kind, order.by, order.machine, case_id, data, branch))

    # --- the kiosk -----------------------------------------------------------------------------------------------

    def own(self, who: Principal) -> wire.OwnMachine:
        """What the kiosk has to know of itself. Orders that nobody began in time are not among them."""
        now = self._parts.clock.now()
        with self._parts.database.read() as unit:
            waiting: Iterable[Order] = (order.seen(now) for order in unit.orders.open(who.number))
            return wire.OwnMachine(
                in_service=unit.orders.in_service(who.number), orders=[_view(order) for order in waiting if order.open]
            )

    def begin(self, key: str, who: Principal, order_id: str) -> wire.OrderView:
        """The kiosk is about to carry an order out: the rules are asked again, as things are now.

        Raises:
            UserError: ``order.not_found``, ``order.wrong_state`` (expired, or begun before). An order that must not be
                carried out any more comes back as refused, with the reason.
        """

        def handler(unit: Unit) -> Done:
            order, now = self._mine(unit, who, order_id), self._parts.clock.now()
            record = unit.machines.get(who.number, lock=True)  # a safe opens before or after this
            assert record is not None, "an order names a machine"
            situation = self._situation(unit, record)
            # The order that begins now is not in its own way.
            reason = rules.refusal(order.action, order.target, order.by, replace(situation, pending=False))
            expired = order.seen(now)
            if not expired.open:
                after = expired
            else:
                after = order.to(OrderState.REFUSED, now, reason) if reason else order.to(OrderState.BEGUN, now)
            unit.orders.put(after)
            if not after.open:
                self._register(unit, after, ORDER_ENDED, who.branch)
            return Done(order.id, (self._parts.notifier.desk_changed,))

        return self.one(who, self._commands.run(key, who, "machine.order_begun", order_id, None, handler))

    def outcome(self, key: str, who: Principal, order_id: str, body: wire.OrderOutcome) -> wire.OrderView:
        """What became of an order; also of one that nobody could tell the outcome of until now.

        Raises:
            UserError: ``order.not_found``, ``order.wrong_state``.
        """

        def handler(unit: Unit) -> Done:
            order = self._mine(unit, who, order_id)
            after = order.to(_ENDED[body.state], self._parts.clock.now(), body.code, body.params)
            unit.orders.put(after)
            self._register(unit, after, ORDER_ENDED, who.branch, _moved(body))
            return Done(order.id, (self._parts.notifier.desk_changed,))

        return self.one(who, self._commands.run(key, who, "machine.order_ended", order_id, body, handler))

    def _mine(self, unit: Unit, who: Principal, order_id: str) -> Order:
        order = unit.orders.get(order_id)
        if order.machine != who.number:
            raise UserError("order.not_found")
        return order


def _moved(body: wire.OrderOutcome) -> str:
    """Which cash units have more or fewer notes than before."""
    units = sorted({*body.counts_before, *body.counts_after})
    changes = {unit: body.counts_after.get(unit, 0) - body.counts_before.get(unit, 0) for unit in units}
    return " ".join(f"{unit}{change:+d}" for unit, change in changes.items() if change)


def _offered(who: Principal, situation: Situation) -> list[wire.OfferedOrder]:
    """Every order this person could think of now, with why it would be refused."""
    offered = []
    for action, target in rules.catalogue(situation):
        if who.role not in rules.RIGHTS[action]:
            continue
        reason = rules.refusal(action, target, who.number, situation)
        offered.append(
            wire.OfferedOrder(action=action, target=target, refused=Sentence(code=reason) if reason else None)
        )
    return offered


def _view(order: Order) -> wire.OrderView:
    return wire.OrderView(
        id=order.id,
        machine=order.machine,
        action=order.action,
        target=order.target,
        reason=order.reason,
        by=order.by,
        at=order.at,
        expires_at=order.expires_at,
        state=order.state.value,
        ended_at=order.ended_at,
        note=Sentence(code=order.code, params=dict(order.params)) if order.code else None,
    )
