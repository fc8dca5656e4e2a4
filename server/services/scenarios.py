"""Scenarios to start, what is chosen in a case, and beginning a case from the teller's desk."""

from dataclasses import replace

from common.errors import UserError
from common.wire import cases as wire
from common.wire.base import Params, Sentence
from common.wire.sessions import Role
from server.services.access import require_teller
from server.services.casework import CaseWork
from server.services.commands import Commands, Done
from server.services.handing import HandingService
from server.services.opening import new_case
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.prefill import prefill
from server.services.whose import facts_of
from server.store.unit import Unit
from teller.cases import choosing, following
from teller.cases.model import Case, Staff, Ticket
from teller.scenarios import composition
from teller.scenarios.definition import Definition
from teller.transactions import limits
from teller.transactions.base import Bar, Presence
from teller.transactions.registry import REGISTRY
from teller.transactions.rules import Row, by_code, in_force
from teller.transactions.standing import Side, Standing
from teller.vouchers import Words

CLASS_LIMITS = ("class_2_limit", "class_3_limit")


def label(words: Words) -> wire.Label:
    return wire.Label(zh=words.zh, en=words.en)


def scenario_view(one: Definition) -> wire.ScenarioView:
    return wire.ScenarioView(
        name=one.name,
        code=one.code,
        initials=one.initials,
        title=label(one.title),
        note=label(one.note),
        group=one.group,
        icon=one.icon,
        kiosk=one.kiosk,
        card_needed=one.card == "required",
        transactions=[part.code for part in one.parts],
    )


def transaction_views(unit: Unit, case: Case, parts: Parts) -> list[wire.TransactionView]:
    """Every transaction of the case's scenario by its number: chosen or not, and why it cannot be done."""
    facts = facts_of(unit, case, parts)
    barred = composition.bars(case.definition, facts)
    mandatory = case.definition.mandatory
    found = []
    for part in case.definition.parts:
        atomic, bar = REGISTRY[part.code], barred.get(part.code)
        found.append(
            wire.TransactionView(
                code=atomic.code,
                number=atomic.number,
                group=atomic.group,
                title=label(atomic.title),
                initials=atomic.initials,
                mandatory=atomic.code in mandatory,
                chosen=atomic.code in facts.chosen,
                barred=None if bar is None else _reason(bar),
                rule=None if bar is None else bar.rule or None,
            )
        )
    return sorted(found, key=lambda one: one.number)


def _reason(bar: Bar) -> Sentence:
    params: Params = {**dict(bar.params), "rule": bar.rule}
    return Sentence(code=bar.code, params=params)


def notices(unit: Unit, case: Case, parts: Parts) -> list[wire.NoticeView]:
    """Limits and duties of what is chosen, from the rows in force today; of an account's class, what is left too."""
    codes = dict.fromkeys(code for atomic in case.atomics for code in atomic.rules)
    today = parts.today()
    standing = limits.standing_of(facts_of(unit, case, parts))
    own = None if standing is None else limits.row_of(standing, today)
    opening = {f"class_{one[-1]}_limit" for one in case.chosen if one.startswith("open_class_")}
    found = []
    for row in (in_force(by_code(code).topic, today) for code in codes):
        if row is None or (row.topic in CLASS_LIMITS and row != own and row.topic not in opening):
            continue
        left = _left(standing, row) if standing is not None and row == own else None
        found.append(wire.NoticeView(code=row.code, says=label(row.says), basis=row.cited, left=left))
    return found


def _left(standing: Standing, row: Row) -> Sentence:
    """How much still fits today, in and out."""
    rest = {side: limits.left(standing, side, row) for side in Side}
    return Sentence(code="notice.left", params={side.value: one.left for side, one in rest.items() if one is not None})


