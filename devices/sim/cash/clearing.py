"""Where the notes go that lie on the way, and whether they fit there.

A bin that is out of the machine, was tampered with or is full takes nothing in: the notes stay where they are, and only
an exchange makes room.
"""

from collections import Counter

from devices.sim.cash.recycler import CashIn, Recycler
from devices.sim.cash.units import CashUnit, Role
from devices.sim.world.cash import ESCROW, INPUT, OUTPUT, STACKER, TRANSPORT, Notes
from devices.xfs.codes import refused

WAY = (TRANSPORT, STACKER, OUTPUT, ESCROW, INPUT)


def check_room(unit: CashUnit, count: int) -> None:
    """Raise ``cashUnitError`` when so many notes do not fit into a unit, or it takes none at all."""
    if unit.room < count:
        raise refused("cashUnitError", f"{unit.key} is {unit.state} and has room for {unit.room} notes, not {count}")


def bins(box: Recycler, target: str | None = None) -> dict[str, CashUnit]:
    """The unit for what lies at each place of the way: the bank's notes to the reject unit, all others to the retract
    unit, unless a target is given."""
    retract, reject = box.unit_of(Role.RETRACT), box.unit_of(Role.REJECT)
    own = {STACKER} if box.memory.cash_in is CashIn.ACTIVE else {STACKER, TRANSPORT}
    named = {"retract": retract, "reject": reject}.get(target or "")
    return {place: named or (reject if place in own else retract) for place in WAY if box.places.count(place)}


def needed(box: Recycler, target: str | None = None) -> list[tuple[CashUnit, int]]:
    """How many notes each unit would have to take."""
    wanted: Counter[str] = Counter()
    for place, unit in bins(box, target).items():
        wanted[unit.key] += box.places.count(place)
    return [(box.units[key], count) for key, count in wanted.items()]


def clearable(box: Recycler) -> bool:
    """Whether all that lies on the way fits where it belongs."""
    return all(unit.room >= count for unit, count in needed(box))


def clear(box: Recycler, target: str | None) -> list[tuple[CashUnit, Notes]]:
    """Put everything on the way into a unit, all of it or nothing; what went where.

    Raises:
        CommandFailed: ``cashUnitError``, and nothing has moved.
    """
    for unit, count in needed(box, target):
        check_room(unit, count)
    moved: dict[str, Notes] = {}
    for place, unit in bins(box, target).items():
        moved.setdefault(unit.key, Counter()).update(box.put_away(place, unit))
    retract = box.unit_of(Role.RETRACT)
    if retract.key in moved:
        retract.retract_operations += 1
    return [(box.units[key], notes) for key, notes in moved.items()]
