"""Electronic registers: append-only lines of who did or saw what."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from server.store.tables import registers


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line. ``data`` holds codes and numbers, never a person's name."""

    at: datetime
    kind: str
    who: str
    subject: str
    case_id: str | None
    data: Mapping[str, str | int | None]


class RegisterBook:
    """Lines are added and read, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, line: RegisterLine) -> None:
        self._connection.execute(
            registers.insert().values(
                at=line.at,
                kind=line.kind,
                who=line.who,
                case_id=line.case_id,
                subject=line.subject,
                data=json.dumps(dict(line.data), sort_keys=True),
            )
        )

    def of_case(self, case_id: str) -> list[RegisterLine]:
        query = select(registers).where(registers.c.case_id == case_id).order_by(registers.c.sequence)
        return [
            RegisterLine(row.at, row.kind, row.who, row.subject, row.case_id, json.loads(row.data))
            for row in self._connection.execute(query)
        ]
