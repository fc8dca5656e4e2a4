"""The desks: what a teller sees between customers, and an authoriser's figures of the day."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from statistics import median

from common.wire import authorisation, desk
from common.wire.base import Amount
from server.services.agenda import AgendaService
from server.services.machines import MachineService
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.scenarios import label, scenario_view
from server.services.views import case_row
from server.store.taskbook import TaskLine
from server.store.unit import Unit
from teller.cases import visit
from teller.cases.handing import open_things
from teller.cases.model import Case
from teller.vouchers import mask_name

TODAY_ROWS = 50


class DeskService:
    """Figures and lists; computed, never kept."""

    def __init__(self, parts: Parts, machines: MachineService, agenda: AgendaService) -> None:
        self._parts = parts
        self._machines = machines
        self._agenda = agenda

    def teller(self, who: Principal) -> desk.DeskView:
        """All a teller sees between two customers."""
        today = self._parts.today()
        with self._parts.database.read() as unit:
            current = unit.cases.at_seat(who.number)
            lines = unit.cases.search("", today, who.number, TODAY_ROWS)
            queue = self._queue(unit)
            todos = self._todos(unit, who)
        rows = [case_row(line, self._parts.shelf.all()) for line in lines]
        served = [row for row in rows if row.ended_at is not None and row.duration_s is not None]
        stars = [line.rating for line in lines if line.rating is not None]
        presence = self._parts.presence
        return desk.DeskView(
            state="serving" if current is not None else presence.seat_state(who.number),
            since=presence.seat_since(who.number) or self._parts.clock.now(),
            queue=queue,
            current_case=current.id if current else None,
            today=rows,
            served=len(served),
            average_s=_average([row.duration_s for row in served if row.duration_s is not None]),
            rating=round(sum(stars) / len(stars), 2) if stars else None,
            todos=todos,
            scenarios=[scenario_view(one) for one in self._parts.shelf.all().values()],
            machines=self._machines.all(),
        )

    def _queue(self, unit: Unit) -> list[desk.QueueRow]:
        rows = []
        for position, waiting in enumerate(unit.cases.queue(), start=1):
            case = unit.cases.get(waiting.case_id)
            rows.append(
                desk.QueueRow(
                    case_id=case.id,
                    position=position,
                    scenario=case.scenario,
                    title=label(case.definition.title),
                    customer=_customer(case),
                    kiosk=case.kiosk,
                    kiosk_place=case.kiosk_place,
                    language=case.language,
                    prepared=_prepared(case),
                    since=waiting.since,
                )
            )
        return rows

    def _todos(self, unit: Unit, who: Principal) -> list[desk.Todo]:
        return [
            *self._left_behind(unit, who),
            *self._agenda.todos(unit),
            *self._suspended(unit),
            *self._to_fill(unit),
            *self._lapsing(unit),
        ]

    def _left_behind(self, unit: Unit, who: Principal) -> list[desk.Todo]:
        """Cases of this branch whose teller is off duty and whose things nobody has spoken of: another may go on."""
        return [
            desk.Todo(
                code="todo.left_behind",
                params={"number": case.number, "name": case.teller.name, "n": len(open_things(case))},
                case_id=case.id,
                at=case.created_at,
            )
            for case in unit.cases.left_behind()
            if visit.left_with_teller(case)
            and case.teller is not None
            and case.branch == who.branch
            and case.teller.number != who.number
            and not self._parts.presence.online(case.teller.number)
        ]

    def _lapsing(self, unit: Unit) -> list[desk.Todo]:
        """Oral reports of loss that end today or tomorrow unless the customer puts them in writing."""
        soon = (self._parts.today() + timedelta(days=1)).isoformat()
        return [
            desk.Todo(
                code="todo.loss_lapses",
                params={"until": str(cells["until"]), "account": number[-4:]},
                at=self._parts.clock.now(),
            )
            for number, cells in unit.products.in_state("loss", "active")
            if cells.get("until") and str(cells["until"]) <= soon
        ]

    @staticmethod
    def _to_fill(unit: Unit) -> list[desk.Todo]:
        """Machines that wait for two persons with notes, or stand open."""
        return [
            desk.Todo(
                code="todo.replenishment",
                params={
                    "machine": task.machine,
                    "units": len(task.proposals) + len(task.hoppers),
                    "people": len(task.custodians),
                },
                at=task.raised_at,
            )
            for task in unit.replenishments.newest(50)
            if not task.over
        ]

    @staticmethod
    def _suspended(unit: Unit) -> list[desk.Todo]:
        return [
            desk.Todo(
                code="todo.suspense",
                params={
                    "reference": item.reference,
                    "amount": item.amount_minor,
                    "currency": item.currency,
                    "machine": item.machine,
                },
                case_id=item.case_id,
                at=item.since,
            )
            for item in unit.cash.in_suspense()
        ]

    def authoriser(self, who: Principal) -> authorisation.AuthoriserDesk:
        """Figures of the business day."""
        zone, today = self._parts.bank.zone, self._parts.today()
        midnight = datetime.combine(today, time(), zone).astimezone(UTC)
        with self._parts.database.read() as unit:
            decided = unit.tasks.decided_since(midnight)
            held = unit.tasks.held_by(who.number)
            waiting = unit.tasks.count_queued()
        mine = [line for line in decided if line.authoriser == who.number]
        states = Counter(line.state for line in mine)
        seconds = [taken for line in mine if (taken := _seconds(line)) is not None]
        hours = Counter(f"{line.decided_at.astimezone(zone):%H}" for line in mine if line.decided_at)
        return authorisation.AuthoriserDesk(
            accepting=self._parts.presence.accepting(who.number),
            current_task=held.id if held else None,
            waiting=waiting,
            decided=len(mine),
            approved=states["approved"],
            rejected=states["rejected"],
            returned=states["returned"],
            median_s=round(median(seconds)) if seconds else None,
            per_hour=dict(sorted(hours.items())),
            team=dict(sorted(Counter(line.authoriser for line in decided if line.authoriser).items())),
            recent=[_task_row(line) for line in mine[:10]],
        )

    def accepting(self, who: Principal, accepting: bool) -> authorisation.AuthoriserDesk:
        """Take tasks, or pause."""
        self._parts.presence.set_accepting(who.number, accepting)
        return self.authoriser(who)


def _average(seconds: list[int]) -> int | None:
    return round(sum(seconds) / len(seconds)) if seconds else None


def _customer(case: Case) -> str | None:
    return None if case.holder is None else mask_name(case.holder.name)


def _prepared(case: Case) -> list[str]:
    """What the customer did while waiting."""
    prepared = ["card"] if case.card is not None else []
    if any(piece.kind.value == "id_front" for piece in case.evidence):
        prepared.append("id")
    return prepared + (["amount"] if "amount" in case.values else [])


def _seconds(line: TaskLine) -> int | None:
    if line.decided_at is None or line.assigned_at is None:
        return None
    return int((line.decided_at - line.assigned_at).total_seconds())


def _task_row(line: TaskLine) -> authorisation.TaskRow:
    return authorisation.TaskRow(
        id=line.id,
        case_number=line.case_number,
        scenario=line.scenario,
        amount=Amount(minor=line.amount_minor, currency=line.currency),
        decision=line.state,
        decided_at=line.decided_at,
        seconds=_seconds(line),
    )
