"""The queue as the dispatcher sees it (:class:`server.services.ports.QueueService`)."""

from collections.abc import Sequence

from server.services.casework import CaseWork
from server.services.parts import Parts
from server.services.ports import ServedCase, WaitingTicket
from server.services.views import average_service_s
from teller.cases import visit


class Queue:
    """Tickets: waiting → ringing → serving → left."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts = parts
        self._work = work

    def waiting(self) -> Sequence[WaitingTicket]:
        with self._parts.database.read() as unit:
            return [WaitingTicket(w.case_id, w.kiosk, w.since, w.seat) for w in unit.cases.queue()]

    def ring(self, case_id: str, seat_number: str) -> bool:
        return self._work.quietly(case_id, lambda unit, case: visit.ringing(case, seat_number))

    def stop_ringing(self, case_id: str) -> bool:
        return self._work.quietly(case_id, lambda unit, case: visit.ringing_stopped(case))

    def serving(self) -> Sequence[ServedCase]:
        with self._parts.database.read() as unit:
            return [ServedCase(*row) for row in unit.cases.serving()]

    def average_service_s(self) -> int | None:
        with self._parts.database.read() as unit:
            return average_service_s(unit)
