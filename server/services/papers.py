"""What happens to a voucher after it was sealed: copies, voids, its pages as pictures, what the public may know."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from common.errors import ServiceError, UserError
from common.wire.registers import PaperReason
from common.wire.sessions import Role
from server.services.access import require_look
from server.services.casework import CaseWork
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.seals import SealService
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from server.store.voucherbook import VoucherCopy, VoucherRecord
from server.vault import Digest
from teller import registers, vouchers
from teller.cases.model import Case
from teller.cases.papers import items_undone
from teller.registers import Item, ItemAct
from teller.seals import MarkKind, PaperMark, SealText
from teller.vouchers import Signature, Voucher

PDF = "application/pdf"
JSON = "application/json"
_VOUCHER: TypeAdapter[Voucher] = TypeAdapter(Voucher)


@dataclass(frozen=True)
class PublishedCopy:
    """A later paper and its file."""

    record: VoucherCopy
    pdf: bytes


@dataclass(frozen=True)
class Published:
    """A voucher as anybody with its code may come to know it."""

    record: VoucherRecord
    pdf: bytes
    content: Voucher
    copies: tuple[PublishedCopy, ...]

    @property
    def void(self) -> VoucherCopy | None:
        """The paper that says it is void, if there is one."""
        return next((copy.record for copy in self.copies if copy.record.kind is MarkKind.VOID), None)


class PaperService:
    """Copies and voids. The first paper stays as it was; each further one is sealed, marked and registered."""

    def __init__(self, parts: Parts, work: CaseWork, seals: SealService) -> None:
        self._parts = parts
        self._work = work
        self._seals = seals

    def content(self, record: VoucherRecord, case: Case) -> Voucher:
        """What the voucher said when it was sealed, handwriting included.

        Raises:
            ServiceError: ``evidence.altered`` and the vault's others.
        """
        tree = json.loads(self._parts.vault.get(Digest(record.content_digest)))
        bare = _VOUCHER.validate_python(tree | {"signature": None})
        ink = None
        if case.signed is not None and tree["signature"] is not None:
            ink = Signature.from_evidence(self._parts.vault.get(Digest(case.signed.evidence)))
        voucher = replace(bare, signature=ink)
        if vouchers.digest(voucher) != record.content_digest:
            raise ServiceError("evidence.altered", retryable=False)
        return voucher

    def reprint(self, key: str, who: Principal, case_id: str, body: PaperReason) -> str:
        """Another paper of the same voucher, marked 补打 REPRINT and numbered.

        Raises:
            UserError: ``voucher.not_found``, ``voucher.void``, ``seal.forbidden``, ``case.forbidden``.
        """

        def act(unit: Unit, case: Case) -> Case:
            record, copies = self._papers(unit, case)
            ordinal = 1 + sum(copy.kind is MarkKind.REPRINT for copy in copies)
            self._mark(unit, case, record, MarkKind.REPRINT, ordinal, who, body.reason)
            return case.marked("voucher_reprinted", self._parts.clock.now())

        return self._work.command(key, who, "voucher.reprint", case_id, body, _require_branch, act)

    def void(self, key: str, who: Principal, case_id: str, body: PaperReason) -> str:
        """Declare the voucher void: its paper says 作废 VOID from now on, and so does the public page.

        The books are another matter: money is brought back by a reversal. Who made the case cannot void its paper.

        Raises:
            UserError: ``voucher.not_found``, ``voucher.void``, ``voucher.own_case``, ``seal.forbidden``,
                ``case.forbidden``.
        """

        def act(unit: Unit, case: Case) -> Case:
            record, _ = self._papers(unit, case)
            if case.teller is not None and case.teller.number == who.number:
                raise UserError("voucher.own_case", number=record.number)
            self._mark(unit, case, record, MarkKind.VOID, 1, who, body.reason)
            return case.marked("voucher_voided", self._parts.clock.now())

        return self._work.command(key, who, "voucher.void", case_id, body, _require_branch, act)

    def reversed(self, unit: Unit, case: Case, who: Principal) -> None:
        """A reversed case has no valid paper, and what was handed over with it counts no more: both are registered.

        Raises:
            UserError: ``seal.forbidden``.
        """
        record = unit.vouchers.by_case(case.id)
        void = record is not None and any(copy.kind is MarkKind.VOID for copy in unit.vouchers.copies(record.number))
        if record is not None and not void:
            self._mark(unit, case, record, MarkKind.VOID, 1, who, "reversed")
        self.items(unit, case, who.number, items_undone(case))

    def items(self, unit: Unit, case: Case, who: str, moved: Iterable[tuple[ItemAct, Item, str]]) -> None:
        """Key items of a case stand in their register."""
        now = self._parts.clock.now()
        for act, item, number in moved:
            data: dict[str, str | int | None] = {"item": item.value, "count": 1}
            unit.registers.add(RegisterLine(now, f"item.{act.value}", who, number, case.id, data, case.branch))

    def _papers(self, unit: Unit, case: Case) -> tuple[VoucherRecord, list[VoucherCopy]]:
        record = unit.vouchers.by_case(case.id)
        if record is None:
            raise UserError("voucher.not_found")
        copies = unit.vouchers.copies(record.number)
        if any(copy.kind is MarkKind.VOID for copy in copies):
            raise UserError("voucher.void", number=record.number)
        return record, copies

    def _mark(
        self, unit: Unit, case: Case, record: VoucherRecord, kind: MarkKind, ordinal: int, who: Principal, reason: str
    ) -> None:
        text, line = _SEALED_AS[kind]
        seal = self._seals.permitted(unit, who.role.value, case.branch, text)
        now = self._parts.clock.now()
        pdf = self._parts.press.issue(self.content(record, case), seal, PaperMark(kind, ordinal, now, who.number))
        digest = self._parts.vault.put(pdf, PDF)
        unit.vouchers.add_copy(VoucherCopy(record.number, kind, ordinal, digest, now, who.number, reason))
        self._seals.register(unit, seal, text, who.number, case.branch, record.number, case.id, digest)
        data: dict[str, str | int | None] = {"ordinal": ordinal, "reason": reason, "digest": digest}
        unit.registers.add(RegisterLine(now, line, who.number, record.number, case.id, data, case.branch))

    def copy(self, who: Principal, case_id: str, ordinal: int) -> bytes:
        """A copy's sealed file; looking at it is registered.

        Raises:
            UserError: ``case.not_found``, ``case.forbidden``, ``voucher.not_found``.
        """
        with self._parts.database.write() as unit:
            case = unit.cases.get(case_id)
            require_look(case, who)
            record = unit.vouchers.by_case(case_id)
            copies = unit.vouchers.copies(record.number) if record is not None else []
            found = next((one for one in copies if one.kind is MarkKind.REPRINT and one.ordinal == ordinal), None)
            if found is None:
                raise UserError("voucher.not_found")
            self.looked(unit, case, found.number, who, {"copy": ordinal})
        return self._parts.vault.get(Digest(found.digest))

    def looked(
        self, unit: Unit, case: Case, number: str, who: Principal, what: dict[str, str | int | None] | None = None
    ) -> None:
        """Write down that somebody looked at a voucher."""
        now = self._parts.clock.now()
        unit.registers.add(RegisterLine(now, "voucher.viewed", who.number, number, case.id, what or {}, case.branch))

    def current(self, unit: Unit, case: Case) -> str:
        """Digest of the file that speaks for the case now: the first one, or the one that says it is void.

        Raises:
            UserError: ``voucher.not_found``.
        """
        if case.voucher is None:
            raise UserError("voucher.not_found")
        void = (copy for copy in unit.vouchers.copies(case.voucher.number) if copy.kind is MarkKind.VOID)
        return next((copy.digest for copy in void), case.voucher.digest)

    def published(self, code: str) -> Published | None:
        """For the public page: everything under a verification code."""
        with self._parts.database.read() as unit:
            record = unit.vouchers.by_code(code)
            if record is None:
                return None
            case, copies = unit.cases.get(record.case_id), unit.vouchers.copies(record.number)
        vault = self._parts.vault
        later = tuple(PublishedCopy(copy, vault.get(Digest(copy.digest))) for copy in copies)
        return Published(record, vault.get(Digest(record.digest)), self.content(record, case), later)


_SEALED_AS = {
    MarkKind.REPRINT: (SealText.REPRINT, registers.REPRINTED),
    MarkKind.VOID: (SealText.VOID, registers.VOIDED),
}


def _require_branch(case: Case, who: Principal) -> None:
    """Papers are made where the case was, or by an authoriser for every branch. Raises ``case.forbidden``."""
    if who.role is Role.TELLER and who.branch != case.branch:
        raise UserError("case.forbidden")
