"""The visit begins: a case is opened, the card read, a teller takes the customer."""

import re
from datetime import date

from common.errors import UserError
from common.wire import cases as wire
from server.services.access import require_kiosk, require_teller
from server.services.casework import CaseWork
from server.services.commands import Commands, Done
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.prefill import prefill
from server.services.whose import facts_of
from server.store.customerbook import CardRecord
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases import visit
from teller.cases.forms import prefilled
from teller.cases.model import Case, Holder, Staff, Ticket
from teller.registers import TAKEN_OVER
from teller.scenarios import composition
from teller.scenarios.definition import Definition

_TRACK2 = re.compile(r"(?P<pan>[0-9]{12,19})[=D](?P<expiry>[0-9]{4})[0-9]{0,24}\Z")


def read_track2(track2: str) -> tuple[str, date]:
    """Card number, and the first day on which the card no longer holds.

    Raises:
        UserError: ``card.unreadable``.
    """
    match = _TRACK2.match(track2.strip(";?"))
    if match is None:
        raise UserError("card.unreadable")
    year, month = 2000 + int(match["expiry"][:2]), int(match["expiry"][2:])
    if not 1 <= month <= 12:
        raise UserError("card.unreadable")
    return match["pan"], date(year + month // 12, month % 12 + 1, 1)


def new_case(unit: Unit, parts: Parts, definition: Definition, kiosk: Principal, language: str) -> Case:
    """A draft at a machine, with the next number of the day; not stored yet."""
    now = parts.clock.now()
    day = parts.bank.day(now)
    return Case(
        id=parts.new_id(),
        number=f"{day:%m%d}-{unit.next_number(f'case {day.isoformat()}'):04d}",
        scenario=definition.name,
        definition=definition,
        language=language,
        created_at=now,
        kiosk=kiosk.number,
        kiosk_place=kiosk.place or kiosk.number,
        branch=kiosk.branch,
    ).marked("opened", now)


class OpeningService:
    """Commands up to the moment a teller and a customer have each other."""

    def __init__(self, parts: Parts, commands: Commands, work: CaseWork) -> None:
        self._parts = parts
        self._commands = commands
        self._work = work

    def open(self, key: str, who: Principal, body: wire.OpenCase) -> str:
        """A new case at this kiosk; its id.

        Raises:
            UserError: ``kiosk.visit_open`` (``number``) while the last customer's card or cash is not given back;
                ``machine.out_of_service`` (``machine``);
                ``scenario.unknown`` for one this machine does not offer.
        """
        definition = self._parts.shelf.get(body.scenario)
        if not definition.kiosk:
            raise UserError("scenario.unknown")

        def handler(unit: Unit) -> Done:
            before = unit.cases.at_kiosk(who.number)
            if before is not None:
                raise UserError("kiosk.visit_open", number=before.number)
            if not unit.orders.in_service(who.number):
                raise UserError("machine.out_of_service", machine=who.number)
            case = new_case(unit, self._parts, definition, who, body.language)
            if definition.card != "required":
                case = case.evolve(ticket=Ticket(since=case.created_at))
            usable = composition.usable(definition, facts_of(unit, case, self._parts))
            case = case.evolve(chosen=tuple(sorted(usable)))
            case = prefilled(case, {}, who.number, case.created_at, self._parts.today())
            unit.cases.add(case, self._parts.bank.day(case.created_at))
            return Done(case.id, (self._parts.notifier.desk_changed, self._parts.notifier.queue_changed))

        return self._commands.run(key, who, "case.open", who.number, body, handler)

    def read_card(self, key: str, who: Principal, case_id: str, body: wire.ReadCard) -> str:
        """The card: whose it is, and the start of the wait.

        Raises:
            UserError: ``card.unreadable``, ``card.unknown``, ``card.expired`` (``date``), ``card.blocked``,
                ``card.other_than_before``, ``account.not_active`` (``status``).
        """

        def act(unit: Unit, case: Case) -> Case:
            number, ends = read_track2(body.track2)
            card = unit.customers.card(number)
            if card is None:
                raise UserError("card.unknown")
            now = self._parts.clock.now()
            if ends <= self._parts.bank.day(now):
                raise UserError("card.expired", date=ends.isoformat())
            if any(card.status not in atomic.card_states for atomic in case.atomics):
                raise UserError("card.blocked")
            read = visit.card_read(case, number, _holder(unit, card), card.tries_left, who.number, now)
            return prefill(unit, read, who.number, now, self._parts)

        return self._work.command(key, who, "case.card", case_id, body, require_kiosk, act)

    def card_moved(self, key: str, who: Principal, case_id: str, body: wire.CardMoved) -> str:
        """Where the card is now."""

        def act(unit: Unit, case: Case) -> Case:
            return visit.card_moved(case, body.state, self._parts.clock.now())

        return self._work.command(key, who, "case.card_state", case_id, body, require_kiosk, act)

    def answer(self, key: str, who: Principal, case_id: str) -> str:
        """The ringing customer is this teller's; the call starts."""
        return self._take(key, who, case_id, "case.answer", in_turn=True)

    def take(self, key: str, who: Principal, case_id: str) -> str:
        """A waiting customer out of turn; or a case without its customer that a teller of this branch left behind.

        Raises:
            UserError: ``teller.serving``, what the ticket refuses; ``case.not_yours`` while that teller is signed in.
        """
        return self._take(key, who, case_id, "case.take", in_turn=False)

    def _take(self, key: str, who: Principal, case_id: str, name: str, *, in_turn: bool) -> str:
        """Raises ``teller.serving`` (``number``) while the last case is not ended, and what the ticket refuses."""

        def act(unit: Unit, case: Case) -> Case:
            busy = unit.cases.at_seat(who.number)
            if busy is not None and busy.id != case.id:
                raise UserError("teller.serving", number=busy.number)
            staff = Staff(who.number, who.name, who.seat)
            if not in_turn and visit.left_with_teller(case):
                return self._taken_over(unit, case, who, staff)
            return visit.answered(case, staff, self._parts.clock.now(), in_turn=in_turn)

        answered = self._work.command(key, who, name, case_id, None, _anybody, act)
        with self._parts.database.read() as unit:
            case = unit.cases.get(answered)
        mine = case.teller is not None and case.teller.number == who.number
        if mine and not case.terminal and case.ticket.state is wire.TicketState.SERVING:
            self._parts.calls.start(case.id, who.number, case.kiosk)
        return answered

    def _taken_over(self, unit: Unit, case: Case, who: Principal, staff: Staff) -> Case:
        now, before = self._parts.clock.now(), case.teller
        assert before is not None, "it was left with a teller"
        held = self._parts.presence.online(before.number)
        taken = visit.taken_over(case, staff, who.branch, now, held=held)
        if taken is not case:
            data: dict[str, str | int | None] = {"from": before.number, "to": who.number}
            unit.registers.add(RegisterLine(now, TAKEN_OVER, who.number, case.number, case.id, data, case.branch))
        return taken

    def call_again(self, key: str, who: Principal, case_id: str) -> str:
        """The call was lost or ended: begin it anew. The case is untouched.

        Raises:
            UserError: ``case.not_yours``, ``case.wrong_state`` once the case has ended.
        """

        def act(unit: Unit, case: Case) -> Case:
            if case.terminal:
                raise UserError("case.wrong_state", state=case.state.value, wanted="call")
            return case

        called = self._work.command(key, who, "case.call", case_id, None, require_teller, act)
        with self._parts.database.read() as unit:
            case = unit.cases.get(called)
        self._parts.calls.call_again(case.id, who.number, case.kiosk)
        return called


def _anybody(case: Case, who: Principal) -> None:
    """Any teller may take a waiting customer."""


def _holder(unit: Unit, card: CardRecord) -> Holder:
    account = unit.customers.account(card.account)
    if account.status != "active":
        raise UserError("account.not_active", status=account.status)
    customer = unit.customers.customer(account.customer_id)
    return Holder(
        account=account.number,
        customer_id=customer.id,
        name=customer.name,
        id_number=customer.id_number,
        birth=customer.birth,
        opened_on=account.opened_on,
        currency=account.currency,
    )
