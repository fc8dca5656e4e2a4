"""Notes that a machine did not trust: number, what the reader thought of them, where they are now."""

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from server.store.cash_tables import suspect_notes
from teller.cash.suspects import Series, SuspectNote, series_in

_CODEC = TypeAdapter(SuspectNote)


class SuspectBook:
    """One row a note. Only where it lies changes; where it lay before is in the register."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, note: SuspectNote) -> None:
        """A note that was read just now."""
        self._connection.execute(
            suspect_notes.insert().values(
                id=note.id,
                case_id=note.case_id,
                machine=note.machine,
                serial=note.serial,
                at=note.at,
                document=_CODEC.dump_json(note).decode(),
            )
        )

    def moved(self, note: SuspectNote) -> None:
        """It lies somewhere else than was told at first."""
        query = suspect_notes.update().where(suspect_notes.c.id == note.id)
        self._connection.execute(query.values(document=_CODEC.dump_json(note).decode()))

    def of_case(self, case_id: str) -> list[SuspectNote]:
        """Of one visit, in the order in which they were read."""
        query = select(suspect_notes.c.document).where(suspect_notes.c.case_id == case_id)
        found = self._connection.execute(query.order_by(suspect_notes.c.at, suspect_notes.c.id))
        return [_CODEC.validate_json(row.document) for row in found]

    def times_seen(self, serial: str, *, outside: str = "") -> int:
        """How often a note with this number came to any machine of the bank; ``outside``: not counting that visit."""
        query = select(suspect_notes.c.id).where(suspect_notes.c.serial == serial, suspect_notes.c.case_id != outside)
        return len(self._connection.execute(query).all())

    def series_of(self, case_id: str) -> tuple[Series, ...]:
        """What speaks for a common source of a visit's notes."""
        notes = self.of_case(case_id)
        before = {note.serial: self.times_seen(note.serial, outside=case_id) for note in notes}
        return series_in(notes, before)
