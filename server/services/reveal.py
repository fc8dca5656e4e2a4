"""Masked facts, shown as long as somebody holds a key: each look is a line of the register."""

from collections.abc import Sequence

from common.errors import UserError
from common.wire import cases as wire
from common.wire.identity import ComparisonRow, FaceUse, Revealed
from common.wire.sessions import Role
from server.services.access import require_look
from server.services.identity_views import record_of
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.whose import customer_of
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from server.vault import Digest
from teller.cases.model import Case
from teller.identity.masking import MASKS, masked

NUMBERS = frozenset({"account", "card"})
"""Numbers that no view carries in full, whoever looks."""


def needs_all(case: Case, who: Principal) -> bool:
    """Who works on a case compares every character; whoever only looks, or looks back, does not."""
    if who.role is Role.AUTHORISER:
        return any(request.open and request.authoriser == who.number for request in case.requests)
    if case.terminal or who.role is not Role.TELLER:
        return False
    return case.teller is not None and case.teller.number == who.number


def without_details(view: wire.CaseView) -> wire.CaseView:
    """The view with its facts masked."""
    values = {
        name: value.model_copy(update={"value": masked(name, value.value)}) for name, value in view.form.values.items()
    }
    record = {name: masked(name, text) for name, text in view.customer_record.items()}
    sources = rows_without_details(view.identity.sources)
    return view.model_copy(
        update={
            "form": view.form.model_copy(update={"values": values}),
            "customer_record": record,
            "payees": [],
            "identity": view.identity.model_copy(update={"sources": sources}),
        }
    )


def rows_without_details(rows: Sequence[ComparisonRow]) -> list[ComparisonRow]:
    """A comparison with its facts masked."""
    return [_row(row) for row in rows]


def _row(row: ComparisonRow) -> ComparisonRow:
    said = {name: getattr(row, name) for name in ("form", "chip", "ocr", "record")}
    return row.model_copy(update={name: masked(row.field, text) for name, text in said.items() if text is not None})


class RevealService:
    """One look at one fact."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def reveal(self, who: Principal, case_id: str, field: str) -> Revealed:
        """The fact in full: a masked one of the form or the record, or the number of account or card.

        Raises:
            UserError: ``case.not_found``, ``case.forbidden``, ``reveal.not_masked`` (``field``).
        """
        if field not in MASKS and field not in NUMBERS:
            raise UserError("reveal.not_masked", field=field)
        with self._parts.database.write() as unit:
            case = unit.cases.get(case_id)
            require_look(case, who)
            now = self._parts.clock.now()
            data = {"field": field}
            unit.registers.add(RegisterLine(now, "pii.shown", who.number, case.number, case.id, data, case.branch))
            return Revealed(field=field, value=_said(unit, case, field))

    def kept_face(self, who: Principal, case_id: str, digest: str) -> bytes:
        """A portrait of an earlier visit that the live face was compared with, for who works on the case.

        Only while the customer's consents hold: that to face use in this visit, that to keeping in the bank's index.

        Raises:
            UserError: ``case.not_found``, ``case.forbidden``; ``evidence.not_found`` for any other picture.
            ServiceError: ``evidence.altered`` and the vault's others.
        """
        with self._parts.database.write() as unit:
            case = unit.cases.get(case_id)
            if not needs_all(case, who):
                raise UserError("case.forbidden")
            compared = {one.pair.known for one in case.face_checks if one.pair.use is FaceUse.EARLIER}
            customer = customer_of(unit, case) if case.face_consent.given else None
            kept = {one.digest for one in unit.faces.of_customer(customer.id)} if customer is not None else set()
            if digest not in compared & kept:
                raise UserError("evidence.not_found")
            now, data = self._parts.clock.now(), {"field": "kept_face", "digest": digest}
            unit.registers.add(RegisterLine(now, "pii.shown", who.number, case.number, case.id, data, case.branch))
        return self._parts.vault.get(Digest(digest))


def _said(unit: Unit, case: Case, field: str) -> str:
    """What the form says; a number of account or card; of what the form does not ask, what the record says."""
    if field == "account":
        return case.holder.account if case.holder is not None else ""
    if field == "card":
        return case.card.number if case.card is not None else ""
    known = case.values.get(field)
    if known is not None:
        return known.value
    customer = customer_of(unit, case)
    return record_of(customer).get(field, "") if customer is not None else ""
