"""The voucher of a case: made once the money part is over, sealed, archived, found again."""

import logging

from common.errors import AppError, UserError
from common.wire.cases import CaseState, EvidenceKind, EvidenceOrigin
from common.wire.sessions import Role
from server.services.access import require_look
from server.services.casework import CaseWork
from server.services.papers import JSON, PDF, PaperService
from server.services.parts import Bank, Parts
from server.services.ports import Principal
from server.services.seals import SealService
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from server.store.voucherbook import VoucherRecord
from server.vault import Digest
from server.vouchers import raster
from server.vouchers.receipt import receipt_lines
from teller import vouchers
from teller.capitals import capitals
from teller.cases import execution, papers, trouble
from teller.cases.companies import company_lines
from teller.cases.done import done_of
from teller.cases.model import Case, EvidenceRef, VoucherRef
from teller.cash.movement import Direction
from teller.forms import catalogue
from teller.forms.validators import write_notes
from teller.money import figures
from teller.vouchers import Evidence, Signature, Voucher, VoucherLine, Words

log = logging.getLogger(__name__)

_PIECES = {
    EvidenceKind.ID_FRONT: Words("身份证人像面", "Identity card, front"),
    EvidenceKind.ID_BACK: Words("身份证国徽面", "Identity card, back"),
    EvidenceKind.LICENCE: Words("营业执照", "Business licence"),
    EvidenceKind.PARTY_FRONT: Words("代理人或监护人身份证", "Identity card of who acts"),
    EvidenceKind.HOUSEHOLD_PAGE: Words("户口簿本人页", "Household register, own page"),
    EvidenceKind.PORTRAIT: Words("证件照", "Portrait on the card"),
    EvidenceKind.LIVE_FRAME: Words("现场照片", "Live picture"),
    EvidenceKind.SIGNATURE: Words("客户签名", "Customer's signature"),
}


def voucher_number(case: Case, bank: Bank) -> str:
    """One voucher a case, named after it: ``20261122-0047``."""
    return f"{bank.day(case.created_at):%Y%m%d}-{case.number.partition('-')[2]}"


def _lines(case: Case) -> tuple[VoucherLine, ...]:
    """The papers shown, the notes moved, the fee; what each transaction did stands in its block."""
    lines = []
    for name in ("id_number", "valid_to"):
        spec, value = catalogue.FIELDS[name], case.values.get(name)
        if value is not None:
            shown = vouchers.mask_id_number(value.value) if name == "id_number" else value.value
            lines.append(VoucherLine(spec.label_zh, spec.label_en, shown))
    if case.both_ways:
        put_in = next(one for one in case.movements if one.direction is Direction.IN and one.ended)
        lines.append(VoucherLine("存入券别", "Notes put in", write_notes(put_in.notes)))
    cash = case.cash
    if cash is not None:
        moved = cash.outcome.taken if cash.outcome and cash.direction is Direction.OUT else cash.notes
        words = ("付出券别", "Notes paid out") if case.both_ways else ("券别", "Notes")
        lines.append(VoucherLine(*words, write_notes(moved)))
    return (*lines, VoucherLine("手续费", "Fee", "0.00"))


def _piece(piece: EvidenceRef) -> Evidence:
    """A picture that the voucher rests on; that nobody of the bank saw the paper stands on it too."""
    name = _PIECES[piece.kind]
    if piece.origin is EvidenceOrigin.CUSTOMER_PHONE:
        return Evidence(f"{name.zh}（客户手机）", f"{name.en}, customer's phone", piece.digest)
    return Evidence(name.zh, name.en, piece.digest)


def compose(case: Case, bank: Bank, code: str, signature: Signature | None) -> Voucher:
    """The voucher's content, everything personal masked."""
    holder, summary, amount = case.holder, case.summary, case.final_amount
    name = holder.name if holder is not None else case.values["name"].value
    assert summary is not None, "a settled case has a summary"
    assert amount is not None, "a settled case has an amount"
    approved = case.request.authoriser if case.request is not None else None
    latest = [case.latest(kind) for kind in _PIECES]
    return Voucher(
        number=voucher_number(case, bank),
        case_number=case.number,
        bank=bank.name,
        branch=bank.branch,
        scenario_title=case.definition.title,
        machine=f"{case.kiosk} {case.kiosk_place}",
        teller_number=case.teller.number if case.teller else "",
        authoriser_number=approved,
        customer_name=vouchers.mask_name(name),
        account=vouchers.mask_account(holder.account) if holder is not None else "",
        amount_minor=amount.minor,
        currency=amount.currency,
        amount_figures=figures(amount),
        amount_capitals=capitals(amount),
        lines=_lines(case),
        occurred_at=case.settled_at or case.created_at,
        blocks=tuple(one.on_voucher() for one in done_of(case)),
        code=code,
        summary_digest=summary.digest,
        signature=signature,
        evidence=tuple(_piece(piece) for piece in latest if piece),
        specimen=bank.specimen,
    )