class ScenarioService:
    """What can be started, and what is chosen."""

    def __init__(self, parts: Parts, commands: Commands, work: CaseWork, handing: HandingService) -> None:
        self._parts = parts
        self._commands = commands
        self._work = work
        self._handing = handing

    def all(self, who: Principal) -> list[wire.ScenarioView]:
        """A machine sees what it offers, staff everything."""
        found = self._parts.shelf.all().values()
        return [scenario_view(one) for one in found if one.kiosk or who.role is not Role.KIOSK]

    def start(self, key: str, who: Principal, body: wire.StartCase) -> str:
        """A case for a customer beside bank staff, at a machine of this branch; it is this teller's at once.

        Raises:
            UserError: ``scenario.unknown``, ``teller.serving`` (``number``), ``kiosk.none_free``,
                ``kiosk.visit_open`` (``number``) at the machine that was asked for; ``visit.over``, ``case.not_yours``,
                ``handing.open``, ``handing.machine_first``, ``handing.not_now`` for the case that it follows.
        """
        definition = self._parts.shelf.get(body.scenario)

        def handler(unit: Unit) -> Done:
            if body.after is not None:
                return self._follow(unit, who, body, definition)
            busy = unit.cases.at_seat(who.number)
            if busy is not None:
                raise UserError("teller.serving", number=busy.number)
            kiosk = self._free_machine(unit, who, body.kiosk)
            case = new_case(unit, self._parts, definition, kiosk, body.language)
            now = case.created_at
            case = replace(case, presence=Presence.ON_SITE, teller=Staff(who.number, who.name, who.seat))
            case = replace(case, ticket=Ticket(wire.TicketState.SERVING, since=now, answered_at=now))
            case = self._first_choice(unit, case).marked("answered", now)
            unit.cases.add(case, self._parts.bank.day(now))
            notify = self._parts.notifier
            return Done(case.id, (notify.desk_changed, lambda: notify.case_changed(case.id, 1, case.members)))

        started = self._commands.run(key, who, "case.start", who.number, body, handler)
        with self._parts.database.read() as unit:
            case = unit.cases.get(started)
        if not case.terminal:
            self._parts.calls.start(case.id, who.number, case.kiosk)
        return started

    def _follow(self, unit: Unit, who: Principal, body: wire.StartCase, definition: Definition) -> Done:
        """The same customer at the same machine: the last case ends, the next begins with what was captured."""
        now = self._parts.clock.now()
        before = unit.cases.get(body.after or "", lock=True)
        require_teller(before, who)
        settled = self._handing.settle(unit, before, who, body.things)
        told = self._work.store(unit, before, following.ended_for_next(settled, now))
        kiosk = unit.people.by_number(before.kiosk)
        assert kiosk is not None, "a machine that has a case is known"
        case = new_case(unit, self._parts, definition, kiosk.principal, before.language)
        ticket = Ticket(wire.TicketState.SERVING, since=before.ticket.since, answered_at=before.ticket.answered_at)
        case = replace(case, teller=before.teller, ticket=ticket)
        unit.cases.add(case, self._parts.bank.day(now))
        begun = self._first_choice(unit, following.captured(case, before, now))
        begun = prefill(unit, begun, kiosk.principal.number, now, self._parts)
        saved = unit.cases.save(case, begun)
        notify = self._parts.notifier
        return Done(case.id, (*told, lambda: notify.case_changed(case.id, saved.version, saved.members)))

    def _free_machine(self, unit: Unit, who: Principal, wanted: str | None) -> Principal:
        """A machine of the teller's branch that nobody uses."""
        for record in unit.machines.all():
            if wanted not in (None, record.number) or not self._parts.presence.online(record.number):
                continue
            known = unit.people.by_number(record.number)
            if known is None or known.principal.branch != who.branch:
                continue
            visit = unit.cases.at_kiosk(record.number)
            if visit is None:
                return known.principal
            if wanted is not None:
                raise UserError("kiosk.visit_open", number=visit.number)
        raise UserError("kiosk.none_free")

    def _first_choice(self, unit: Unit, case: Case) -> Case:
        facts = facts_of(unit, case, self._parts)
        chosen = composition.usable(case.definition, facts)
        return replace(case, chosen=tuple(sorted(chosen)))

    def choose(self, key: str, who: Principal, case_id: str, body: wire.ChooseTransactions) -> str:
        """What is done in this case. Refusals: `teller.cases.choosing.chosen`."""

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            case = choosing.chosen(case, frozenset(body.transactions), body.version, now)
            return prefill(unit, case, who.number, now, self._parts)

        return self._work.command(key, who, "case.transactions", case_id, body, require_teller, act)

    def change(self, key: str, who: Principal, case_id: str, body: wire.ChangeScenario) -> str:
        """The customer came for something else: papers, pictures and fields stay.

        Raises:
            UserError: ``scenario.unknown``, ``scenario.needs_card``, ``case.wrong_state``, ``cash.wrong_state``.
        """
        definition = self._parts.shelf.get(body.scenario)

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            case = self._first_choice(unit, choosing.changed(case, definition, now))
            return prefill(unit, case, who.number, now, self._parts)

        return self._work.command(key, who, "case.scenario", case_id, body, require_teller, act)
