"""Handing over cards, U-keys and certificates at the machine: the server says what, the machine what became of it."""

from collections.abc import Sequence
from dataclasses import replace

from common.errors import UserError
from common.wire.handing import HandedOver, HandingJob, ThingSettled
from server.services.access import require_kiosk
from server.services.books import UnitBooks
from server.services.casework import CaseWork
from server.services.papers import PaperService
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.sheets import unheard
from server.store.unit import Unit
from teller.capitals import capitals
from teller.cases import handing, sheets
from teller.cases.handing import Due
from teller.cases.model import Case
from teller.cases.passbook import passbook_of
from teller.cases.passbook import printed as not_printed
from teller.money import Money, shown
from teller.transactions.base import Change, Record
from teller.transactions.deposits import percent


class HandingService:
    """What the customer is given: the machine's word on it, and that of staff who end a case."""

    def __init__(self, parts: Parts, work: CaseWork, papers: PaperService) -> None:
        self._parts, self._work, self._papers = parts, work, papers

    def job(self, who: Principal, case_id: str) -> HandingJob | None:
        """The next thing to hand over; None: nothing (any more).

        Raises:
            UserError: ``case.not_found``, ``case.forbidden``.
        """
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
            require_kiosk(case, who)
            thing = handing.next_due(case)
            if thing is None:
                return None
            record = UnitBooks(unit, self._parts, case.id).record(thing.change.kind, thing.number)
            assert record is not None, "a thing of a case is registered"
            return _job(case, thing, record)

    def handed(self, key: str, who: Principal, case_id: str, body: HandedOver) -> str:
        """What became of it: taken, kept by the machine (blocked and registered), or never given out (registered).

        Raises:
            UserError: ``handing.not_now``.
        """

        def act(unit: Unit, case: Case) -> Case:
            thing = handing.require_due(case, body.kind, body.number)
            return self._became(unit, case, who, thing, body.outcome)

        return self._work.command(key, who, "case.handed", case_id, body, require_kiosk, act)

    def settle(self, unit: Unit, case: Case, who: Principal, said: Sequence[ThingSettled]) -> Case:
        """Before staff end a case: what became of everything that nobody has spoken of yet.

        Raises:
            UserError: ``handing.open`` (``n``), ``handing.not_now`` for a thing that is none of these;
                ``handing.machine_first`` while a machine that is there still gives out or prints: it will say itself.
        """
        left = {(one.kind, one.registered): one for one in handing.open_things(case)}
        outcomes: dict[tuple[str, str], str] = {(one.kind, one.number): one.outcome for one in said}
        if not outcomes.keys() <= left.keys():
            raise UserError("handing.not_now")
        at_work = handing.machine_due(case) or sheets.is_open(case)
        if at_work and self._parts.presence.online(case.kiosk):
            raise UserError("handing.machine_first")
        if missing := len(left.keys() - outcomes.keys()):
            raise UserError("handing.open", n=missing)
        for name, thing in left.items():
            case = self._became(unit, case, who, thing, outcomes[name])
        if passbook_of(case) is not None and case.passbook is None:
            case = not_printed(case, whole=False, at=self._parts.clock.now())
        return unheard(unit, self._parts, case, who)

    def _became(self, unit: Unit, case: Case, who: Principal, thing: Due, outcome: str) -> Case:
        moved = handing.item_of(thing, outcome)
        if moved is not None:
            self._papers.items(unit, case, who.number, [(*moved, thing.registered)])
            if thing.kind in handing.BLOCKABLE:
                case = self._blocked(unit, case, thing)
        return handing.handed(case, thing, outcome, self._parts.clock.now())

    def _blocked(self, unit: Unit, case: Case, thing: Due) -> Case:
        """Nobody can use what the customer does not hold; a reversal of the case takes this back too."""
        books = UnitBooks(unit, self._parts, case.id)
        before = books.record(thing.change.kind, thing.number)
        assert before is not None, "a thing of a case is registered"
        assert case.effects is not None, "a thing of a case was registered by it"
        after = {**before, "status": handing.BLOCKED}
        books.put(thing.change.kind, thing.number, after)
        change = Change(thing.change.kind, thing.number, dict(before), after)
        return case.evolve(effects=replace(case.effects, changes=(*case.effects.changes, change)))


def _job(case: Case, thing: Due, record: Record) -> HandingJob:
    if thing.kind == "card":
        year, month = str(record["expires_on"])[2:4], str(record["expires_on"])[5:7]
        return HandingJob(kind="card", number=thing.number, track2=f"{thing.number}={year}{month}2010000000000"[:37])
    if thing.kind == "ukey":
        return HandingJob(kind="ukey", number=thing.number)
    amount = Money(int(str(record["minor"])), "CNY")
    fields = {
        "number": thing.number,
        "name": case.holder.name if case.holder is not None else "",
        "amount": shown(amount),
        "words": capitals(amount),
        "rate": f"{record['term']} {percent(int(str(record['millionths'])))}",
        "opened": str(record["opened_on"]),
        "due": str(record["matures_on"]),
    }
    return HandingJob(kind="certificate", number=thing.number, fields=fields)
