"""Machines: where they stand and what they last said of themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from server.store.tables import machines


@dataclass(frozen=True, slots=True)
class MachineRecord:
    """``report``: the kiosk's last report as JSON; ``opened_at``: when its cash was first taken into the books."""

    number: str
    place: str
    report: str | None = None
    report_at: datetime | None = None
    opened_at: datetime | None = None


class MachineBook:
    """Machines by number."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, number: str, place: str) -> None:
        self._connection.execute(machines.insert().values(number=number, place=place))

    def get(self, number: str, *, lock: bool = False) -> MachineRecord | None:
        query = select(machines).where(machines.c.number == number)
        found = self._connection.execute(query.with_for_update() if lock else query).first()
        return None if found is None else MachineRecord(*found)

    def all(self) -> list[MachineRecord]:
        rows = self._connection.execute(select(machines).order_by(machines.c.number))
        return [MachineRecord(*row) for row in rows]

    def reported(self, number: str, report: str, at: datetime) -> None:
        this = machines.c.number == number
        self._connection.execute(machines.update().where(this).values(report=report, report_at=at))

    def opened(self, number: str, at: datetime) -> None:
        self._connection.execute(machines.update().where(machines.c.number == number).values(opened_at=at))
