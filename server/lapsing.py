"""An oral report of loss that nobody put in writing in time lapses: the account can be used again, and that is said."""

from datetime import date

from server.services.books import UnitBooks
from server.services.parts import Parts
from server.store.registerbook import RegisterLine

SYSTEM = "SYSTEM"
"""Who lets it lapse: the server itself."""


class Lapsing:
    """``lapse_due`` may be called by anybody; :mod:`server.duties` does it now and then."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def lapse_due(self) -> int:
        """Let lapse what is due today; how many there were."""
        today = self._parts.today()
        with self._parts.database.read() as unit:
            oral = [number for number, cells in unit.products.in_state("loss", "active") if _over(cells, today)]
        return sum(self._lapse(number, today) for number in oral)

    def _lapse(self, number: str, today: date) -> bool:
        """In one unit: whoever put it in writing or released it meanwhile has won."""
        with self._parts.database.write() as unit:
            found = unit.products.get("loss", number, lock=True)
            if found is None or found["status"] != "active" or not _over(found, today):
                return False
            case_id = unit.products.case_of("loss", number)
            books = UnitBooks(unit, self._parts, case_id)
            account = books.record("account", number)
            if account is not None and account["status"] == "lost":
                books.put("account", number, {**account, "status": "active"})
            books.put("loss", number, {**found, "status": "lapsed", "lapsed_on": today.isoformat()})
            data = {"until": str(found["until"]), "reported_on": str(found["reported_on"])}
            unit.registers.add(RegisterLine(self._parts.clock.now(), "loss.lapsed", SYSTEM, number[-4:], case_id, data))
        self._parts.notifier.desk_changed()
        return True


def _over(cells: dict[str, str | int | None], today: date) -> bool:
    """Its last day has passed; a report in writing has none."""
    return bool(cells.get("until")) and str(cells["until"]) < today.isoformat()
