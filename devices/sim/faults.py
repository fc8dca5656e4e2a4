"""The fault board: what shall go wrong, and when.

A device asks :meth:`FaultBoard.strikes` at every point where something can break; a fault that was
put on the board strikes at the n-th such moment, once. New faults register in :data:`FAULTS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from common.errors import UserError


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One way to fail: its name, what happens, and its parameters with their defaults."""

    name: str
    effect: str
    defaults: Mapping[str, Any] = field(default_factory=dict)


_KINDS = (
    FaultKind("card.jam", "the card stops on its way; CardReader.Reset frees it"),
    FaultKind("card.unreadable", "neither stripe nor chip can be read"),
    FaultKind("dispense.jam_before", "the feed of the first cassette blocks before any note has left"),
    FaultKind("dispense.jam_midway", "some notes lie on the stacker, two on the transport", {"moved": 3}),
    FaultKind("dispense.cassette_empty", "the cassette gives no note although its counter says it has some"),
    FaultKind("present.shutter_stuck", "the output shutter does not open; Reset frees it"),
    FaultKind("retract.jam", "the notes cannot be pulled back; they stay in the slot until Reset"),
    FaultKind("cash_in.jam", "the transport blocks while counting; Reset frees it"),
    FaultKind("cash_in.shutter_stuck", "the input shutter does not open; Reset frees it"),
    FaultKind("printer.paper_out", "the roll is at its end"),
    FaultKind("printer.paper_low", "little paper is left"),
    FaultKind("printer.jam", "the paper jams; Printer.Reset frees it"),
    FaultKind("camera.inoperable", "the document camera takes no picture"),
    FaultKind(
        "wire.lose_completion",
        "the command is carried out, then the connection drops before its completion",
        {"command": ""},
    ),
    FaultKind("wire.drop_connection", "the connection drops as the command arrives; nothing moves", {"command": ""}),
    FaultKind("service.not_ready", "the command completes with deviceNotReady; nothing moves", {"command": ""}),
)

FAULTS: Mapping[str, FaultKind] = {kind.name: kind for kind in _KINDS}


@dataclass(slots=True)
class Fault:
    """A fault on the board; ``countdown`` moments are left before it strikes (1: at the next)."""

    name: str
    countdown: int
    params: dict[str, Any]


class FaultBoard:
    """The faults waiting to strike."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def inject(self, name: str, when: str | int = "next", **params: Any) -> None:
        """Let a fault strike at the next moment, or at the ``when``-th from now.

        Raises:
            UserError: ``hands.fault_unknown`` or ``hands.fault_invalid``.
        """
        kind = FAULTS.get(name)
        if kind is None:
            raise UserError("hands.fault_unknown", fault=name)
        count = 1 if when == "next" else when
        if not isinstance(count, int) or isinstance(count, bool) or count < 1 or params.keys() - kind.defaults.keys():
            raise UserError("hands.fault_invalid", fault=name)
        self._waiting.append(Fault(name, count, {**kind.defaults, **params}))

    def clear(self) -> None:
        """Take every fault off the board."""
        self._waiting.clear()

    def strikes(self, name: str, *, command: str = "") -> Fault | None:
        """The fault that strikes now at the point ``name``, if any; counts one moment.

        ``command`` is the running command; a fault that names one waits for that one only.
        """
        for fault in self._waiting:
            if fault.name != name or fault.params.get("command", "") not in ("", command):
                continue
            fault.countdown -= 1
            if fault.countdown == 0:
                self._waiting.remove(fault)
                return fault
        return None

    def view(self) -> list[dict[str, Any]]:
        """The board as data."""
        return [{"fault": f.name, "in": f.countdown, "params": f.params} for f in self._waiting]
