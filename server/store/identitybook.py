"""Consents, queries to authorities, their answers kept for a time, and the evidence that rules let go."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from server.store.facebook import unneeded
from server.store.identity_tables import answers, consents, kept_faces, queries
from server.store.register_tables import voucher_copies
from server.store.tables import cases, evidence, vouchers

ASKED = 400
"""Names in one question."""


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One word of a customer (``customer_id`` None: not the bank's yet, the case tells).

    ``state``: given | declined | revoked; ``text``: version of the words shown.
    """

    at: datetime
    customer_id: str | None
    case_id: str
    purpose: str
    state: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class QueryLine:
    """One question to one source; ``source`` may be an answer kept from before (``kept``)."""

    at: datetime
    case_id: str
    verification_id: str
    who: str
    purpose: str
    elements: str
    source: str
    outcome: str
    ms: int
    cost_minor: int


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An authority's answer, sealed; ``subject`` is a keyed digest of what was asked."""

    id: str
    subject: str
    elements: str
    source: str
    at: datetime
    sealed: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the index of evidence."""

    case_id: str
    digest: str
    kind: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many different pictures of a kind are kept, and since when."""

    kind: str
    count: int
    oldest: datetime | None


class IdentityBook:
    """Lines are added and read; answers and pictures are let go when their time is over."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_consent(self, line: ConsentLine) -> None:
        self._connection.execute(consents.insert().values(**asdict(line)))

    def consents_of(self, customer_id: str) -> list[ConsentLine]:
        """Every word of a customer, oldest first."""
        columns = [consents.c[name] for name in ConsentLine.__slots__]
        query = select(*columns).where(consents.c.customer_id == customer_id).order_by(consents.c.sequence)
        return [ConsentLine(*row) for row in self._connection.execute(query)]

    def word_of(self, customer_id: str, purpose: str) -> ConsentLine | None:
        """The newest word of a customer on a purpose."""
        columns = [consents.c[name] for name in ConsentLine.__slots__]
        mine = consents.c.customer_id == customer_id, consents.c.purpose == purpose
        query = select(*columns).where(*mine).order_by(consents.c.sequence.desc()).limit(1)
        found = self._connection.execute(query).first()
        return None if found is None else ConsentLine(*found)

    def consent_counts(self) -> list[tuple[str, str, int]]:
        """Purpose, state, number of words of customers in the ledger."""
        columns = (consents.c.purpose, consents.c.state)
        query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
        return [(row[0], row[1], row[2]) for row in self._connection.execute(query)]

    def add_query(self, line: QueryLine) -> None:
        self._connection.execute(queries.insert().values(**asdict(line)))

    def queries_of(self, case_id: str) -> list[QueryLine]:
        columns = [queries.c[name] for name in QueryLine.__slots__]
        query = select(*columns).where(queries.c.case_id == case_id).order_by(queries.c.sequence)
        return [QueryLine(*row) for row in self._connection.execute(query)]

    # --- answers -----------------------------------------------------------------------------------------------

    def keep(self, answer: KeptAnswer) -> None:
        self._connection.execute(answers.insert().values(**asdict(answer)))

    def kept(self, subject: str, since: datetime) -> KeptAnswer | None:
        """The newest answer on a subject that is not older than ``since``."""
        query = select(answers).where(and_(answers.c.subject == subject, answers.c.at >= since))
        found = self._connection.execute(query.order_by(answers.c.at.desc()).limit(1)).first()
        return None if found is None else KeptAnswer(*found)

    def forget_answers(self, before: datetime) -> int:
        """Remove answers older than that; how many."""
        return self._connection.execute(answers.delete().where(answers.c.at < before)).rowcount

    # --- evidence ----------------------------------------------------------------------------------------------

    def due(self, kinds: Sequence[str], before: datetime, limit: int = 500) -> list[Piece]:
        """Pieces of those kinds of visits that ended before a moment."""
        query = select(evidence.c.case_id, evidence.c.digest, evidence.c.kind).join(cases)
        ended = and_(evidence.c.kind.in_(kinds), cases.c.ended_at < before)
        return [Piece(*row) for row in self._connection.execute(query.where(ended).limit(limit))]

    def of_case(self, case_id: str, kind: str) -> list[Piece]:
        query = select(evidence.c.case_id, evidence.c.digest, evidence.c.kind)
        return [Piece(*row) for row in self._connection.execute(query.where(
            and_(evidence.c.case_id == case_id, evidence.c.kind == kind)
        ))]  # fmt: skip

    def drop(self, piece: Piece) -> bool:
        """Take a piece out of the index; whether no other line needs its bytes any more."""
        line = and_(evidence.c.case_id == piece.case_id, evidence.c.digest == piece.digest,
                    evidence.c.kind == piece.kind)  # fmt: skip
        self._connection.execute(evidence.delete().where(line))
        return unneeded(self._connection, piece.digest)

    def counts(self, kinds: Sequence[str]) -> list[KindCount]:
        query = select(evidence.c.kind, func.count(evidence.c.digest.distinct()), func.min(evidence.c.captured_at))
        rows = self._connection.execute(query.where(evidence.c.kind.in_(kinds)).group_by(evidence.c.kind))
        return [KindCount(*row) for row in rows]

    def unnamed(self, digests: Sequence[str]) -> list[str]:
        """Those that no case, kept portrait, voucher or copy names."""
        named: set[str] = set()
        columns = (evidence.c.digest, kept_faces.c.digest, vouchers.c.digest, vouchers.c.content_digest,
                   voucher_copies.c.digest)  # fmt: skip
        for at in range(0, len(digests), ASKED):
            some = digests[at : at + ASKED]
            for column in columns:
                named.update(self._connection.execute(select(column).where(column.in_(some))).scalars())
        return [digest for digest in digests if digest not in named]
