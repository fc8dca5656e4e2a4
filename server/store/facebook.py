"""Portraits of customers that were kept for the next visit, as long as the customer agrees to that."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from server.store.identity_tables import kept_faces
from server.store.tables import evidence


@dataclass(frozen=True, slots=True)
class KeptFace:
    """One portrait: whose, from which visit, until when it may be kept at most."""

    customer_id: str
    case_id: str
    digest: str
    at: datetime
    until: datetime


class FaceBook:
    """Kept by consent, let go by a word of the customer or by time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, face: KeptFace) -> None:
        """Of one visit at most one: a newer one takes its place."""
        old = kept_faces.c.customer_id == face.customer_id, kept_faces.c.case_id == face.case_id
        self._connection.execute(kept_faces.delete().where(*old))
        self._connection.execute(kept_faces.insert().values(**asdict(face)))

    def of_customer(self, customer_id: str) -> list[KeptFace]:
        """Newest first."""
        query = select(kept_faces).where(kept_faces.c.customer_id == customer_id).order_by(kept_faces.c.at.desc())
        return [KeptFace(*row) for row in self._connection.execute(query)]

    def over(self, now: datetime, limit: int = 500) -> list[KeptFace]:
        """Those whose time is over."""
        query = select(kept_faces).where(kept_faces.c.until <= now).limit(limit)
        return [KeptFace(*row) for row in self._connection.execute(query)]

    def drop(self, face: KeptFace) -> bool:
        """Let one go; whether nothing else needs its bytes any more."""
        one = kept_faces.c.customer_id == face.customer_id, kept_faces.c.case_id == face.case_id
        self._connection.execute(kept_faces.delete().where(*one))
        return unneeded(self._connection, face.digest)

    def count(self) -> int:
        """How many are kept, of everybody."""
        return self._connection.execute(select(func.count()).select_from(kept_faces)).scalar_one()


def unneeded(connection: Connection, digest: str) -> bool:
    """Whether neither a case nor a consent names these bytes."""
    queries = (
        select(func.count()).select_from(evidence).where(evidence.c.digest == digest),
        select(func.count()).select_from(kept_faces).where(kept_faces.c.digest == digest),
    )
    return not any(connection.execute(query).scalar_one() for query in queries)
