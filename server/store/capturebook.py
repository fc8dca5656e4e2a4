"""Links for pictures from the customer's own phone: found by the digest of their code."""

from datetime import datetime

from sqlalchemy import Connection, select

from server.store.tables import capture_links


class CaptureBook:
    """Which link a code is, and of which case; what it is still good for stands in the case."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, code_digest: str, link_id: str, case_id: str, at: datetime, *, keep_from: datetime) -> None:
        """One more. Those made before ``keep_from`` go: nobody asks for them any more."""
        self._connection.execute(capture_links.delete().where(capture_links.c.at < keep_from))
        values = {"code_digest": code_digest, "link_id": link_id, "case_id": case_id, "at": at}
        self._connection.execute(capture_links.insert().values(**values))

    def find(self, code_digest: str) -> tuple[str, str] | None:
        """Link and case, or None."""
        wanted = select(capture_links.c.link_id, capture_links.c.case_id)
        row = self._connection.execute(wanted.where(capture_links.c.code_digest == code_digest)).first()
        return None if row is None else (row[0], row[1])
