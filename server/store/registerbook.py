"""Electronic registers: append-only lines of who did or saw what."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from server.store.tables import cases, registers

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line. ``data`` holds codes and numbers, never a person's name. ``branch``: where it was written."""

    at: datetime
    kind: str
    who: str
    subject: str
    case_id: str | None
    data: Mapping[str, str | int | None]
    branch: str = ""


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line as it stands in the book: its number there, and the number of its case."""

    sequence: int
    line: RegisterLine
    case_number: str | None


@dataclass(frozen=True, slots=True)
class RegisterQuery:
    """What to look for.

    Attributes:
        kinds: kinds of line of one register.
        branch: None: every branch.
        text: part of number, person, case or content; empty: anything.
        since, until: from this moment on; before that one.
        before: only lines with a smaller number (the next page).
    """

    kinds: tuple[str, ...]
    branch: str | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


class RegisterBook:
    """Lines are added and read, never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, line: RegisterLine) -> int:
        """Write a line; its number in the book."""
        added = self._connection.execute(
            registers.insert().values(
                at=line.at,
                kind=line.kind,
                who=line.who,
                case_id=line.case_id,
                subject=line.subject,
                data=json.dumps(dict(line.data), sort_keys=True, ensure_ascii=False),
                branch=line.branch,
            )
        )
        assert added.inserted_primary_key is not None, "an insert of one row"
        sequence: int = added.inserted_primary_key[0]
        return sequence

    def of_case(self, case_id: str) -> list[RegisterLine]:
        query = select(registers).where(registers.c.case_id == case_id).order_by(registers.c.sequence)
        return [_line(row) for row in self._connection.execute(query)]

    def about(self, subject: str, kinds: tuple[str, ...]) -> list[RegisterLine]:
        """All lines about one thing, oldest first."""
        query = select(registers).where(registers.c.subject == subject, registers.c.kind.in_(kinds))
        return [_line(row) for row in self._connection.execute(query.order_by(registers.c.sequence))]

    def line(self, sequence: int) -> WrittenLine:
        """A line that was written, by its number."""
        query = select(registers, cases.c.number).outerjoin(cases, cases.c.id == registers.c.case_id)
        row = self._connection.execute(query.where(registers.c.sequence == sequence)).one()
        return WrittenLine(row.sequence, _line(row), row.number)

    def search(self, query: RegisterQuery, limit: int) -> Iterator[WrittenLine]:
        """Newest first."""
        found = _matching(query).limit(limit).execution_options(yield_per=_AT_ONCE)
        for row in self._connection.execute(found):
            yield WrittenLine(row.sequence, _line(row), row.number)


def _matching(query: RegisterQuery) -> Select[Any]:
    columns = registers.c
    found = select(registers, cases.c.number).outerjoin(cases, cases.c.id == columns.case_id)
    found = found.where(columns.kind.in_(query.kinds)).order_by(columns.sequence.desc())
    if query.branch is not None:
        found = found.where(columns.branch == query.branch)
    if query.since is not None:
        found = found.where(columns.at >= query.since)
    if query.until is not None:
        found = found.where(columns.at < query.until)
    if query.before is not None:
        found = found.where(columns.sequence < query.before)
    if query.text:
        places = (columns.subject, columns.who, columns.data, columns.kind, cases.c.number)
        found = found.where(or_(*(place.icontains(query.text, autoescape=True) for place in places)))
    return found


def _line(row: Row[Any]) -> RegisterLine:
    return RegisterLine(row.at, row.kind, row.who, row.subject, row.case_id, json.loads(row.data), row.branch)
