"""What is due with companies: calls by appointment of today and the week to come, yearly reviews."""

from datetime import datetime, timedelta

from common.wire.companies import Agenda, AgendaCall, AgendaReview
from common.wire.desk import Todo
from server.services.parts import Parts
from server.store.unit import Unit
from teller import companies
from teller.companies import ACTIVE, BOOKED, KEPT, MISSED, SUSPENDED
from teller.forms.validators import read_date
from teller.vouchers import mask_name

DAYS = 7
"""How far ahead calls are listed."""
SOON = timedelta(minutes=60)
"""How long before its time a call stands among what is to be done."""


class AgendaService:
    """Computed from the records; nothing is kept."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def agenda(self) -> Agenda:
        """Everything that is due, by its time."""
        with self._parts.database.read() as unit:
            return Agenda(calls=self._calls(unit), reviews=self._reviews(unit))

    def todos(self, unit: Unit) -> list[Todo]:
        """What a teller is reminded of: calls within the hour or running, and reviews that nobody has done."""
        now = self._parts.clock.now()
        window = companies.window(self._parts.today())
        calls = [one for one in self._calls(unit) if one.state == BOOKED and -window <= one.at - now <= SOON]
        local = self._parts.bank.zone
        made = [
            Todo(code="todo.company_call", params={"name": one.name, "at": f"{one.at.astimezone(local):%H:%M}"}, at=now)
            for one in calls
        ]
        due = [one for one in self._reviews(unit) if one.state != "suspended"]
        late = sum(one.state == "overdue" for one in due)
        if due:
            made.append(Todo(code="todo.company_reviews", params={"count": len(due), "late": late}, at=now))
        return made

    def _calls(self, unit: Unit) -> list[AgendaCall]:
        first = self._parts.today()
        found = []
        for state in (BOOKED, KEPT, MISSED):
            for number, one in unit.products.in_state("appointment", state):
                at = datetime.fromisoformat(str(one["at"]))
                if not 0 <= (at.date() - first).days <= DAYS:
                    continue
                who = mask_name(str(one["representative"]))
                found.append(
                    AgendaCall(number=number, company=one["company"], name=one["name"], representative=who, at=at,
                               state=state)
                )  # fmt: skip
        return sorted(found, key=lambda call: (call.at, call.number))

    def _reviews(self, unit: Unit) -> list[AgendaReview]:
        today = self._parts.today()
        found = []
        for state in (ACTIVE, SUSPENDED):
            for code, one in unit.products.in_state("company", state):
                due = read_date(str(one.get("review_on") or ""))
                if due is None or (state == ACTIVE and not companies.is_due(one, today)):
                    continue
                word = "suspended" if state == SUSPENDED else "overdue" if due < today else "due"
                found.append(AgendaReview(company=code, name=one["name"], due=due.isoformat(), state=word))
        return sorted(found, key=lambda review: (review.due, review.company))
