"""Looking at cases and their evidence. Every look at evidence is registered."""

from datetime import date

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import EvidenceKind
from common.wire.sessions import Role
from server.services.access import may_see_picture, require_look
from server.services.parts import Parts
from server.services.ports import Principal
from server.services.views import Views, case_row
from server.store.registerbook import RegisterLine
from server.vault import Digest

MAX_ROWS = 200


class LookupService:
    """Queries; nothing here changes a case."""

    def __init__(self, parts: Parts, views: Views) -> None:
        self._parts = parts
        self._views = views

    def case(self, who: Principal, case_id: str) -> wire.CaseView:
        """Raises ``case.not_found``, ``case.forbidden``."""
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
            require_look(case, who)
            return self._views.case(unit, case, who)

    def cases(self, who: Principal, text: str, on: date | None, *, mine: bool, limit: int) -> list[wire.CaseRow]:
        """A kiosk sees the visit that is open at it, a teller searches, an authoriser has his task."""
        with self._parts.database.read() as unit:
            if who.role is Role.KIOSK:
                current = unit.cases.at_kiosk(who.number)
                return [] if current is None else [case_row(current, self._parts.shelf.all())]
            if who.role is not Role.TELLER:
                raise UserError("case.forbidden")
            found = unit.cases.search(text.strip(), on, who.number if mine else None, min(limit, MAX_ROWS))
            return [case_row(line, self._parts.shelf.all()) for line in found]

    def evidence(self, who: Principal, digest: str) -> tuple[bytes, str]:
        """A picture and its media type.

        Raises:
            UserError: ``evidence.not_found`` (also for what this person may not see).
            ServiceError: ``evidence.altered`` and the vault's others.
        """
        with self._parts.database.write() as unit:
            places = unit.cases.evidence_of(digest)
            named = [(place, unit.cases.get(place.case_id)) for place in places]
            visible = [(place, case) for place, case in named if may_see_picture(case, EvidenceKind(place.kind), who)]
            if not visible:
                raise UserError("evidence.not_found")
            seen, case = visible[0]
            now, data = self._parts.clock.now(), {"kind": seen.kind}
            unit.registers.add(RegisterLine(now, "evidence.viewed", who.number, digest, case.id, data, case.branch))
        return self._parts.vault.get(Digest(digest)), seen.media_type
