"""Companies by the calendar: calls that were missed, reviews that are due, business suspended by the dated rules."""

from datetime import datetime
from typing import Any

from server.services.books import UnitBooks
from server.services.parts import Parts
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller import companies
from teller.companies import ACTIVE, BOOKED, MISSED, SUSPENDED

SYSTEM = "SYSTEM"
"""Who does it: the server itself."""


class CompanyDuties:
    """``do_due`` may be called by anybody; :mod:`server.duties` does it now and then."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def do_due(self) -> int:
        """Everything that is due now; how much there was."""
        with self._parts.database.read() as unit:
            booked = [number for number, one in unit.products.in_state("appointment", BOOKED) if self._missed(one)]
            active = [code for code, one in unit.products.in_state("company", ACTIVE) if self._stands_out(one)]
        return sum(map(self._miss, booked)) + sum(map(self._look, active))

    def _missed(self, appointment: dict[str, Any]) -> bool:
        at = datetime.fromisoformat(str(appointment["at"]))
        return self._parts.clock.now() > at + companies.window(self._parts.today())

    def _stands_out(self, company: dict[str, Any]) -> bool:
        today = self._parts.today()
        listed = company.get("review_listed") == company.get("review_on")
        return companies.must_stop(company, today) is not None or (companies.is_due(company, today) and not listed)

    def _miss(self, number: str) -> int:
        """In one unit: a representative who is being asked meanwhile has kept it."""
        with self._parts.database.write() as unit:
            found = unit.products.get("appointment", number, lock=True)
            if found is None or found["status"] != BOOKED or not self._missed(found):
                return 0
            self._put(unit, "appointment", number, {**found, "status": MISSED})
            self._write(unit, "appointment.missed", number, {"company": found["company"], "at": found["at"]})
        return 1

    def _look(self, code: str) -> int:
        """Onto the list of reviews once, and suspended when the rules say so."""
        today = self._parts.today()
        with self._parts.database.write() as unit:
            found = unit.products.get("company", code, lock=True)
            if found is None or found["status"] != ACTIVE or not self._stands_out(found):
                return 0
            why = companies.must_stop(found, today)
            after = {**found, "review_listed": found.get("review_on")}
            if why is not None:
                after |= {"status": SUSPENDED, "suspended_for": why, "suspended_on": today.isoformat()}
            self._put(unit, "company", code, after)
            kind = "company.review_due" if why is None else "company.suspended"
            data = {"name": found["name"], "due": found.get("review_on"), "why": why}
            self._write(unit, kind, code, data)
        return 1

    def _put(self, unit: Unit, kind: str, key: str, cells: dict[str, Any]) -> None:
        UnitBooks(unit, self._parts, unit.products.case_of(kind, key)).put(kind, key, cells)

    def _write(self, unit: Unit, kind: str, subject: str, data: dict[str, Any]) -> None:
        branch = self._parts.bank.branch.zh
        unit.registers.add(RegisterLine(self._parts.clock.now(), kind, SYSTEM, subject, None, data, branch))
