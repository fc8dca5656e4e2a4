"""The whole voucher on paper at the machine: asked for by the customer, registered with what became of it."""

from common.wire.vouchers import SheetsPrinted
from server.services.access import require_kiosk
from server.services.casework import CaseWork
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases import sheets
from teller.cases.model import Case
from teller.registers import PRINTED


class SheetService:
    """The machine's side of it. The paper is a picture of the sealed file: nothing new is sealed or said."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts, self._work = parts, work

    def wanted(self, key: str, who: Principal, case_id: str) -> str:
        """The customer asks for it.

        Raises:
            UserError: ``step.not_now``, ``voucher.printed_enough``.
        """

        def act(unit: Unit, case: Case) -> Case:
            return sheets.wanted(case, self._parts.clock.now())

        return self._work.command(key, who, "voucher.wanted", case_id, None, require_kiosk, act)

    def begun(self, key: str, who: Principal, case_id: str) -> str:
        """The machine prints from now on. Raises ``step.not_now``."""

        def act(unit: Unit, case: Case) -> Case:
            return sheets.begun(case)

        return self._work.command(key, who, "voucher.printing", case_id, None, require_kiosk, act)

    def printed(self, key: str, who: Principal, case_id: str, body: SheetsPrinted) -> str:
        """What became of it, with a line in the register of papers. Raises ``step.not_now``."""

        def act(unit: Unit, case: Case) -> Case:
            return _said(unit, self._parts, case, who, body)

        return self._work.command(key, who, "voucher.printed", case_id, body, require_kiosk, act)


def unheard(unit: Unit, parts: Parts, case: Case, who: Principal) -> Case:
    """The case ends while the voucher is printed and nobody can be asked: what became of it is not known."""
    if not sheets.is_open(case):
        return case
    return _said(unit, parts, case, who, SheetsPrinted(outcome="unknown", count=0, error=sheets.AWAY))


def _said(unit: Unit, parts: Parts, case: Case, who: Principal, body: SheetsPrinted) -> Case:
    now = parts.clock.now()
    done = sheets.printed(case, body.outcome, body.count, body.error or "", now)
    assert case.voucher is not None, "asked for after the receipt"
    data: dict[str, str | int | None] = {"outcome": body.outcome, "sheets": body.count, "error": body.error}
    unit.registers.add(RegisterLine(now, PRINTED, who.number, case.voucher.number, case.id, data, case.branch))
    return done
