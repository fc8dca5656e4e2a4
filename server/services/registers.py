"""The registers: searched, exported, and written into by hand where something changes hands outside a case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from common.errors import UserError
from common.wire import registers as wire
from common.wire.sessions import Role
from server.services.commands import Body, Commands, Done
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.register_sheets import Sheet, as_csv, as_xlsx
from server.store.registerbook import RegisterLine, RegisterQuery, WrittenLine
from server.store.unit import Unit
from teller.registers import ACCEPTED, KINDS, OFFERED, REFUSED, Register, Serials, scope

MAX_PAGE = 200
MAX_EXPORT = 50_000

Format = Literal["csv", "xlsx"]
Handler = Callable[[Unit], Done]


Data = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as a person words it: part of a text, days of the bank (both included), a branch."""

    text: str = ""
    since: date | None = None
    until: date | None = None
    branch: str | None = None


class RegisterService:
    """Reads all registers; writes key items and handovers."""

    def __init__(self, parts: Parts, commands: Commands) -> None:
        self._parts = parts
        self._commands = commands

    def page(
        self, who: Principal, register: Register, asked: Asked, before: int | None, limit: int
    ) -> wire.RegisterPage:
        """A page of a search, newest first.

        Raises:
            UserError: ``register.forbidden``.
        """
        query = self._query(who, register, asked, before)
        with self._parts.database.read() as unit:
            found = list(unit.registers.search(query, min(limit, MAX_PAGE) + 1))
        rows = [_row(one) for one in found[:limit]]
        return wire.RegisterPage(rows=rows, before=rows[-1].sequence if len(found) > limit else None)

    def export(self, who: Principal, register: Register, asked: Asked, form: Format) -> bytes:
        """All lines of a search as a file; that it was taken out is registered itself.

        Raises:
            UserError: ``register.forbidden``, ``register.too_many_lines`` (``limit``): narrow the search.
        """
        query = self._query(who, register, asked, None)
        with self._parts.database.write() as unit:
            rows = [_row(one) for one in unit.registers.search(query, MAX_EXPORT + 1)]
            if len(rows) > MAX_EXPORT:
                raise UserError("register.too_many_lines", limit=MAX_EXPORT)
            data: Data = {"register": register.value, "rows": len(rows), "form": form}
            self._add(unit, "register.exported", who, register.value, data)
        sheet = Sheet(register.value, rows, self._parts.bank.zone)
        return as_csv(sheet) if form == "csv" else as_xlsx(sheet)

    def _query(self, who: Principal, register: Register, asked: Asked, before: int | None) -> RegisterQuery:
        branch = scope(who.role, who.branch, asked.branch)
        until = None if asked.until is None else self._midnight(asked.until + timedelta(days=1))
        since = None if asked.since is None else self._midnight(asked.since)
        return RegisterQuery(KINDS[register], branch, asked.text.strip(), since, until, before)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._parts.bank.zone)

    # --- writing --------------------------------------------------------------------------------------------

    def item(self, key: str, who: Principal, body: wire.ItemEntry) -> wire.RegisterRow:
        """Key items came, went or were spoilt.

        Raises:
            UserError: ``register.bad_serials``.
        """
        serials = Serials(body.first, body.last or body.first)
        data: Data = {"item": body.item, "count": serials.count, "note": body.note}
        kind = f"item.{body.act}"

        def handler(unit: Unit) -> Done:
            return Done(str(self._add(unit, kind, who, serials.subject, data)))

        return self._run(key, who, kind, serials.subject, body, handler)

    def offer(self, key: str, who: Principal, body: wire.HandoverOffer) -> wire.RegisterRow:
        """Hand something over; it is not handed over before the other one says so.

        Raises:
            UserError: ``register.bad_serials``, ``handover.unknown_person`` (``number``).
        """
        serials = Serials(body.first, body.last or body.first)

        def handler(unit: Unit) -> Done:
            to = unit.people.by_number(body.to)
            staff = to is not None and to.active and to.principal.role in (Role.TELLER, Role.AUTHORISER)
            if to is None or not staff or to.principal.branch != who.branch or body.to == who.number:
                raise UserError("handover.unknown_person", number=body.to)
            reference = f"JJ-{unit.next_number('handover'):06d}"
            data: Data = {
                "to": body.to, "item": body.item, "serials": serials.subject, "count": serials.count, "note": body.note,
            }  # fmt: skip
            return Done(str(self._add(unit, OFFERED, who, reference, data)))

        return self._run(key, who, "handover.offer", body.to, body, handler)

    def answer(self, key: str, who: Principal, reference: str, body: wire.HandoverAnswer) -> wire.RegisterRow:
        """What was handed over came, or did not; only who was named can say so, once.

        Raises:
            UserError: ``handover.not_found``, ``handover.decided``, ``handover.forbidden``.
        """

        def handler(unit: Unit) -> Done:
            lines = unit.registers.about(reference, KINDS[Register.HANDOVERS])
            if not lines or lines[0].branch != who.branch:
                raise UserError("handover.not_found")
            offered = lines[0]
            if offered.data["to"] != who.number:
                raise UserError("handover.forbidden")
            if len(lines) > 1:
                raise UserError("handover.decided")
            data: Data = {**offered.data, "from": offered.who, "note": body.note}
            return Done(str(self._add(unit, ACCEPTED if body.accepted else REFUSED, who, reference, data)))

        return self._run(key, who, "handover.answer", reference, body, handler)

    def _run(self, key: str, who: Principal, name: str, target: str, body: Body, handler: Handler) -> wire.RegisterRow:
        sequence = int(self._commands.run(key, who, name, target, body, handler))
        with self._parts.database.read() as unit:
            return _row(unit.registers.line(sequence))

    def _add(self, unit: Unit, kind: str, who: Principal, subject: str, data: Data) -> int:
        return unit.registers.add(
            RegisterLine(self._parts.clock.now(), kind, who.number, subject, None, data, who.branch)
        )


def _row(written: WrittenLine) -> wire.RegisterRow:
    line = written.line
    return wire.RegisterRow(
        sequence=written.sequence,
        at=line.at,
        kind=line.kind,
        who=line.who,
        branch=line.branch,
        subject=line.subject,
        case_number=written.case_number,
        details=dict(line.data),
    )