class VoucherService:
    """Makes vouchers outside the booking's transaction: sealing is slow, and a failed seal must not undo money."""

    def __init__(self, parts: Parts, work: CaseWork, seals: SealService, papers: PaperService) -> None:
        self._parts = parts
        self._work = work
        self._seals = seals
        self._papers = papers

    def make_if_due(self, case_id: str) -> None:
        """Make the voucher of a settled case that has none. A failure becomes the case's trouble, not an error."""
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
        if case.final_amount is None or case.voucher is not None or case.trouble is not None:
            return
        try:
            self._make(case)
        except AppError as error:
            log.error("voucher failed", extra={"code": error.code, "case": case.number})
            failed = trouble.voucher_failed(error.code)
            if case.state is CaseState.EXECUTING:
                self._work.quietly(case_id, lambda unit, now: now.evolve(trouble=failed))

    def make_all_due(self) -> int:
        """At start-up: vouchers that a stop of the server left unmade; how many there were."""
        with self._parts.database.read() as unit:
            due = unit.cases.with_voucher_due()
        for case_id in due:
            self.make_if_due(case_id)
        return len(due)

    def _make(self, case: Case) -> None:
        voucher = compose(case, self._parts.bank, vouchers.verification_code(self._parts.random), self._ink(case))
        with self._parts.database.read() as unit:
            seal = self._seals.permitted(unit, Role.TELLER.value, case.branch, papers.seal_text(case))
        digest = self._parts.vault.put(self._parts.press.issue(voucher, seal), PDF)
        self._parts.vault.put(vouchers.canonical(voucher), JSON)
        now = self._parts.clock.now()
        reference = VoucherRef(voucher.number, voucher.code, digest, now)
        content = vouchers.digest(voucher)
        record = VoucherRecord(voucher.number, voucher.code, case.id, digest, content, now)

        def act(unit: Unit, current: Case) -> Case:
            if current.voucher is not None:
                return current
            unit.vouchers.add(record)
            who = current.teller.number if current.teller else "server"
            self._seals.register(
                unit, seal, papers.seal_text(current), who, current.branch, voucher.number, current.id, digest
            )
            self._papers.items(unit, current, who, papers.items_moved(current))
            for kind, subject, details in company_lines(current):
                unit.registers.add(RegisterLine(now, kind, who, subject, current.id, details, current.branch))
            return execution.voucher_sealed(current, reference)

        self._work.quietly(case.id, act)

    def _ink(self, case: Case) -> Signature | None:
        if case.signed is None:
            return None
        return Signature.from_evidence(self._parts.vault.get(Digest(case.signed.evidence)))

    def pdf(self, who: Principal, case_id: str) -> bytes:
        """The sealed file; looking at it is registered.

        Raises:
            UserError: ``case.not_found``, ``case.forbidden``, ``voucher.not_found``.
        """
        with self._parts.database.write() as unit:
            case = unit.cases.get(case_id)
            require_look(case, who)
            digest = self._papers.current(unit, case)
            assert case.voucher is not None, "there is a paper"
            self._papers.looked(unit, case, case.voucher.number, who)
        return self._parts.vault.get(Digest(digest))

    def pages(self, who: Principal, case_id: str) -> int:
        """How many pages the voucher has, which is no look at them; refusals as for `pdf`."""
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
            require_look(case, who)
            digest = self._papers.current(unit, case)
        return raster.count(self._parts.vault.get(Digest(digest)))

    def page(self, who: Principal, case_id: str, number: int, width: int) -> bytes:
        """A page as a PNG picture; refusals as for `pdf`, and ``page.not_found``."""
        return raster.draw(self.pdf(who, case_id), number, width)

    def receipt(self, who: Principal, case_id: str) -> list[str]:
        """The receipt's lines for a 40-column printer; refusals as for `pdf`."""
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
        require_look(case, who)
        if case.voucher is None:
            raise UserError("voucher.not_found")
        bank = self._parts.bank
        return receipt_lines(compose(case, bank, case.voucher.code, None), bank.public_url)
