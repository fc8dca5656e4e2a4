"""Cases: the document, and the columns by which they are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, true

from common.errors import UserError
from common.wire.cases import CaseState, CustomerStep, TicketState
from server.store.codec import dump_case, load_case
from server.store.tables import cases, evidence
from teller.cases.earlier import CAME_TO_NOTHING
from teller.cases.model import Case, EvidenceRef
from teller.cases.steps import customer_step
from teller.forms.validators import read_amount
from teller.vouchers import mask_name


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as lists show it; the customer's name is masked."""

    id: str
    number: str
    scenario: str
    state: str
    customer: str | None
    amount_minor: int | None
    currency: str | None
    kiosk: str
    teller: str | None
    created_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket in the queue."""

    case_id: str
    kiosk: str
    since: datetime
    seat: str | None


_LINE = (
    cases.c.id, cases.c.number, cases.c.scenario, cases.c.state, cases.c.customer, cases.c.amount_minor,
    cases.c.currency, cases.c.kiosk, cases.c.teller, cases.c.created_at, cases.c.answered_at, cases.c.ended_at,
    cases.c.rating,
)  # fmt: skip
_QUEUED = (TicketState.WAITING.value, TicketState.RINGING.value)


def _line(row: Any) -> CaseLine:
    return CaseLine(**row._mapping)


def _amount(case: Case) -> tuple[int | None, str | None]:
    amount = case.final_amount or (case.summary.amount if case.summary else read_amount(case.values))
    return (None, None) if amount is None else (amount.minor, amount.currency)


def _columns(case: Case) -> dict[str, Any]:
    step = customer_step(case)
    minor, currency = _amount(case)
    return {
        "version": case.version,
        "state": case.state.value,
        "step": step.value,
        "visit_open": step is not CustomerStep.GOODBYE,
        "teller": case.teller.number if case.teller else None,
        "ticket": case.ticket.state.value,
        "waiting_since": case.ticket.since,
        "ringing_seat": case.ticket.seat,
        "customer": mask_name(case.holder.name) if case.holder else None,
        "amount_minor": minor,
        "currency": currency,
        "answered_at": case.ticket.answered_at,
        "ended_at": case.ended_at,
        "rating": case.rating,
        "voucher_due": case.final_amount is not None and case.voucher is None,
        "document": dump_case(case),
    }


class CaseBook:
    """Cases and the index of their evidence."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, case: Case, business_date: date) -> None:
        fixed = {
            "id": case.id,
            "number": case.number,
            "business_date": business_date,
            "scenario": case.scenario,
            "kiosk": case.kiosk,
            "created_at": case.created_at,
        }
        self._connection.execute(cases.insert().values(**fixed, **_columns(case)))

    def get(self, case_id: str, *, lock: bool = False) -> Case:
        """The case. ``lock``: nobody else changes it until this unit ends.

        Raises:
            UserError: ``case.not_found``.
        """
        query = select(cases.c.document).where(cases.c.id == case_id)
        document = self._connection.execute(query.with_for_update() if lock else query).scalar_one_or_none()
        if document is None:
            raise UserError("case.not_found")
        return load_case(document)

    def save(self, old: Case, new: Case) -> Case:
        """Store the next version.

        Raises:
            UserError: ``case.stale``, retryable, when somebody else stored one meanwhile.
        """
        new = new.evolve(version=old.version + 1)
        mine = and_(cases.c.id == old.id, cases.c.version == old.version)
        changed = self._connection.execute(cases.update().where(mine).values(**_columns(new)))
        if changed.rowcount != 1:
            raise UserError("case.stale", retryable=True, version=old.version)
        known = {(piece.digest, piece.kind) for piece in old.evidence}
        for piece in new.evidence:
            if (piece.digest, piece.kind) not in known:
                self._index(new.id, piece)
        return new

    def _index(self, case_id: str, piece: EvidenceRef) -> None:
        self._connection.execute(
            evidence.insert().values(
                case_id=case_id,
                digest=piece.digest,
                kind=piece.kind.value,
                media_type=piece.media_type,
                size=piece.size,
                captured_at=piece.captured_at,
                by=piece.by,
            )
        )

    def evidence_of(self, digest: str) -> Sequence[Row[Any, Any, Any]]:
        """Case, kind and media type wherever this digest is evidence."""
        query = select(evidence.c.case_id, evidence.c.kind, evidence.c.media_type)
        return self._connection.execute(query.where(evidence.c.digest == digest)).all()

    # --- queue and seats ---

    def queue(self) -> list[Waiting]:
        """Waiting and ringing tickets, head first."""
        query = select(cases.c.id, cases.c.kiosk, cases.c.waiting_since, cases.c.ringing_seat)
        queued = and_(cases.c.ticket.in_(_QUEUED), cases.c.waiting_since.is_not(None), cases.c.ended_at.is_(None))
        rows = self._connection.execute(query.where(queued).order_by(cases.c.waiting_since, cases.c.id))
        return [Waiting(*row) for row in rows]

    def serving(self) -> list[tuple[str, str, str]]:
        """Case, kiosk and teller wherever a customer is at a seat."""
        query = select(cases.c.id, cases.c.kiosk, cases.c.teller)
        at_seat = and_(cases.c.ticket == TicketState.SERVING.value, cases.c.teller.is_not(None), cases.c.visit_open)
        return [(row[0], row[1], row[2]) for row in self._connection.execute(query.where(at_seat))]

    def at_seat(self, teller: str) -> CaseLine | None:
        """The case this teller has not ended yet."""
        return self._first(and_(cases.c.teller == teller, cases.c.ended_at.is_(None)))

    def at_kiosk(self, kiosk: str) -> CaseLine | None:
        """The case whose customer is still at this kiosk."""
        return self._first(and_(cases.c.kiosk == kiosk, cases.c.visit_open))

    def _first(self, where: ColumnElement[bool]) -> CaseLine | None:
        query = select(*_LINE).where(where).order_by(cases.c.created_at.desc()).limit(1)
        row = self._connection.execute(query).first()
        return None if row is None else _line(row)

    def left_behind(self) -> list[Case]:
        """Cases whose customer has gone while staff have a word to say yet, oldest first."""
        where = and_(
            cases.c.state == CaseState.EXECUTING.value,
            cases.c.ticket == TicketState.LEFT.value,
            cases.c.ended_at.is_(None),
        )
        query = select(cases.c.document).where(where).order_by(cases.c.created_at).limit(50)
        return [load_case(text) for text in self._connection.execute(query).scalars()]

    # --- lists and figures ---

    def search(self, text: str, on: date | None, teller: str | None, limit: int) -> list[CaseLine]:
        """Newest first; ``text`` is part of the number, the machine's or the (masked) customer's."""
        escaped = text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        like = f"%{escaped}%"
        where = [
            or_(*(column.ilike(like, escape="\\") for column in (cases.c.number, cases.c.customer, cases.c.kiosk)))
            if text
            else true(),
            cases.c.business_date == on if on else true(),
            cases.c.teller == teller if teller else true(),
        ]
        query = select(*_LINE).where(*where).order_by(cases.c.created_at.desc()).limit(limit)
        return [_line(row) for row in self._connection.execute(query)]

    def came_to_nothing(self, id_number: str, on: date) -> list[Case]:
        """Cases of that day about this person that were cancelled or rejected, newest first."""
        where = (
            cases.c.business_date == on,
            cases.c.state.in_([state.value for state in CAME_TO_NOTHING]),
            cases.c.document.contains(f'"{id_number}"', autoescape=True),
        )
        query = select(cases.c.document).where(*where).order_by(cases.c.created_at.desc()).limit(3)
        return [load_case(text) for text in self._connection.execute(query).scalars()]

    def recent_services(self, limit: int = 20) -> list[tuple[datetime, datetime]]:
        """Answered and ended moments of the newest services that ended."""
        query = select(cases.c.answered_at, cases.c.ended_at)
        done = and_(cases.c.answered_at.is_not(None), cases.c.ended_at.is_not(None))
        rows = self._connection.execute(query.where(done).order_by(cases.c.ended_at.desc()).limit(limit))
        return [(row[0], row[1]) for row in rows]

    def with_voucher_due(self) -> list[str]:
        """Cases whose money part is over and whose voucher is not made yet."""
        query = select(cases.c.id).where(cases.c.voucher_due).order_by(cases.c.created_at)
        return list(self._connection.execute(query).scalars())

    def count(self) -> int:
        return self._connection.execute(select(func.count()).select_from(cases)).scalar_one()
